package io.postwatch.controller.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.google.protobuf.ByteString;
import io.grpc.Status;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.postwatch.controller.enrolment.CertificateAuthority;
import io.postwatch.controller.identity.TestPeople;
import io.postwatch.controller.scope.SystemTransactions;
import io.postwatch.controller.shared.NanoTicker;
import io.postwatch.proto.agent.v1.AgentMessage;
import io.postwatch.proto.agent.v1.ControllerMessage.MessageCase;
import io.postwatch.proto.agent.v1.GoodbyeReason;
import io.postwatch.proto.agent.v1.Heartbeat;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.context.ApplicationContext;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.util.unit.DataSize;

/** What can happen to a session, as its controller sees it; where it takes two controllers, a second gateway plays the other. */
@Timeout(60)
class SessionFaultsTest extends GatewayTest {

    private final ApplicationContext beans;
    private final List<AgentServer> others = new ArrayList<>();

    SessionFaultsTest(
            @Autowired TestPeople people,
            @Autowired AgentServer server,
            @Autowired CertificateAuthority authority,
            @Autowired SystemTransactions system,
            @Autowired JdbcClient jdbc,
            @Autowired ApplicationContext beans) {
        super(people, server, authority, system, jdbc);
        this.beans = beans;
    }

    @AfterEach
    void stopOthers() {
        stopAgents();
        others.forEach(AgentServer::stop);
    }

    @Test
    void aConnectionThatIsDeadWithoutAWordIsNoticed() throws Exception {
        AgentServer other = another(Duration.ofSeconds(1), 500);
        try (DeadNetwork network = new DeadNetwork(other.port())) {
            ScriptedAgent agent =
                    new ScriptedAgent(network.port(), authority.roots().getFirst());
            agents.add(agent);
            agent.enrol(token());
            ScriptedAgent.Stream stream = agent.connect().greet();
            stream.hear(MessageCase.SNAPSHOT);
            other.endSilentSessions();
            assertThat(agentState(agent)).isEqualTo("online");

            network.die();

            await().atMost(20, TimeUnit.SECONDS).until(() -> {
                other.endSilentSessions();
                return agentState(agent).equals("offline");
            });
            assertThat(stream.over()).isFalse();
        }
    }

    @Test
    void aSessionThatMovedToAnotherControllerEndsHereAndItsEndChangesNothing() {
        AgentServer other = another(Duration.ofSeconds(8), 500);
        ScriptedAgent agent = enrolled();
        ScriptedAgent.Stream here = agent.connect().greet();
        here.hear(MessageCase.SNAPSHOT);
        ScriptedAgent.Stream there = agent.connectTo(other.port()).greet();
        there.hear(MessageCase.SNAPSHOT);

        server.compareWithDatabase();

        assertThat(here.hear(MessageCase.GOODBYE).getGoodbye().getReason())
                .isEqualTo(GoodbyeReason.GOODBYE_REASON_SUPERSEDED);
        here.awaitEnd();
        assertThat(agentState(agent)).isEqualTo("online");
        String monitor = createMonitor(null);
        other.compareWithDatabase();
        long series = there.hear(MessageCase.DELTA).getDelta().getAssigned(0).getSeries();
        there.results(1, ScriptedAgent.ok(series, 1, java.time.Instant.now()));
        there.hear(MessageCase.ACK);
        assertThat(results(monitor)).hasSize(1);
    }

    @Test
    void aControllerThatWasStoppedForSoLongThatItsSessionsWereTakenForLostTellsItsAgents() {
        ScriptedAgent agent = enrolled();
        ScriptedAgent.Stream before = agent.connect().greet();
        before.hear(MessageCase.SNAPSHOT);
        // As another controller does a minute after it missed this one.
        system.run(() -> jdbc.sql("UPDATE agent SET session_id = NULL, session_controller = NULL WHERE agent_id = ?")
                .param(agent.id().value())
                .update());
        assertThat(agentState(agent)).isEqualTo("offline");

        server.compareWithDatabase();

        assertThat(before.awaitEnd()).contains(Status.Code.UNAVAILABLE);
        ScriptedAgent.Stream after = agent.connect().greet();
        after.say(AgentMessage.newBuilder().setHeartbeat(Heartbeat.newBuilder().setNumber(1)));
        after.hear(MessageCase.HEARTBEAT_REPLY);
        assertThat(agentState(agent)).isEqualTo("online");
    }

