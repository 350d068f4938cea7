package io.postwatch.controller.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.google.protobuf.ByteString;
import io.postwatch.controller.enrolment.CertificateAuthority;
import io.postwatch.controller.identity.TestPeople;
import io.postwatch.controller.liveness.SessionLedger;
import io.postwatch.controller.scope.SystemTransactions;
import io.postwatch.proto.agent.v1.AgentMessage;
import io.postwatch.proto.agent.v1.Assignment;
import io.postwatch.proto.agent.v1.ControllerMessage.MessageCase;
import io.postwatch.proto.agent.v1.Delta;
import io.postwatch.proto.agent.v1.Heartbeat;
import io.postwatch.proto.agent.v1.Secret;
import io.postwatch.proto.agent.v1.Snapshot;
import io.postwatch.proto.agent.v1.SnapshotWanted;
import io.postwatch.proto.agent.v1.TriggeredRun;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.jdbc.core.simple.JdbcClient;

/** What an agent is told to run. */
@ExtendWith(OutputCaptureExtension.class)
class AgentPlansTest extends GatewayTest {
    private final SessionRegistry registry;
    private final SessionLedger ledger;

    AgentPlansTest(
            @Autowired TestPeople people,
            @Autowired AgentServer server,
            @Autowired CertificateAuthority authority,
            @Autowired SystemTransactions system,
            @Autowired JdbcClient jdbc,
            @Autowired SessionRegistry registry,
            @Autowired SessionLedger ledger) {
        super(people, server, authority, system, jdbc);
        this.registry = registry;
        this.ledger = ledger;
    }

    @Test
    void whatAnAgentAppliedIsAskedForAgainWhereItsReportWasLost() {
        ScriptedAgent agent = enrolled();
        ScriptedAgent.Stream stream = agent.connect().greet();
        stream.hear(MessageCase.SNAPSHOT);
        String monitor = createMonitor(null);
        Delta told = stream.hear(MessageCase.DELTA).getDelta();
        stream.applied(told.getRevision(), told.getHash());
        await().atMost(5, TimeUnit.SECONDS).until(() -> syncOf(monitor).equals("in-sync"));
        system.run(() -> jdbc.sql("UPDATE agent SET applied_revision = 0 WHERE agent_id = ?")
                .param(agent.id().value())
                .update());
        assertThat(syncOf(monitor)).isEqualTo("pending");

        compare(Duration.ofHours(1));
        compare(Duration.ZERO);

        Delta asked = stream.hear(MessageCase.DELTA, 1).getDelta();
        assertThat(asked)
                .isEqualTo(Delta.newBuilder()
                        .setBaseRevision(told.getRevision())
                        .setRevision(told.getRevision())
                        .setHash(told.getHash())
                        .build());
        stream.applied(asked.getRevision(), asked.getHash());
        await().atMost(5, TimeUnit.SECONDS).until(() -> syncOf(monitor).equals("in-sync"));
        compare(Duration.ZERO);
        stream.say(AgentMessage.newBuilder().setHeartbeat(Heartbeat.newBuilder().setNumber(1)));
        stream.hear(MessageCase.HEARTBEAT_REPLY);
        assertThat(stream.all(MessageCase.DELTA)).hasSize(2);
    }

    /** As is done every few seconds. */
    private void compare(Duration answerWithin) {
        var held = registry.all();
        registry.reconcile(held, ledger.standing(registry.sessions(held)), answerWithin);
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
        damagePassword(broken);

        stream.say(AgentMessage.newBuilder()
                .setSnapshotWanted(SnapshotWanted.newBuilder().setReason("a gap")));

        Snapshot snapshot = stream.hear(MessageCase.SNAPSHOT, 1).getSnapshot();
        assertThat(snapshot.getAssignmentsList())
                .extracting(Assignment::getSeries)
                .containsExactly(good);
        assertThat(snapshot.getHash()).isEqualTo(hash(snapshot.getAssignmentsList()));
        assertThat(stream.over()).isFalse();

        stream.applied(snapshot.getRevision(), snapshot.getHash());
        await().atMost(5, TimeUnit.SECONDS).until(() -> syncOf(broken).equals("rejected"));
        assertThat(owner.get("/api/v1/monitors/" + broken)
                        .json()
                        .at("/status/locations/0/syncMessage")
                        .asString())
                .isEqualTo("The stored password or access token can't be read: enter it again");

        Map<String, Object> entered = Map.of("username", "alice", "password", CANARY);
        assertThat(owner.put("/api/v1/monitors/" + broken, monitor(entered)).status())
                .isEqualTo(200);
        Delta repaired = stream.hear(MessageCase.DELTA, 2).getDelta();
        assertThat(repaired.getAssignedCount()).isOne();
        stream.applied(repaired.getRevision(), repaired.getHash());
        await().atMost(5, TimeUnit.SECONDS).until(() -> syncOf(broken).equals("in-sync"));
    }
}
