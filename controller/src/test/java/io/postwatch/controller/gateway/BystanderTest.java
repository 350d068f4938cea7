package io.postwatch.controller.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.google.protobuf.ByteString;
import com.google.protobuf.Duration;
import com.google.protobuf.Timestamp;
import io.postwatch.controller.enrolment.CertificateAuthority;
import io.postwatch.controller.identity.TestPeople;
import io.postwatch.controller.scope.SystemTransactions;
import io.postwatch.proto.agent.v1.AgentMessage;
import io.postwatch.proto.agent.v1.ControllerMessage.MessageCase;
import io.postwatch.proto.agent.v1.Heartbeat;
import io.postwatch.proto.agent.v1.Lane;
import io.postwatch.proto.agent.v1.ResultBatch;
import io.postwatch.proto.agent.v1.RunResult;
import io.postwatch.proto.agent.v1.SpoolRecord;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.junit.jupiter.api.BeforeEach;
import org.springframework.jdbc.core.simple.JdbcClient;

/** What tests share in which an agent says strange things beside another one, whose session must stand. */
abstract class BystanderTest extends GatewayTest {
    static final long BEFORE_1970 = -1;
    static final long YEAR_10000 = 253_402_300_800L;

    ScriptedAgent agent;
    ScriptedAgent.Stream bystander;
    /** At the agent's location. */
    String monitor;

    long series;

    BystanderTest(
            TestPeople people,
            AgentServer server,
            CertificateAuthority authority,
            SystemTransactions system,
            JdbcClient jdbc) {
        super(people, server, authority, system, jdbc);
    }

    /** The agent was told of its monitor, and has no session. */
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
        await().atMost(10, TimeUnit.SECONDS).until(() -> agentState(agent).equals("offline"));
    }

    void standsAndSoDoesTheBystander(ScriptedAgent.Stream stream) {
        assertThatItStands(stream);
        assertThatItStands(bystander);
    }

    void nothingIsStoredAndTheBystanderStands() {
        assertThatItStands(bystander);
        assertThat(results(monitor)).isEmpty();
        assertThat(gaps()).isZero();
        assertThat(system.call(() -> jdbc.sql("SELECT count(*) FROM agent_lane WHERE agent_id = ?")
                        .param(agent.id().value())
                        .query(Long.class)
                        .single()))
                .isZero();
    }

    long gaps() {
        return system.call(() -> jdbc.sql("SELECT count(*) FROM spool_gap WHERE agent_id = ?")
                .param(agent.id().value())
                .query(Long.class)
                .single());
    }

    /** A column of the agent's row. */
    Object stored(String column) {
        return system.call(() -> jdbc.sql("SELECT " + column + " FROM agent WHERE agent_id = ?")
                .param(agent.id().value())
                .query()
                .singleValue());
    }

    RunResult good() {
        return ScriptedAgent.ok(series, 1, Instant.now());
    }

    SpoolRecord record(long sequence) {
        return SpoolRecord.newBuilder().setSequence(sequence).setResult(good()).build();
    }

    AgentMessage.Builder hello(ScriptedAgent.Stream stream) {
        return stream.hello(agent.id(), 0, ByteString.EMPTY);
    }

    static AgentMessage.Builder batch(Lane lane, List<SpoolRecord> records) {
        return AgentMessage.newBuilder()
                .setResultBatch(ResultBatch.newBuilder().setLane(lane).addAllRecords(records));
    }

    static AgentMessage.Builder beat(Consumer<Heartbeat.Builder> change) {
        Heartbeat.Builder heartbeat = Heartbeat.newBuilder().setWallTime(seconds(now()));
        change.accept(heartbeat);
        return AgentMessage.newBuilder().setHeartbeat(heartbeat);
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
