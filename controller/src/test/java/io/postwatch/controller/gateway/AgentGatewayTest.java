package io.postwatch.controller.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.google.crypto.tink.InsecureSecretKeyAccess;
import com.google.crypto.tink.hybrid.HpkeParameters;
import com.google.crypto.tink.hybrid.HpkePrivateKey;
import com.google.crypto.tink.hybrid.HpkePublicKey;
import com.google.crypto.tink.hybrid.internal.HpkeDecrypt;
import com.google.crypto.tink.util.SecretBytes;
import com.google.protobuf.ByteString;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.postwatch.controller.ControllerTest;
import io.postwatch.controller.fleet.CertificateAuthority;
import io.postwatch.controller.identity.TestPeople;
import io.postwatch.controller.scope.SystemTransactions;
import io.postwatch.controller.shared.Role;
import io.postwatch.controller.web.ApiClient;
import io.postwatch.proto.agent.v1.AgentMessage;
import io.postwatch.proto.agent.v1.Assignment;
import io.postwatch.proto.agent.v1.ControllerMessage.MessageCase;
import io.postwatch.proto.agent.v1.Delta;
import io.postwatch.proto.agent.v1.GoodbyeReason;
import io.postwatch.proto.agent.v1.Heartbeat;
import io.postwatch.proto.agent.v1.Lane;
import io.postwatch.proto.agent.v1.RowRejection;
import io.postwatch.proto.agent.v1.RunResult;
import io.postwatch.proto.agent.v1.RunTest;
import io.postwatch.proto.agent.v1.SealedSecret;
import io.postwatch.proto.agent.v1.Secret;
import io.postwatch.proto.agent.v1.Snapshot;
import io.postwatch.proto.agent.v1.SnapshotWanted;
import io.postwatch.proto.agent.v1.TestOutcome;
import io.postwatch.proto.agent.v1.TriggeredRun;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.interfaces.XECPrivateKey;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.jdbc.core.simple.JdbcClient;
import tools.jackson.databind.JsonNode;

/** A scripted agent against the whole controller: real TLS, real PostgreSQL, real REST. */
@ControllerTest
@ExtendWith(OutputCaptureExtension.class)
class AgentGatewayTest {
    private static final String CANARY = "canary-pässword-7f3a";

    private final TestPeople people;
    private final AgentServer server;
    private final CertificateAuthority authority;
    private final SystemTransactions system;
    private final JdbcClient jdbc;
    private final List<ScriptedAgent> agents = new ArrayList<>();
    private ApiClient owner;
    private String location = "";

    AgentGatewayTest(
            @Autowired TestPeople people,
            @Autowired AgentServer server,
            @Autowired CertificateAuthority authority,
            @Autowired SystemTransactions system,
            @Autowired JdbcClient jdbc) {
        this.system = system;
        this.jdbc = jdbc;
        this.people = people;
        this.server = server;
        this.authority = authority;
        this.owner = people.anonymous();
    }

    @BeforeEach
    void makeTenantWithLocation() {
        owner = people.member(Role.OWNER);
        location = owner.post("/api/v1/locations", Map.of("name", "Paris"))
                .json()
                .get("id")
                .asString();
    }

    @AfterEach
    void stopAgents() {
        agents.forEach(ScriptedAgent::close);
    }

    @Test
    void anAgentEnrolsAndIsShownFromNeverConnectedToOffline() {
        ScriptedAgent agent = newAgent();
        var response = agent.enrol(token());
        assertThat(response.getLocationName()).isEqualTo("Paris");
        assertThat(agentState(agent)).isEqualTo("never-connected");

        ScriptedAgent.Stream stream = agent.connect().greet();
        var welcome = stream.hear(MessageCase.WELCOME).getWelcome();
        assertThat(welcome.getAgentName()).isEqualTo("scripted");
        assertThat(welcome.getHeartbeatInterval().getSeconds()).isEqualTo(8);
        assertThat(agentState(agent)).isEqualTo("online");

        stream.cut();
        await().atMost(5, TimeUnit.SECONDS).until(() -> agentState(agent).equals("offline"));
    }

    @Test
    void aTokenThatWasUsedIsRefusedWithASentence() {
        String token = token();
        newAgent().enrol(token);

        assertThatThrownBy(() -> newAgent().enrol(token))
                .isInstanceOfSatisfying(StatusRuntimeException.class, refused -> {
                    assertThat(refused.getStatus().getCode()).isEqualTo(Status.Code.PERMISSION_DENIED);
                    assertThat(refused.getStatus().getDescription()).contains("used already");
                });
    }

