package io.postwatch.controller.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.google.protobuf.ByteString;
import com.google.protobuf.Duration;
import com.google.protobuf.Timestamp;
import io.grpc.Status;
import io.postwatch.controller.enrolment.CertificateAuthority;
import io.postwatch.controller.evaluation.Batch;
import io.postwatch.controller.identity.TestPeople;
import io.postwatch.controller.scope.SystemTransactions;
import io.postwatch.proto.agent.v1.AgentMessage;
import io.postwatch.proto.agent.v1.Applied;
import io.postwatch.proto.agent.v1.CertificateUpload;
import io.postwatch.proto.agent.v1.ControllerMessage.MessageCase;
import io.postwatch.proto.agent.v1.GoodbyeReason;
import io.postwatch.proto.agent.v1.Heartbeat;
import io.postwatch.proto.agent.v1.Hello;
import io.postwatch.proto.agent.v1.Lane;
import io.postwatch.proto.agent.v1.Load;
import io.postwatch.proto.agent.v1.RejectedAssignment;
import io.postwatch.proto.agent.v1.RejectedRow;
import io.postwatch.proto.agent.v1.ResultBatch;
import io.postwatch.proto.agent.v1.RunResult;
import io.postwatch.proto.agent.v1.SnapshotWanted;
import io.postwatch.proto.agent.v1.SpoolRecord;
import io.postwatch.proto.agent.v1.TestOutcome;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.jdbc.core.simple.JdbcClient;

/**
 * What an agent says that it must not: refused by a code or passed over, stored nowhere, and nobody else's session ends.
 * The tables say which kind of bad input has which answer.
 */
class BadInputTest extends GatewayTest {
    private static final GoodbyeReason PROTOCOL_ERROR = GoodbyeReason.GOODBYE_REASON_PROTOCOL_ERROR;
    private static final GoodbyeReason NOT_IDENTIFIED = GoodbyeReason.GOODBYE_REASON_NOT_IDENTIFIED;
    static final long BEFORE_1970 = -1;
    static final long YEAR_10000 = 253_402_300_800L;

    private ScriptedAgent agent;
    private ScriptedAgent.Stream bystander;
    private String monitor;
    private long series;

    BadInputTest(
            @Autowired TestPeople people,
            @Autowired AgentServer server,
            @Autowired CertificateAuthority authority,
            @Autowired SystemTransactions system,
            @Autowired JdbcClient jdbc) {
        super(people, server, authority, system, jdbc);
    }

    @BeforeEach
    void connectABystanderAndAnAgent() {
        bystander = connected();
        location = owner.post("/api/v1/locations", Map.of("name", "Lyon"))
                .json()
                .get("id")
                .asString();
        agent = enrolled();
        ScriptedAgent.Stream stream = agent.connect().greet();
        monitor = createMonitor(null);
        series = stream.hear(MessageCase.DELTA).getDelta().getAssigned(0).getSeries();
        stream.cut();
    }

    @Test
    void aRecordThatMakesNoSenseIsRefusedByACodeAndItsNeighboursAreStored() {
        Map<SpoolRecord, String> expected = new LinkedHashMap<>();
        List<SpoolRecord> records = new ArrayList<>();
        Map<String, BadRecords.Bad> bads = BadRecords.of(good());
        bads.forEach((name, bad) -> {
            SpoolRecord record =
                    bad.record().toBuilder().setSequence(records.size() + 1L).build();
            records.add(record);
            expected.put(record, record.getSequence() + " " + name + ": " + bad.rejection());
        });
        records.add(SpoolRecord.newBuilder()
                .setSequence(records.size() + 1L)
                .setResult(good())
                .build());
        ScriptedAgent.Stream stream = agent.connect().greet();

        stream.say(batch(Lane.LANE_LIVE, records));

        assertThat(stream.hear(MessageCase.ACK).getAck().getThroughSequence()).isEqualTo(records.size());
        List<String> names = List.copyOf(bads.keySet());
        assertThat(stream.all(MessageCase.REJECTED_ROW))
                .extracting(message -> {
                    RejectedRow row = message.getRejectedRow();
                    return row.getSequence() + " " + names.get((int) row.getSequence() - 1) + ": " + row.getReason();
                })
                .containsExactlyElementsOf(expected.values());
        assertThat(results(monitor)).hasSize(1);
        assertThat(gaps()).isZero();
        standsAndSoDoesTheBystander(stream);
    }

