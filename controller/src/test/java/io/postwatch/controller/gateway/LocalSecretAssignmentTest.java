package io.postwatch.controller.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.postwatch.controller.enrolment.CertificateAuthority;
import io.postwatch.controller.identity.TestPeople;
import io.postwatch.controller.scope.SystemTransactions;
import io.postwatch.controller.shared.Role;
import io.postwatch.controller.web.ApiClient;
import io.postwatch.controller.web.ApiClient.Answer;
import io.postwatch.proto.agent.v1.Assignment;
import io.postwatch.proto.agent.v1.ControllerMessage.MessageCase;
import io.postwatch.proto.agent.v1.Delta;
import io.postwatch.proto.agent.v1.LocalSecret;
import io.postwatch.proto.agent.v1.RejectedAssignment;
import io.postwatch.proto.agent.v1.RejectionReason;
import io.postwatch.proto.agent.v1.RunTest;
import io.postwatch.proto.agent.v1.Secret;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.jdbc.core.simple.JdbcClient;
import tools.jackson.databind.JsonNode;

/** Secrets that only an agent's host knows: the controller has their names, from the request to the agent. */
class LocalSecretAssignmentTest extends GatewayTest {
    private static final Map<String, Object> ALICE = Map.of("username", "alice", "localSecret", "imap-alice");

    LocalSecretAssignmentTest(
            @Autowired TestPeople people,
            @Autowired AgentServer server,
            @Autowired CertificateAuthority authority,
            @Autowired SystemTransactions system,
            @Autowired JdbcClient jdbc) {
        super(people, server, authority, system, jdbc);
    }

    @Test
    void theNameTravelsSealedToAnAgentThatKnowsIt() throws Exception {
        ScriptedAgent without = enrolled();
        ScriptedAgent.Stream idle = without.connect().greet();
        idle.hear(MessageCase.SNAPSHOT);
        ScriptedAgent agent = enrolled().knowing("imap-alice", "imap-bob");
        ScriptedAgent.Stream stream = agent.connect().greet();
        stream.hear(MessageCase.SNAPSHOT);

        for (int i = 0; i < 5; i++) {
            createMonitor(ALICE);
        }

        await().atMost(10, TimeUnit.SECONDS).until(() -> assigned(stream).size() == 5);
        assertThat(assigned(idle)).isEmpty();
        Assignment assignment = assigned(stream).getFirst();
        assertThat(assignment.getCheck().hasLogin()).isTrue();
        assertThat(open(agent, assignment.getSecret(), assignment.getSecret().getPurpose()))
                .isEqualTo(Secret.newBuilder()
                        .setUsername("alice")
                        .setLocalSecret(LocalSecret.newBuilder().setName("imap-alice"))
                        .build());
        assertThat(assignment.toString()).doesNotContain("imap-alice");
    }

    @Test
    void itIsKeptShownAndChangedLikeAnyOtherSetting() {
        Answer made = owner.post("/api/v1/monitors", monitor(ALICE));
        assertThat(made.status()).as(made.text()).isEqualTo(201);
        String path = "/api/v1/monitors/" + made.json().get("id").asString();
        JsonNode credentials = owner.get(path).json().get("credentials");
        assertThat(credentials.get("localSecret").asString()).isEqualTo("imap-alice");
        assertThat(credentials.get("passwordSet").asBoolean()).isFalse();
        assertThat(credentials.get("accessTokenSet").asBoolean()).isFalse();
        assertThat(secrets()).isZero();

        Answer stored = owner.put(path, monitor(Map.of("username", "alice", "password", CANARY)));
        assertThat(stored.status()).as(stored.text()).isEqualTo(200);
        assertThat(stored.json().get("credentials").has("localSecret")).isFalse();
        assertThat(stored.json().at("/credentials/passwordSet").asBoolean()).isTrue();
        assertThat(secrets()).isOne();

        Answer token =
                owner.put(path, monitor(Map.of("username", "alice", "localSecret", "bob", "mechanism", "OAUTHBEARER")));
        assertThat(token.json().at("/credentials/localSecret").asString()).isEqualTo("bob");
        assertThat(token.json().at("/credentials/accessTokenSet").asBoolean()).isFalse();
        assertThat(secrets()).as("what was stored is gone").isZero();
        assertThat(owner.get("/api/v1/audit?act=monitor.credential-changed")
                        .json()
                        .get("items")
                        .size())
                .isEqualTo(2);

        Answer bad = owner.put(path, monitor(Map.of("username", "alice", "localSecret", "../alice")));
        assertThat(bad.json().at("/fieldErrors/0/field").asString()).isEqualTo("credentials.localSecret");
    }