    @Test
    void aSessionNeedsACertificate() {
        assertThat(enrolled().connect(null, List.of()).awaitEnd()).contains(Status.Code.UNAUTHENTICATED);
    }

    @Test
    void anAgentIsNotLetInAsAnother() {
        ScriptedAgent agent = enrolled();
        ScriptedAgent other = enrolled();
        ScriptedAgent.Stream stream = agent.connect();

        stream.say(stream.hello(other.id(), 0, ByteString.EMPTY));

        assertThat(stream.hear(MessageCase.GOODBYE).getGoodbye().getReason())
                .isEqualTo(GoodbyeReason.GOODBYE_REASON_NOT_IDENTIFIED);
    }

    @Test
    void aHelloSignedByAnotherKeyIsRefused() {
        ScriptedAgent agent = enrolled();
        ScriptedAgent stranger = newAgent();
        ScriptedAgent.Stream asStranger = stranger.connect(agent.keys.tls().getPrivate(), agent.chain());

        asStranger.say(asStranger.hello(agent.id(), 0, ByteString.EMPTY));

        assertThat(asStranger.hear(MessageCase.GOODBYE).getGoodbye().getReason())
                .isEqualTo(GoodbyeReason.GOODBYE_REASON_NOT_IDENTIFIED);
    }

    @Test
    void anythingBeforeTheHelloEndsTheSession() {
        ScriptedAgent.Stream stream = enrolled().connect();

        stream.say(AgentMessage.newBuilder().setHeartbeat(Heartbeat.getDefaultInstance()));

        assertThat(stream.hear(MessageCase.GOODBYE).getGoodbye().getReason())
                .isEqualTo(GoodbyeReason.GOODBYE_REASON_PROTOCOL_ERROR);
    }

    @Test
    void theNewestSessionWinsAndTheOlderOneIsTold() {
        ScriptedAgent agent = enrolled();
        ScriptedAgent.Stream first = agent.connect().greet();
        ScriptedAgent.Stream second = agent.connect().greet();

        assertThat(first.hear(MessageCase.GOODBYE).getGoodbye().getReason())
                .isEqualTo(GoodbyeReason.GOODBYE_REASON_SUPERSEDED);
        first.awaitEnd();
        second.say(AgentMessage.newBuilder()
                .setHeartbeat(Heartbeat.newBuilder().setNumber(3).setMonotonicNanos(99)));
        assertThat(second.hear(MessageCase.HEARTBEAT_REPLY).getHeartbeatReply().getMonotonicNanos())
                .isEqualTo(99);
        assertThat(agentState(agent)).isEqualTo("online");
    }

    @Test
    void revokingEndsTheSessionAndKeepsTheAgentOut() {
        ScriptedAgent agent = enrolled();
        ScriptedAgent.Stream stream = agent.connect().greet();

        assertThat(owner.post("/api/v1/agents/" + agent.id() + "/revoke", Map.of())
                        .status())
                .isEqualTo(200);

        assertThat(stream.hear(MessageCase.GOODBYE).getGoodbye().getReason())
                .isEqualTo(GoodbyeReason.GOODBYE_REASON_REVOKED);
        ScriptedAgent.Stream again = agent.connect();
        again.say(again.hello(agent.id(), 0, ByteString.EMPTY));
        assertThat(again.hear(MessageCase.GOODBYE).getGoodbye().getReason())
                .isEqualTo(GoodbyeReason.GOODBYE_REASON_REVOKED);
        assertThat(owner.delete("/api/v1/agents/" + agent.id()).status()).isEqualTo(204);
    }