    @Test
    void whatBreaksTheProtocolEndsTheSessionOfWhoSaysItAndNoOther() {
        SpoolRecord first = record(1);
        Map<String, AgentMessage.Builder> broken = new LinkedHashMap<>();
        broken.put("a second hello", AgentMessage.newBuilder().setHello(Hello.getDefaultInstance()));
        broken.put("a batch without records", batch(Lane.LANE_LIVE, List.of()));
        broken.put("a batch of no lane", batch(Lane.LANE_UNSPECIFIED, List.of(first)));
        broken.put(
                "a batch of a lane of a newer agent",
                AgentMessage.newBuilder()
                        .setResultBatch(ResultBatch.newBuilder().setLaneValue(9).addRecords(first)));
        broken.put("sequence 0", batch(Lane.LANE_LIVE, List.of(record(0))));
        broken.put("a sequence of more than 63 bits", batch(Lane.LANE_LIVE, List.of(record(-1))));
        broken.put("the last sequence of all", batch(Lane.LANE_LIVE, List.of(record(Long.MAX_VALUE))));
        broken.put(
                "sequences that overflow",
                batch(Lane.LANE_LIVE, List.of(record(Long.MAX_VALUE), record(Long.MIN_VALUE))));
        broken.put("a hole in a batch", batch(Lane.LANE_LIVE, List.of(first, record(3))));
        broken.put("a sequence twice in a batch", batch(Lane.LANE_LIVE, List.of(first, first)));
        broken.put("sequences that fall", batch(Lane.LANE_LIVE, List.of(record(2), first)));
        broken.put(
                "more records than may be under way",
                batch(Lane.LANE_BACK_FILL, Collections.nCopies(Batch.MAX_RECORDS + 1, first)));
        broken.put(
                "more rejected assignments than an agent can have",
                AgentMessage.newBuilder()
                        .setApplied(Applied.newBuilder()
                                .addAllRejected(Collections.nCopies(
                                        SessionSteps.MAX_REJECTED + 1,
                                        RejectedAssignment.newBuilder()
                                                .setSeries(1)
                                                .build()))));
        broken.forEach((name, message) -> {
            ScriptedAgent.Stream stream = agent.connect().greet();
            stream.say(message);
            assertThat(stream.hear(MessageCase.GOODBYE).getGoodbye().getReason())
                    .as(name)
                    .isEqualTo(PROTOCOL_ERROR);
            assertThat(stream.all(MessageCase.ACK)).as(name).isEmpty();
            stream.awaitEnd();
        });
        nothingIsStoredAndTheBystanderStands();
    }

    @Test
    void whatIsNoMessageEndsTheSessionOfWhoSaysItAndNoOther() {
        Map<String, byte[]> bytes = new LinkedHashMap<>();
        bytes.put("not the protocol", "GET / HTTP/1.1\r\n\r\n".getBytes(java.nio.charset.StandardCharsets.US_ASCII));
        bytes.put("a message that ends too early", new byte[] {0x2a, 0x7f, 1});
        bytes.put("a text that is no UTF-8", invalidUtf8());
        bytes.put("more than 4 MiB", new byte[4 * 1024 * 1024 + 1]);
        bytes.forEach((name, said) -> {
            ScriptedAgent.Stream stream = agent.connect().greet();
            stream.sayBytes(said);
            assertThat(stream.awaitEnd()).as(name).isPresent().get().isNotEqualTo(Status.Code.OK);
            await().alias(name)
                    .atMost(10, TimeUnit.SECONDS)
                    .until(() -> agentState(agent).equals("offline"));
        });
        nothingIsStoredAndTheBystanderStands();
    }

    @Test
    void aHelloThatMakesNoSenseIsRefusedWithAReason() {
        Map<String, Map.Entry<GoodbyeReason, UnaryOperator<Hello.Builder>>> bad = new LinkedHashMap<>();
        bad.put("nothing in it", Map.entry(PROTOCOL_ERROR, Hello.Builder::clear));
        bad.put("no spool", Map.entry(PROTOCOL_ERROR, Hello.Builder::clearSpoolId));
        bad.put("no agent", Map.entry(PROTOCOL_ERROR, Hello.Builder::clearAgentId));
        bad.put("a clock before 1970", Map.entry(PROTOCOL_ERROR, hello -> hello.setWallTime(seconds(BEFORE_1970))));
        bad.put("a clock beyond 9999", Map.entry(PROTOCOL_ERROR, hello -> hello.setWallTime(seconds(YEAR_10000))));
        bad.put("no signature", Map.entry(NOT_IDENTIFIED, Hello.Builder::clearSignature));
        bad.put(
                "a signature that is none",
                Map.entry(NOT_IDENTIFIED, hello -> hello.setSignature(ByteString.copyFrom(new byte[64]))));
        bad.put(
                "a sealing key that is too short",
                Map.entry(NOT_IDENTIFIED, hello -> hello.setSealingKey(ByteString.copyFrom(new byte[31]))));
        bad.put(
                "another boot than was signed",
                Map.entry(NOT_IDENTIFIED, hello -> hello.setBootId(ByteString.copyFrom(new byte[17]))));
        bad.forEach((name, change) -> {
            ScriptedAgent.Stream stream = agent.connect();
            Hello proper = stream.hello(agent.id(), 0, ByteString.EMPTY).getHello();
            stream.say(AgentMessage.newBuilder().setHello(change.getValue().apply(proper.toBuilder())));
            assertThat(stream.hear(MessageCase.GOODBYE).getGoodbye().getReason())
                    .as(name)
                    .isEqualTo(change.getKey());
            assertThat(stream.all(MessageCase.WELCOME)).as(name).isEmpty();
        });
        nothingIsStoredAndTheBystanderStands();
    }

