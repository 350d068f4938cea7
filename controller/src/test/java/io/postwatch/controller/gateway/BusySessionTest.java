package io.postwatch.controller.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.postwatch.controller.enrolment.CertificateAuthority;
import io.postwatch.controller.identity.TestPeople;
import io.postwatch.controller.scope.SystemTransactions;
import io.postwatch.proto.agent.v1.Ack;
import io.postwatch.proto.agent.v1.AgentMessage;
import io.postwatch.proto.agent.v1.ControllerMessage;
import io.postwatch.proto.agent.v1.ControllerMessage.MessageCase;
import io.postwatch.proto.agent.v1.Goodbye;
import io.postwatch.proto.agent.v1.Lane;
import io.postwatch.proto.agent.v1.ResultBatch;
import io.postwatch.proto.agent.v1.SpoolRecord;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.jdbc.core.simple.JdbcClient;

/** A session whose batch waits for the database goes on with all else. The test holds the lanes in the database. */
@Timeout(60)
class BusySessionTest extends HeldSessionTest {
    private final CountDownLatch letGo = new CountDownLatch(1);
    private ScriptedAgent agent;
    private SessionCall call;
    private long series;
    private int asked;

    BusySessionTest(
            @Autowired TestPeople people,
            @Autowired AgentServer server,
            @Autowired CertificateAuthority authority,
            @Autowired SystemTransactions system,
            @Autowired JdbcClient jdbc,
            @Autowired SessionWork work,
            @Autowired SessionRegistry registry) {
        super(people, server, authority, system, jdbc, work, registry);
    }

    @BeforeEach
    void storeABatchOfEachLane() {
        agent = enrolled();
        call = connect(agent);
        createMonitor(null);
        stream.awaitSent(MessageCase.DELTA, 1);
        series = stream.sent.stream()
                .filter(ControllerMessage::hasDelta)
                .findFirst()
                .orElseThrow()
                .getDelta()
                .getAssigned(0)
                .getSeries();
        say(batch(Lane.LANE_LIVE, 1));
        awaitAck(Lane.LANE_LIVE, 1);
        say(batch(Lane.LANE_BACK_FILL, 1));
        awaitAck(Lane.LANE_BACK_FILL, 1);
        // Hello and two batches, and what comes next.
        asked = 3;
        awaitListening();
    }

    /** Before the session ends, which waits for those who hold them. */
    @AfterEach
    void letLanesGo() {
        letGo.countDown();
    }

    @Test
    void heartbeatsAreAnsweredWhileABatchWaits() throws InterruptedException {
        holdLanes();
        say(batch(Lane.LANE_LIVE, 2));
        awaitListening();
        call.onNext(heartbeat());
        stream.awaitSent(MessageCase.HEARTBEAT_REPLY, 1);
        assertThat(acks()).doesNotContain(ack(Lane.LANE_LIVE, 2));

        letGo.countDown();
        awaitAck(Lane.LANE_LIVE, 2);
    }

    @Test
    void freshResultsAreStoredWhileABatchOfBackFillWaits() throws InterruptedException {
        holdLane(2);
        say(batch(Lane.LANE_BACK_FILL, 2));
        awaitListening();
        say(batch(Lane.LANE_LIVE, 2));
        awaitAck(Lane.LANE_LIVE, 2);
        assertThat(acks()).doesNotContain(ack(Lane.LANE_BACK_FILL, 2));

        letGo.countDown();
        awaitAck(Lane.LANE_BACK_FILL, 2);
    }