    @Test
    void aSavedMonitorReachesTheAgentAndRunsAtOnce(CapturedOutput output) throws Exception {
        ScriptedAgent agent = enrolled();
        ScriptedAgent.Stream stream = agent.connect().greet();
        Snapshot empty = stream.hear(MessageCase.SNAPSHOT).getSnapshot();
        assertThat(empty.getAssignmentsCount()).isZero();
        assertThat(empty.getHash()).isEqualTo(hash(List.of()));
        stream.applied(empty.getRevision(), empty.getHash());

        String monitor = createMonitor(Map.of("username", "alice", "password", CANARY));

        Delta delta = stream.hear(MessageCase.DELTA).getDelta();
        TriggeredRun run = stream.hear(MessageCase.TRIGGERED_RUN).getTriggeredRun();
        assertThat(stream.position(MessageCase.TRIGGERED_RUN)).isGreaterThan(stream.position(MessageCase.DELTA));
        assertThat(delta.getBaseRevision()).isEqualTo(empty.getRevision());
        Assignment assignment = delta.getAssigned(0);
        assertThat(assignment.getCheck().getHost()).isEqualTo("mail.example.org");
        assertThat(assignment.getMonitorId()).isEqualTo(ScriptedAgent.uuid(UUID.fromString(monitor)));
        assertThat(delta.getHash()).isEqualTo(hash(List.of(assignment)));
        assertThat(run.getSeries()).isEqualTo(assignment.getSeries());
        assertThat(run.getRevision()).isEqualTo(assignment.getRevision());
        ByteString purpose = ByteString.copyFrom(
                ByteBuffer.allocate(8).putLong(assignment.getSeries()).flip());
        assertThat(open(agent, assignment.getSecret(), purpose))
                .isEqualTo(Secret.newBuilder()
                        .setUsername("alice")
                        .setPassword(CANARY)
                        .build());

        assertThat(syncOf(monitor)).isEqualTo("pending");
        stream.applied(delta.getRevision(), delta.getHash());
        await().atMost(5, TimeUnit.SECONDS).until(() -> syncOf(monitor).equals("in-sync"));

        Instant at = Instant.ofEpochSecond(
                run.getScheduledAt().getSeconds(), run.getScheduledAt().getNanos());
        stream.results(1, ScriptedAgent.ok(run.getSeries(), run.getRevision(), at));
        assertThat(stream.hear(MessageCase.ACK).getAck().getThroughSequence()).isOne();
        assertThat(results(monitor)).hasSize(1);
        assertThat(output.getAll()).doesNotContain(CANARY);
    }

    @Test
    void aPausedMonitorIsWithdrawnAndAResumedOneRunsAtOnce() {
        ScriptedAgent.Stream stream = connected();
        String monitor = createMonitor(null);
        stream.hear(MessageCase.DELTA);

        owner.post("/api/v1/monitors/" + monitor + "/pause", Map.of());
        assertThat(stream.hear(MessageCase.DELTA, 1).getDelta().getWithdrawnSeriesCount())
                .isOne();
        owner.post("/api/v1/monitors/" + monitor + "/resume", Map.of());

        assertThat(stream.hear(MessageCase.DELTA, 2).getDelta().getAssignedCount())
                .isOne();
        stream.hear(MessageCase.TRIGGERED_RUN, 1);
    }

    @Test
    void anAgentThatKnowsItsStateGetsNoSnapshotAndOneWithAGapGetsOne() {
        ScriptedAgent agent = enrolled();
        ScriptedAgent.Stream first = agent.connect().greet();
        first.hear(MessageCase.SNAPSHOT);
        createMonitor(null);
        Delta delta = first.hear(MessageCase.DELTA).getDelta();
        first.cut();

        ScriptedAgent.Stream second = agent.connect();
        second.greet(delta.getRevision(), delta.getHash());
        second.say(AgentMessage.newBuilder().setHeartbeat(Heartbeat.newBuilder().setNumber(1)));
        second.hear(MessageCase.HEARTBEAT_REPLY);
        assertThat(second.all(MessageCase.SNAPSHOT)).isEmpty();

        second.say(AgentMessage.newBuilder()
                .setSnapshotWanted(SnapshotWanted.newBuilder().setReason("a gap")));
        Snapshot snapshot = second.hear(MessageCase.SNAPSHOT).getSnapshot();
        assertThat(snapshot.getHash()).isEqualTo(delta.getHash());
        assertThat(snapshot.getAssignmentsList())
                .extracting(Assignment::getSeries)
                .containsExactly(delta.getAssigned(0).getSeries());
    }