    @Test
    void theNamesThatAgentsOfferAreShownAtTheirLocationToTheirTenantAlone() {
        ScriptedAgent agent = enrolled().knowing("imap-bob", "imap-alice", "Not/One");
        agent.connect().greet().hear(MessageCase.SNAPSHOT);
        enrolled().knowing("imap-bob").connect().greet().hear(MessageCase.SNAPSHOT);

        assertThat(owner.get("/api/v1/agents/" + agent.id())
                        .json()
                        .get("localSecrets")
                        .valueStream()
                        .map(JsonNode::asString))
                .containsExactly("imap-alice", "imap-bob");
        assertThat(owner.get("/api/v1/locations/" + location)
                        .json()
                        .get("localSecrets")
                        .valueStream()
                        .map(JsonNode::asString))
                .containsExactly("imap-alice", "imap-bob");
        assertThat(people.member(Role.OWNER).get("/api/v1/locations").text()).doesNotContain("imap-alice");

        agent.connect().greet().hear(MessageCase.SNAPSHOT);
        agent.knowing();
        agent.connect().greet().hear(MessageCase.SNAPSHOT);
        assertThat(owner.get("/api/v1/locations/" + location)
                        .json()
                        .get("localSecrets")
                        .valueStream()
                        .map(JsonNode::asString))
                .as("what it says last counts")
                .containsExactly("imap-bob");
    }

    @Test
    void whereNoAgentOffersItTheReasonIsReadAtTheMonitor() {
        ScriptedAgent.Stream stream = connected();
        String monitor = createMonitor(ALICE);
        Delta delta = stream.hear(MessageCase.DELTA).getDelta();

        stream.rejected(
                delta.getRevision(),
                delta.getHash(),
                RejectedAssignment.newBuilder()
                        .setSeries(delta.getAssigned(0).getSeries())
                        .setRevision(delta.getAssigned(0).getRevision())
                        .setReason(RejectionReason.REJECTION_REASON_LOCAL_SECRET_NOT_ALLOWED)
                        .setMessage("The agent's own configuration lists no secret \"imap-alice\".")
                        .build());

        await().atMost(5, TimeUnit.SECONDS).until(() -> syncOf(monitor).equals("rejected"));
        assertThat(owner.get("/api/v1/monitors/" + monitor)
                        .json()
                        .at("/status/locations/0/syncMessage")
                        .asString())
                .isEqualTo("The agent's own configuration lists no secret \"imap-alice\".");
        assertThat(owner.get("/api/v1/locations/" + location)
                        .json()
                        .get("localSecrets")
                        .isEmpty())
                .isTrue();
    }

    @Test
    void aTestGoesToAnAgentThatKnowsIt() throws Exception {
        connected();
        ScriptedAgent agent = enrolled().knowing("imap-alice");
        ScriptedAgent.Stream stream = agent.connect().greet();
        stream.hear(MessageCase.SNAPSHOT);

        Answer started = owner.post("/api/v1/monitor-tests", Map.of("monitor", monitor(ALICE)));

        assertThat(started.status()).as(started.text()).isEqualTo(202);
        RunTest order = stream.hear(MessageCase.RUN_TEST).getRunTest();
        assertThat(open(agent, order.getSecret(), order.getTestId())
                        .getLocalSecret()
                        .getName())
                .isEqualTo("imap-alice");
    }

    @Test
    void aPublicLocationRefusesIt() {
        ApiClient operator = people.member(Role.OPERATOR);
        String region = operator.post(
                        "/api/v1/locations", Map.of("name", "Region " + UUID.randomUUID(), "country", "NO"))
                .json()
                .get("id")
                .asString();
        // In place of an agent at work there, which whoever opens a location needs.
        system.run(() -> jdbc.sql("UPDATE location SET in_preparation = false WHERE location_id = ?")
                .param(UUID.fromString(region))
                .update());
        try {
            Map<String, Object> there = new HashMap<>(monitor(ALICE));
            there.put("locations", Map.of("allPublic", false, "locationIds", List.of(location, region)));
            Answer saved = owner.post("/api/v1/monitors", there);
            assertThat(saved.status()).isEqualTo(400);
            assertThat(saved.json().at("/fieldErrors/0/field").asString()).isEqualTo("credentials.localSecret");
            assertThat(saved.json().at("/fieldErrors/0/code").asString()).isEqualTo("private-locations-only");

            Answer tried = owner.post(
                    "/api/v1/monitor-tests", Map.of("monitor", monitor(ALICE), "locationIds", List.of(region)));
            assertThat(tried.status()).isEqualTo(400);
            assertThat(tried.json().at("/fieldErrors/0/code").asString()).isEqualTo("private-locations-only");
        } finally {
            assertThat(operator.delete("/api/v1/locations/" + region).status()).isEqualTo(204);
        }
    }

    private long secrets() {
        return system.call(() -> jdbc.sql("SELECT count(*) FROM secret s JOIN location l ON l.tenant_id = s.tenant_id"
                        + " WHERE l.location_id = ?")
                .param(UUID.fromString(location))
                .query(Long.class)
                .single());
    }

    private static List<Assignment> assigned(ScriptedAgent.Stream stream) {
        return stream.all(MessageCase.DELTA).stream()
                .flatMap(message -> message.getDelta().getAssignedList().stream())
                .toList();
    }
}