    @Test
    void aHelloOfANewerAgentIsUnderstoodAsFarAsPossible() {
        ScriptedAgent.Stream stream = agent.connect();
        Hello.Builder hello = stream.hello(agent.id(), 0, ByteString.EMPTY).getHelloBuilder();
        hello.getCapabilitiesBuilder()
                .addCheckTypesValue(77)
                .addAuthMechanismsValue(78)
                .setMaxRunsPerSecond(-1);
        // 254 characters and one that is written as two: it must not be cut in the middle.
        String long255 = "v".repeat(254) + "\ud83d\ude00";
        hello.setVersion(long255 + "\u0000").setHost(hello.getHostBuilder().setHostname("h\u0000\u0007" + long255));
        hello.setAppliedRevision(-5);

        stream.say(AgentMessage.newBuilder().setHello(hello));

        stream.hear(MessageCase.WELCOME);
        standsAndSoDoesTheBystander(stream);
        assertThat(owner.get("/api/v1/agents/" + agent.id())
                        .json()
                        .get("version")
                        .asString())
                .startsWith("vvvv")
                .doesNotContain("?");
    }

    @Test
    void whatIsOnlyNonsenseIsPassedOver() throws Exception {
        ScriptedAgent.Stream stream = agent.connect().greet();
        List<AgentMessage.Builder> nonsense = List.of(
                AgentMessage.newBuilder(),
                AgentMessage.parseFrom(new byte[] {(byte) 0xfa, 0x3f, 1, 7}).toBuilder(),
                beat(heartbeat -> heartbeat.setWallTime(seconds(BEFORE_1970))),
                beat(heartbeat -> heartbeat.setWallTime(seconds(YEAR_10000))),
                beat(heartbeat -> heartbeat.setLoad(Load.newBuilder().setScheduleLag(duration(-1, 0)))),
                beat(heartbeat -> heartbeat.setLoad(Load.newBuilder()
                        .setSpoolRows(-1)
                        .setRuns(-1)
                        .setSkippedRuns(-1)
                        .setResidentBytes(-1)
                        .setAssignments(-1)
                        .setScheduleLag(duration(Long.MAX_VALUE, 0)))),
                beat(heartbeat ->
                        heartbeat.addBlockedPorts(70_000).addBlockedPorts(-1).addBlockedPorts(0)),
                applied(applied -> applied.setHash(ByteString.copyFrom(new byte[5]))),
                applied(applied -> applied.setRevision(-1)),
                applied(applied -> applied.setRevision(Long.MAX_VALUE)
                        .addRejected(RejectedAssignment.getDefaultInstance())
                        .addRejected(RejectedAssignment.newBuilder().setSeries(-3))
                        .addRejected(RejectedAssignment.newBuilder()
                                .setSeries(series + 99)
                                .setReasonValue(55))),
                outcome(TestOutcome.getDefaultInstance()),
                outcome(TestOutcome.newBuilder()
                        .setTestId(ScriptedAgent.uuid(UUID.randomUUID()))
                        .build()),
                outcome(TestOutcome.newBuilder()
                        .setTestId(ScriptedAgent.uuid(UUID.randomUUID()))
                        .setResult(good().toBuilder().setSeries(0))
                        .addAllChain(Collections.nCopies(100, ByteString.copyFromUtf8("no certificate")))
                        .build()),
                AgentMessage.newBuilder()
                        .setCertificateUpload(CertificateUpload.newBuilder()
                                .addCertificates(ByteString.EMPTY)
                                .addCertificates(ByteString.copyFromUtf8("nobody asked for this"))),
                AgentMessage.newBuilder()
                        .setSnapshotWanted(SnapshotWanted.newBuilder()
                                .setAppliedRevision(-1)
                                .setReason("x".repeat(100_000))));
        nonsense.forEach(stream::say);

        standsAndSoDoesTheBystander(stream);
        assertThat(results(monitor)).isEmpty();
        assertThat(system.call(() -> jdbc.sql("SELECT count(*) FROM certificate WHERE der = ?")
                        .param("nobody asked for this".getBytes(java.nio.charset.StandardCharsets.UTF_8))
                        .query(Long.class)
                        .single()))
                .isZero();
        assertThat(owner.get("/api/v1/agents/" + agent.id()).status()).isEqualTo(200);
    }