    @Test
    void aPasswordThatCannotBeReadCostsOnlyItsOwnMonitor() throws Exception {
        ScriptedAgent.Stream stream = connected();
        String broken = createMonitor(Map.of("username", "alice", "password", CANARY));
        stream.hear(MessageCase.DELTA);
        createMonitor(null);
        long good = stream.hear(MessageCase.DELTA, 1).getDelta().getAssigned(0).getSeries();
        system.run(() -> jdbc.sql("UPDATE secret SET ciphertext = decode('00', 'hex') WHERE secret_id ="
                        + " (SELECT password_secret_id FROM monitor WHERE monitor_id = ?)")
                .param(UUID.fromString(broken))
                .update());

        stream.say(AgentMessage.newBuilder()
                .setSnapshotWanted(SnapshotWanted.newBuilder().setReason("a gap")));

        Snapshot snapshot = stream.hear(MessageCase.SNAPSHOT, 1).getSnapshot();
        assertThat(snapshot.getAssignmentsList())
                .extracting(Assignment::getSeries)
                .containsExactly(good);
        assertThat(snapshot.getHash()).isEqualTo(hash(snapshot.getAssignmentsList()));
        assertThat(stream.over()).isFalse();
    }

    @Test
    void aMissingPartitionCostsNoResult() {
        ScriptedAgent agent = enrolled();
        ScriptedAgent.Stream first = agent.connect().greet();
        String monitor = createMonitor(null);
        Assignment assignment = first.hear(MessageCase.DELTA).getDelta().getAssigned(0);
        Instant now = Instant.now();
        RunResult late = ScriptedAgent.ok(assignment.getSeries(), 1, now.minus(3, ChronoUnit.DAYS));
        assertThat(system.call(() -> jdbc.sql("SELECT drop_result_partitions(?)")
                        .param(now.atZone(ZoneOffset.UTC).toLocalDate().minusDays(1))
                        .query(Integer.class)
                        .single()))
                .isPositive();

        first.results(1, late);

        assertThat(first.awaitEnd()).contains(Status.Code.UNAVAILABLE);
        assertThat(first.all(MessageCase.ACK)).isEmpty();
        ScriptedAgent.Stream second = agent.connect().greet();
        second.results(1, late);
        assertThat(second.hear(MessageCase.ACK).getAck().getThroughSequence()).isOne();
        assertThat(second.all(MessageCase.REJECTED_ROW)).isEmpty();
        assertThat(results(monitor)).hasSize(1);
    }

    @Test
    void resultsAreStoredOnceAcrossAReconnect() {
        ScriptedAgent agent = enrolled();
        ScriptedAgent.Stream first = agent.connect().greet();
        String monitor = createMonitor(null);
        Assignment assignment = first.hear(MessageCase.DELTA).getDelta().getAssigned(0);
        Instant at = Instant.now().truncatedTo(ChronoUnit.SECONDS);
        RunResult one = ScriptedAgent.ok(assignment.getSeries(), 1, at.minusSeconds(60));
        RunResult two = ScriptedAgent.ok(assignment.getSeries(), 1, at);
        first.results(1, one);
        first.hear(MessageCase.ACK);
        first.cut();

        ScriptedAgent.Stream second = agent.connect().greet();
        assertThat(second.hear(MessageCase.WELCOME).getWelcome().getAckedList())
                .singleElement()
                .satisfies(ack -> assertThat(ack.getThroughSequence()).isOne());
        second.results(1, one, two);

        assertThat(second.hear(MessageCase.ACK).getAck().getThroughSequence()).isEqualTo(2);
        assertThat(results(monitor)).hasSize(2);
    }

    @Test
    void rowsThatCannotBeStoredAreSetAsideAndBlockNothing() {
        ScriptedAgent.Stream stream = connected();
        String monitor = createMonitor(null);
        Assignment assignment = stream.hear(MessageCase.DELTA).getDelta().getAssigned(0);
        long series = assignment.getSeries();
        Instant now = Instant.now();

        stream.results(
                1,
                ScriptedAgent.ok(series + 1, 1, now),
                ScriptedAgent.ok(series, 1, now.minus(60, ChronoUnit.DAYS)),
                ScriptedAgent.ok(series, 1, now.plus(6, ChronoUnit.MINUTES)),
                ScriptedAgent.ok(series, 1, now).toBuilder()
                        .setRunId(ByteString.EMPTY)
                        .build(),
                ScriptedAgent.ok(series, 1, now));

        var ack = stream.hear(MessageCase.ACK).getAck();
        assertThat(ack.getThroughSequence()).isEqualTo(5);
        assertThat(ack.getLane()).isEqualTo(Lane.LANE_LIVE);
        assertThat(stream.all(MessageCase.REJECTED_ROW))
                .extracting(message -> message.getRejectedRow().getSequence() + " "
                        + message.getRejectedRow().getReason())
                .containsExactlyInAnyOrder(
                        "1 " + RowRejection.ROW_REJECTION_UNKNOWN_SERIES,
                        "2 " + RowRejection.ROW_REJECTION_TOO_OLD,
                        "3 " + RowRejection.ROW_REJECTION_IN_FUTURE,
                        "4 " + RowRejection.ROW_REJECTION_MALFORMED);
        assertThat(results(monitor)).hasSize(1);
    }