    @Test
    void anAgentThatIsNotListenedToIsNotSilentAndHearsThatTheControllerLives() throws InterruptedException {
        holdLanes();
        say(batch(Lane.LANE_LIVE, 2));
        awaitListening();
        say(batch(Lane.LANE_LIVE, 3));
        int before = acks().size();
        await().atMost(10, TimeUnit.SECONDS).until(() -> {
            registry.reassure();
            return acks().size() > before;
        });
        assertThat(acks()).endsWith(ack(Lane.LANE_LIVE, 1));
        assertThat(stream.asked).hasValue(asked);

        nanos.addAndGet(Duration.ofMinutes(5).toNanos());
        assertThat(call.isSilentFor(SILENCE)).isFalse();
        letGo.countDown();
        awaitAck(Lane.LANE_LIVE, 3);
        awaitListening();
        assertThat(call.isSilentFor(SILENCE))
                .as("it has as long as ever to speak")
                .isFalse();
        nanos.addAndGet(Duration.ofMinutes(5).toNanos());
        await().atMost(10, TimeUnit.SECONDS).until(() -> call.isSilentFor(SILENCE));
    }

    @Test
    void anAgentThatFallsSilentWhileItsBatchWaitsIsMissed() throws InterruptedException {
        holdLanes();
        say(batch(Lane.LANE_LIVE, 2));
        awaitListening();
        nanos.addAndGet(SILENCE.plusSeconds(1).toNanos());
        await().atMost(10, TimeUnit.SECONDS).until(() -> call.isSilentFor(SILENCE));
        registry.endSilent(SILENCE);
        stream.awaitEnd();
        await().atMost(10, TimeUnit.SECONDS).until(() -> agentState(agent).equals("offline"));
    }

    @Test
    void whatAnAgentSentBeforeItsFarewellIsStoredBeforeItIsGone() throws InterruptedException {
        holdLanes();
        say(batch(Lane.LANE_LIVE, 2));
        awaitListening();
        say(AgentMessage.newBuilder().setGoodbye(Goodbye.getDefaultInstance()));
        call.onCompleted();
        assertThat(agentState(agent)).isEqualTo("online");

        letGo.countDown();
        awaitAck(Lane.LANE_LIVE, 2);
        assertThat(stream.awaitEnd().isOk()).isTrue();
        await().atMost(10, TimeUnit.SECONDS).until(() -> agentState(agent).equals("offline"));
    }

    /** Both lanes of the agent's spool, until they are let go. */
    private void holdLanes() throws InterruptedException {
        hold("lane > 0");
    }

    private void holdLane(int number) throws InterruptedException {
        hold("lane = " + number);
    }

    private void hold(String which) throws InterruptedException {
        CountDownLatch held = new CountDownLatch(1);
        threads.execute(() -> system.run(() -> {
            jdbc.sql("SELECT lane FROM agent_lane WHERE agent_id = ? AND " + which + " FOR UPDATE")
                    .param(agent.id().value())
                    .query(Integer.class)
                    .list();
            held.countDown();
            try {
                letGo.await();
            } catch (InterruptedException nobodyDoesThis) {
                Thread.currentThread().interrupt();
            }
        }));
        held.await();
    }

    /** Until the session has asked for one more message. */
    private void awaitListening() {
        asked++;
        int now = asked;
        await().atMost(10, TimeUnit.SECONDS).until(() -> stream.asked.get() == now);
    }

    private void say(AgentMessage.Builder message) {
        call.onNext(message.build());
    }

    private AgentMessage.Builder batch(Lane lane, long sequence) {
        return AgentMessage.newBuilder()
                .setResultBatch(ResultBatch.newBuilder()
                        .setLane(lane)
                        .addRecords(SpoolRecord.newBuilder()
                                .setSequence(sequence)
                                .setResult(ScriptedAgent.ok(
                                        series, 1, Instant.now().minusMillis(sequence * 10 + lane.getNumber())))));
    }

    private List<Ack> acks() {
        return stream.sent.stream()
                .filter(ControllerMessage::hasAck)
                .map(ControllerMessage::getAck)
                .toList();
    }

    private void awaitAck(Lane lane, long through) {
        await().atMost(10, TimeUnit.SECONDS).until(() -> acks().contains(ack(lane, through)));
    }

    private static Ack ack(Lane lane, long through) {
        return Ack.newBuilder().setLane(lane).setThroughSequence(through).build();
    }
}