    @Test
    void anAgentWhoseSessionEndedUnwrittenHasAMinuteToComeAgain() {
        AgentServer other = another(Duration.ofSeconds(8), 500, () -> 0);
        ScriptedAgent agent = enrolled();
        ScriptedAgent witness = enrolled();
        witness.connect().greet();
        system.run(() ->
                jdbc.sql("""
                UPDATE agent SET session_id = agent_id, session_epoch = 1, connected_at = now(),
                    session_controller = (SELECT session_controller FROM agent WHERE agent_id = ?)
                WHERE agent_id = ?
                """).params(witness.id().value(), agent.id().value()).update());

        lastSeen(agent, Duration.ofSeconds(35));
        other.compareWithDatabase();
        assertThat(agentState(agent)).as("in its back-off").isEqualTo("online");

        lastSeen(agent, Duration.ofSeconds(61));
        other.compareWithDatabase();
        assertThat(agentState(agent)).isEqualTo("offline");
    }

    private void lastSeen(ScriptedAgent agent, Duration ago) {
        system.run(() -> jdbc.sql("UPDATE agent SET last_seen_at = ? WHERE agent_id = ?")
                .params(
                        java.sql.Timestamp.from(InstantSource.system().instant().minus(ago)),
                        agent.id().value())
                .update());
    }

    @Test
    void aSessionWasNotTakenOverByOneThatIsOverAlready() {
        ScriptedAgent agent = enrolled();
        ScriptedAgent.Stream before = agent.connect().greet();
        before.hear(MessageCase.SNAPSHOT);
        // As one does that was opened for a call that its agent had given up, and closed at once.
        system.run(() -> jdbc.sql("UPDATE agent SET session_id = NULL, session_controller = NULL,"
                        + " session_epoch = session_epoch + 1 WHERE agent_id = ?")
                .param(agent.id().value())
                .update());

        server.compareWithDatabase();

        assertThat(before.awaitEnd()).as("it may come again at once").contains(Status.Code.UNAVAILABLE);
        assertThat(before.all(MessageCase.GOODBYE)).isEmpty();
    }

    @Test
    void agentsThatWouldWaitTooLongAreToldToComeAgain() {
        // Time stands still for the gate: turns are given for the next six seconds, which makes seven, whenever they
        // come.
        AgentServer slow = another(Duration.ofSeconds(8), 1, () -> 0);
        List<ScriptedAgent.Stream> streams = new ArrayList<>();
        for (int i = 0; i < 8; i++) {
            ScriptedAgent agent = enrolled();
            ScriptedAgent.Stream stream = agent.connectTo(slow.port());
            stream.say(stream.hello(agent.id(), 0, ByteString.EMPTY));
            streams.add(stream);
        }

        await().atMost(30, TimeUnit.SECONDS)
                .until(() -> streams.stream()
                        .allMatch(stream -> stream.over()
                                || !stream.all(MessageCase.WELCOME).isEmpty()));
        assertThat(streams.stream()
                        .filter(stream -> !stream.all(MessageCase.WELCOME).isEmpty()))
                .hasSize(7);
        assertThat(streams.stream()
                        .flatMap(stream -> stream.all(MessageCase.GOODBYE).stream())
                        .map(said -> said.getGoodbye().getReason()))
                .containsExactly(GoodbyeReason.GOODBYE_REASON_BUSY);
    }

    @Test
    void aControllerThatWasPausedHearsItsAgentsOutBeforeItTakesThemForSilent() {
        AtomicLong paused = new AtomicLong();
        AgentServer other = another(Duration.ofSeconds(8), 500, () -> System.nanoTime() + paused.get());
        ScriptedAgent agent = enrolled();
        ScriptedAgent.Stream stream = agent.connectTo(other.port()).greet();
        stream.hear(MessageCase.SNAPSHOT);
        other.endSilentSessions();

        paused.addAndGet(Duration.ofMinutes(10).toNanos());
        other.endSilentSessions();

        stream.say(AgentMessage.newBuilder().setHeartbeat(Heartbeat.newBuilder().setNumber(1)));
        stream.hear(MessageCase.HEARTBEAT_REPLY);
        assertThat(agentState(agent)).isEqualTo("online");
        await().atMost(20, TimeUnit.SECONDS).until(() -> {
            paused.addAndGet(Duration.ofSeconds(5).toNanos());
            other.endSilentSessions();
            return agentState(agent).equals("offline");
        });
    }

    private AgentServer another(Duration heartbeat, int admissionsPerSecond) {
        return another(heartbeat, admissionsPerSecond, System::nanoTime);
    }

    private AgentServer another(Duration heartbeat, int admissionsPerSecond, NanoTicker ticker) {
        GatewayProperties properties = new GatewayProperties(
                heartbeat,
                3,
                admissionsPerSecond,
                4,
                Duration.ofSeconds(6),
                4,
                DataSize.ofMegabytes(64),
                Duration.ofMillis(500),
                Duration.ofMinutes(1));
        AgentServer other = new AnotherGateway(
                        beans, properties, ticker, InstantSource.system(), new SimpleMeterRegistry())
                .start();
        others.add(other);
        return other;
    }
}