    @Test
    void anotherTenantsAgentCannotReportAboutAMonitor() {
        ScriptedAgent.Stream ours = connected();
        String monitor = createMonitor(null);
        long series = ours.hear(MessageCase.DELTA).getDelta().getAssigned(0).getSeries();
        ApiClient us = owner;
        makeTenantWithLocation();
        ScriptedAgent.Stream theirs = connected();

        theirs.results(1, ScriptedAgent.ok(series, 1, Instant.now()));

        assertThat(theirs.hear(MessageCase.REJECTED_ROW).getRejectedRow().getReason())
                .isEqualTo(RowRejection.ROW_REJECTION_UNKNOWN_SERIES);
        owner = us;
        assertThat(results(monitor)).isEmpty();
    }

    @Test
    void aHoleInsideASessionEndsIt() {
        ScriptedAgent.Stream stream = connected();
        createMonitor(null);
        long series = stream.hear(MessageCase.DELTA).getDelta().getAssigned(0).getSeries();
        stream.results(1, ScriptedAgent.ok(series, 1, Instant.now()));
        stream.hear(MessageCase.ACK);

        stream.results(3, ScriptedAgent.ok(series, 1, Instant.now().plusSeconds(1)));

        assertThat(stream.hear(MessageCase.GOODBYE).getGoodbye().getReason())
                .isEqualTo(GoodbyeReason.GOODBYE_REASON_PROTOCOL_ERROR);
    }

    @Test
    void aMonitorTestGoesToTheAgentAndItsOutcomeComesBack(CapturedOutput output) throws Exception {
        ScriptedAgent agent = enrolled();
        ScriptedAgent.Stream stream = agent.connect().greet();
        stream.hear(MessageCase.SNAPSHOT);

        var started = owner.post(
                "/api/v1/monitor-tests",
                Map.of(
                        "monitor",
                        Map.of(
                                "type",
                                "imap",
                                "host",
                                "mail.example.org",
                                "credentials",
                                Map.of("username", "alice", "password", CANARY)),
                        "locationIds",
                        List.of(location)));
        assertThat(started.status()).as(started.text()).isEqualTo(202);
        String path = started.header("Location");
        RunTest order = stream.hear(MessageCase.RUN_TEST).getRunTest();
        assertThat(open(agent, order.getSecret(), order.getTestId()).getPassword())
                .isEqualTo(CANARY);
        assertThat(owner.get(path).json().at("/outcomes/0/state").asString()).isEqualTo("running");
        assertThat(people.member(Role.OWNER).get(path).status()).isEqualTo(404);

        stream.say(AgentMessage.newBuilder()
                .setTestOutcome(TestOutcome.newBuilder()
                        .setTestId(order.getTestId())
                        .setResult(ScriptedAgent.ok(0, 0, Instant.now()))));

        await().atMost(5, TimeUnit.SECONDS)
                .until(() -> owner.get(path).json().get("state").asString().equals("done"));
        JsonNode outcome = owner.get(path).json().at("/outcomes/0");
        assertThat(outcome.get("state").asString()).isEqualTo("done");
        assertThat(outcome.at("/result/totalMillis").asDouble()).isEqualTo(42.0);
        assertThat(outcome.get("agentId").asString()).isEqualTo(agent.id().toString());
        assertThat(output.getAll()).doesNotContain(CANARY);
    }

    @Test
    void aMonitorTestWithoutAConnectedAgentSaysSoAtOnce() {
        enrolled();

        var started =
                owner.post("/api/v1/monitor-tests", Map.of("monitor", monitor(null), "locationIds", List.of(location)));

        assertThat(started.json().get("state").asString()).isEqualTo("done");
        assertThat(started.json().at("/outcomes/0/state").asString()).isEqualTo("failed");
        assertThat(started.json().at("/outcomes/0/message").asString())
                .isEqualTo("No agent of this location is connected.");
    }