    @Test
    void whatIsSaidAgainIsStoredOnce() {
        ScriptedAgent.Stream stream = agent.connect().greet();
        Instant at = Instant.now().minusSeconds(60);
        RunResult one = ScriptedAgent.ok(series, 1, at);
        RunResult two = ScriptedAgent.ok(series, 1, at.plusSeconds(10));
        RunResult three = ScriptedAgent.ok(series, 1, at.plusSeconds(20));
        stream.results(1, one, two);
        stream.results(1, one, two);
        stream.results(1, one);
        stream.results(2, two, three);
        // The same numbers with other records: a number is one record for ever.
        stream.results(1, ScriptedAgent.ok(series, 1, at.plusSeconds(30)));

        assertThat(stream.hear(MessageCase.ACK, 4).getAck().getThroughSequence())
                .isEqualTo(3);
        assertThat(results(monitor)).hasSize(3);
        assertThat(stream.all(MessageCase.ACK))
                .extracting(message -> message.getAck().getThroughSequence())
                .containsExactly(2L, 2L, 2L, 3L, 3L);
        standsAndSoDoesTheBystander(stream);
    }

    private void standsAndSoDoesTheBystander(ScriptedAgent.Stream stream) {
        answers(stream);
        answers(bystander);
    }

    private static void answers(ScriptedAgent.Stream stream) {
        stream.say(beat(heartbeat -> heartbeat.setNumber(4_711)));
        for (int n = 0; ; n++) {
            if (stream.hear(MessageCase.HEARTBEAT_REPLY, n).getHeartbeatReply().getNumber() == 4_711) {
                return;
            }
        }
    }

    private void nothingIsStoredAndTheBystanderStands() {
        answers(bystander);
        assertThat(results(monitor)).isEmpty();
        assertThat(gaps()).isZero();
        assertThat(system.call(() -> jdbc.sql("SELECT count(*) FROM agent_lane WHERE agent_id = ?")
                        .param(agent.id().value())
                        .query(Long.class)
                        .single()))
                .isZero();
    }

    private long gaps() {
        return system.call(() -> jdbc.sql("SELECT count(*) FROM spool_gap WHERE agent_id = ?")
                .param(agent.id().value())
                .query(Long.class)
                .single());
    }

    private RunResult good() {
        return ScriptedAgent.ok(series, 1, Instant.now());
    }

    private SpoolRecord record(long sequence) {
        return SpoolRecord.newBuilder().setSequence(sequence).setResult(good()).build();
    }

    private static AgentMessage.Builder batch(Lane lane, List<SpoolRecord> records) {
        return AgentMessage.newBuilder()
                .setResultBatch(ResultBatch.newBuilder().setLane(lane).addAllRecords(records));
    }

    private static AgentMessage.Builder beat(Consumer<Heartbeat.Builder> change) {
        Heartbeat.Builder heartbeat = Heartbeat.newBuilder().setWallTime(seconds(now()));
        change.accept(heartbeat);
        return AgentMessage.newBuilder().setHeartbeat(heartbeat);
    }

    private static AgentMessage.Builder applied(Consumer<Applied.Builder> change) {
        Applied.Builder applied = Applied.newBuilder();
        change.accept(applied);
        return AgentMessage.newBuilder().setApplied(applied);
    }

    private static AgentMessage.Builder outcome(TestOutcome outcome) {
        return AgentMessage.newBuilder().setTestOutcome(outcome);
    }

    /** A snapshot that is wanted for a reason of one byte that no text has. */
    private static byte[] invalidUtf8() {
        return new byte[] {0x1a, 3, 0x12, 1, (byte) 0xff};
    }

    static Timestamp.Builder seconds(long seconds) {
        return Timestamp.newBuilder().setSeconds(seconds);
    }

    static Duration.Builder duration(long seconds, int nanos) {
        return Duration.newBuilder().setSeconds(seconds).setNanos(nanos);
    }

    static long now() {
        return Instant.now().getEpochSecond();
    }
}
