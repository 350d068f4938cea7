package io.postwatch.controller.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.google.protobuf.ByteString;
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
import java.util.Objects;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.jdbc.core.simple.JdbcClient;

/**
 * What an agent says that it must not: refused by a code or passed over, stored nowhere, and nobody else's session ends.
 * The tables say which kind of bad input has which answer.
 */
class BadInputTest extends BystanderTest {
    private static final GoodbyeReason PROTOCOL_ERROR = GoodbyeReason.GOODBYE_REASON_PROTOCOL_ERROR;

    BadInputTest(
            @Autowired TestPeople people,
            @Autowired AgentServer server,
            @Autowired CertificateAuthority authority,
            @Autowired SystemTransactions system,
            @Autowired JdbcClient jdbc) {
        super(people, server, authority, system, jdbc);
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
            assertThat(stream.awaitEnd()).as(name).isEmpty();
        });
        nothingIsStoredAndTheBystanderStands();
    }

    /** Bytes, and how the call of whoever says them ends: gRPC ends it by itself. */
    private record Said(ByteString bytes, Status.Code end) {}

    @Test
    void whatIsNoMessageEndsTheSessionOfWhoSaysItAndNoOther() {
        Map<String, Said> said = new LinkedHashMap<>();
        said.put("not the protocol", new Said(ByteString.copyFromUtf8("GET / HTTP/1.1\r\n\r\n"), Status.Code.UNKNOWN));
        said.put(
                "a message that ends too early",
                new Said(ByteString.copyFrom(new byte[] {0x2a, 0x7f, 1}), Status.Code.UNKNOWN));
        said.put("a text that is no UTF-8", new Said(invalidUtf8(), Status.Code.UNKNOWN));
        said.put(
                "more than 4 MiB", new Said(ByteString.copyFrom(new byte[4 * 1024 * 1024 + 1]), Status.Code.CANCELLED));
        said.forEach((name, message) -> {
            ScriptedAgent.Stream stream = agent.connect().greet();
            stream.sayBytes(message.bytes().toByteArray());
            assertThat(stream.awaitEnd()).as(name).contains(message.end());
            await().alias(name)
                    .atMost(10, TimeUnit.SECONDS)
                    .until(() -> agentState(agent).equals("offline"));
        });
        nothingIsStoredAndTheBystanderStands();
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
    void aHeartbeatOfAnImpossibleClockIsAnsweredAndNothingOfItsClockIsStored() {
        ScriptedAgent.Stream stream = agent.connect().greet();
        stream.say(beat(heartbeat -> heartbeat
                .setWallTime(seconds(now() + 3_600))
                .setLoad(Load.newBuilder().setSpoolRows(7))));
        await().atMost(10, TimeUnit.SECONDS).until(() -> {
            server.writePulses();
            return Objects.equals(stored("spool_rows"), 7L);
        });
        Object offset = stored("clock_offset_millis");
        List<Timestamp.Builder> clocks = List.of(
                seconds(BEFORE_1970),
                seconds(Long.MIN_VALUE),
                seconds(YEAR_10000),
                seconds(Long.MAX_VALUE),
                seconds(now()).setNanos(-1),
                seconds(now()).setNanos(1_000_000_000));

        for (int n = 0; n < clocks.size(); n++) {
            Timestamp.Builder clock = clocks.get(n);
            int heard = stream.all(MessageCase.HEARTBEAT_REPLY).size();
            stream.say(beat(heartbeat -> heartbeat.setWallTime(clock)));
            stream.hear(MessageCase.HEARTBEAT_REPLY, heard);
            // Acked only when all that came before is done with.
            stream.say(batch(
                    Lane.LANE_LIVE,
                    List.of(SpoolRecord.newBuilder().setSequence(n + 1).build())));
            stream.hear(MessageCase.ACK, n);
            server.writePulses();
            assertThat(stored("clock_offset_millis")).as("after %s", clock).isEqualTo(offset);
        }

        standsAndSoDoesTheBystander(stream);
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

    private static AgentMessage.Builder applied(Consumer<Applied.Builder> change) {
        Applied.Builder applied = Applied.newBuilder();
        change.accept(applied);
        return AgentMessage.newBuilder().setApplied(applied);
    }

    private static AgentMessage.Builder outcome(TestOutcome outcome) {
        return AgentMessage.newBuilder().setTestOutcome(outcome);
    }

    /** A snapshot that is wanted for a reason of one byte that no text has. */
    private static ByteString invalidUtf8() {
        return ByteString.copyFrom(new byte[] {0x1a, 3, 0x12, 1, (byte) 0xff});
    }
}