    @Test
    void aTenantStartsTenMonitorTestsAMinute() {
        Map<String, Object> request = Map.of("monitor", monitor(null), "locationIds", List.of(location));
        for (int i = 0; i < 10; i++) {
            assertThat(owner.post("/api/v1/monitor-tests", request).status()).isEqualTo(202);
        }

        var refused = owner.post("/api/v1/monitor-tests", request);

        assertThat(refused.status()).isEqualTo(429);
        assertThat(refused.code()).isEqualTo("too-many-requests");
    }

    private ScriptedAgent newAgent() {
        ScriptedAgent agent = new ScriptedAgent(server.port(), authority.roots().getFirst());
        agents.add(agent);
        return agent;
    }

    private ScriptedAgent enrolled() {
        ScriptedAgent agent = newAgent();
        agent.enrol(token());
        return agent;
    }

    private ScriptedAgent.Stream connected() {
        ScriptedAgent.Stream stream = enrolled().connect().greet();
        stream.hear(MessageCase.SNAPSHOT);
        return stream;
    }

    private String token() {
        return owner.post("/api/v1/enrolment-tokens", Map.of("locationId", location))
                .json()
                .get("token")
                .asString();
    }

    private String agentState(ScriptedAgent agent) {
        return owner.get("/api/v1/agents/" + agent.id()).json().get("state").asString();
    }

    private Map<String, Object> monitor(@org.jspecify.annotations.Nullable Map<String, Object> credentials) {
        Map<String, Object> locations = Map.of("allPublic", false, "locationIds", List.of(location));
        return credentials == null
                ? Map.of("type", "imap", "host", "mail.example.org", "locations", locations)
                : Map.of(
                        "type", "imap", "host", "mail.example.org", "locations", locations, "credentials", credentials);
    }

    private String createMonitor(@org.jspecify.annotations.Nullable Map<String, Object> credentials) {
        var made = owner.post("/api/v1/monitors", monitor(credentials));
        assertThat(made.status()).as(made.text()).isEqualTo(201);
        return made.json().get("id").asString();
    }

    private String syncOf(String monitor) {
        return owner.get("/api/v1/monitors/" + monitor)
                .json()
                .at("/status/locations/0/sync")
                .asString();
    }

    private List<JsonNode> results(String monitor) {
        return owner.get("/api/v1/monitors/" + monitor + "/results")
                .json()
                .get("items")
                .valueStream()
                .toList();
    }

    /** Written from the protocol, not from the controller's code. */
    private static ByteString hash(List<Assignment> assignments) throws Exception {
        MessageDigest digest = MessageDigest.getInstance("SHA-256");
        assignments.stream()
                .sorted(Comparator.comparingLong(Assignment::getSeries))
                .forEach(a -> digest.update(ByteBuffer.allocate(16)
                        .putLong(a.getSeries())
                        .putLong(a.getRevision())
                        .array()));
        return ByteString.copyFrom(digest.digest());
    }

    /** As the agent would: HPKE base mode, with the info that the protocol names. */
    private static Secret open(ScriptedAgent agent, SealedSecret sealed, ByteString purpose) throws Exception {
        assertThat(sealed.getPurpose()).isEqualTo(purpose);
        HpkeParameters parameters = HpkeParameters.builder()
                .setKemId(HpkeParameters.KemId.DHKEM_X25519_HKDF_SHA256)
                .setKdfId(HpkeParameters.KdfId.HKDF_SHA256)
                .setAeadId(HpkeParameters.AeadId.AES_256_GCM)
                .setVariant(HpkeParameters.Variant.NO_PREFIX)
                .build();
        HpkePublicKey publicKey = HpkePublicKey.create(
                parameters,
                com.google.crypto.tink.util.Bytes.copyFrom(
                        agent.keys.sealingKey().toArray()),
                null);
        byte[] scalar =
                ((XECPrivateKey) agent.keys.sealing().getPrivate()).getScalar().orElseThrow();
        HpkePrivateKey privateKey =
                HpkePrivateKey.create(publicKey, SecretBytes.copyFrom(scalar, InsecureSecretKeyAccess.get()));
        ByteArrayOutputStream info = new ByteArrayOutputStream();
        info.writeBytes("postwatch-secret-v1".getBytes(StandardCharsets.US_ASCII));
        info.write(0);
        info.writeBytes(ScriptedAgent.uuid(agent.id().value()).toByteArray());
        info.writeBytes(purpose.toByteArray());
        return Secret.parseFrom(
                HpkeDecrypt.create(privateKey).decrypt(sealed.getSealed().toByteArray(), info.toByteArray()));
    }
}
