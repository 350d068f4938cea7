package io.postwatch.controller.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.google.protobuf.ByteString;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.postwatch.controller.gateway.gate.HeldPlaces;
import io.postwatch.controller.gateway.gate.IngestGate;
import io.postwatch.controller.gateway.gate.SessionEnd;
import io.postwatch.controller.shared.Bytes;
import io.postwatch.controller.shared.id.AgentId;
import io.postwatch.proto.agent.v1.AgentMessage;
import io.postwatch.proto.agent.v1.ControllerMessage;
import io.postwatch.proto.agent.v1.ControllerMessage.MessageCase;
import io.postwatch.proto.agent.v1.Heartbeat;
import io.postwatch.proto.agent.v1.Hello;
import io.postwatch.proto.agent.v1.Lane;
import io.postwatch.proto.agent.v1.ResultBatch;
import io.postwatch.proto.agent.v1.SpoolRecord;
import java.math.BigInteger;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Sessions whose batches wait at a gate that lets nobody pass until the test says so. */
@Timeout(60)
class CrowdedGateTest {
    private static final Instant NOW = Instant.parse("2026-01-05T10:00:00Z");
    private static final Bytes NONCE = Bytes.of(new byte[32]);
    private static final Duration SILENCE = Duration.ofSeconds(24);
    private static final io.postwatch.controller.evaluation.Lane LIVE = io.postwatch.controller.evaluation.Lane.LIVE;
    private static final io.postwatch.controller.evaluation.Lane BACK_FILL =
            io.postwatch.controller.evaluation.Lane.BACK_FILL;

    private final SessionRegistry registry = new SessionRegistry(new SimpleMeterRegistry());
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final AtomicLong nanos = new AtomicLong();
    private final IngestGate gate = new IngestGate(1, 10_000);
    private final HeldPlaces places = new HeldPlaces(gate);
    private final List<Session> sessions = new ArrayList<>();

    CrowdedGateTest() {
        places.enter(BACK_FILL, 1);
    }

    @AfterEach
    void endSessions() {
        sessions.forEach(session -> session.call.offer(new SessionInput.PeerGone()));
        places.leave(BACK_FILL);
        threads.close();
    }

    @Test
    void nothingWaitsForSessionsThatAreOver() {
        for (int i = 0; i < 200; i++) {
            new Session().say(batch(Lane.LANE_BACK_FILL));
        }
        await().atMost(20, TimeUnit.SECONDS).until(() -> places.waiting() == 200);

        sessions.forEach(session -> session.call.offer(new SessionInput.PeerGone()));

        await().atMost(20, TimeUnit.SECONDS).until(() -> places.waiting() == 0);
        assertThat(gate.isCrowded(LIVE)).isFalse();
    }

    @Test
    void whereFreshResultsCrowdWhoseBatchWaitsIsNotListenedToUntilItIsStored() {
        places.enter(LIVE, 1_000_000);
        Session waiting = new Session();
        Session other = new Session();
        waiting.say(batch(Lane.LANE_BACK_FILL));
        await().atMost(20, TimeUnit.SECONDS).until(() -> {
            registry.reassure();
            return waiting.stream.count(MessageCase.ACK) >= 1;
        });

        assertThat(waiting.stream.asked).as("for the hello and the batch").hasValue(2);
        other.say(heartbeat());
        await().atMost(20, TimeUnit.SECONDS).until(() -> other.stream.asked.get() == 3);
        nanos.addAndGet(Duration.ofMinutes(5).toNanos());
        assertThat(waiting.call.isSilentFor(SILENCE)).isFalse();
        assertThat(places.waiting()).isEqualTo(2);

        places.leave(BACK_FILL);
        places.leave(LIVE);
        await().atMost(20, TimeUnit.SECONDS).until(() -> waiting.stream.asked.get() == 3);
        nanos.addAndGet(Duration.ofMinutes(5).toNanos());
        await().atMost(20, TimeUnit.SECONDS).until(() -> waiting.call.isSilentFor(SILENCE));
        places.enter(BACK_FILL, 1);
    }

    @Test
    void backFillHoldsUpNoFreshResultsHoweverMuchOfItWaits() {
        places.enter(BACK_FILL, 1_000_000);
        Session session = new Session();
        session.say(batch(Lane.LANE_BACK_FILL));
        await().atMost(20, TimeUnit.SECONDS).until(() -> session.stream.asked.get() == 3);
        session.say(batch(Lane.LANE_LIVE));
        await().atMost(20, TimeUnit.SECONDS).until(() -> places.waiting() == 3);

        // Now there is a place.
        places.leave(BACK_FILL);
        session.stream.awaitSent(MessageCase.ACK, 1);
        assertThat(session.stream.sent)
                .filteredOn(ControllerMessage::hasAck)
                .extracting(message -> message.getAck().getLane())
                .containsOnly(Lane.LANE_LIVE);
    }

    @Test
    void whereThereIsRoomTheAgentIsListenedToWhileItsBatchWaits() {
        Session session = new Session();
        session.say(batch(Lane.LANE_BACK_FILL));
        await().atMost(20, TimeUnit.SECONDS).until(() -> session.stream.asked.get() == 3);
        assertThat(places.waiting()).isOne();
        session.say(heartbeat());
        session.stream.awaitSent(MessageCase.HEARTBEAT_REPLY, 1);
    }

    private static AgentMessage.Builder batch(Lane lane) {
        return AgentMessage.newBuilder()
                .setResultBatch(ResultBatch.newBuilder()
                        .setLane(lane)
                        .addRecords(SpoolRecord.newBuilder().setSequence(1).setResult(ScriptedAgent.ok(1, 1, NOW))));
    }

    private static AgentMessage.Builder heartbeat() {
        return AgentMessage.newBuilder().setHeartbeat(Heartbeat.newBuilder().setNumber(1));
    }

    /** Of an agent of its own. It stands when it is made. */
    private final class Session {
        private final TestStream stream = new TestStream();
        private final SessionCall call;

        Session() {
            AgentId agent = new AgentId(new UUID(1, sessions.size()));
            call = new SessionCall(
                    stream,
                    TestPeers.of(agent, BigInteger.ONE),
                    new GatedTasks(),
                    registry,
                    threads,
                    () -> NOW,
                    nanos::get,
                    NONCE);
            sessions.add(this);
            call.begin(NONCE);
            say(AgentMessage.newBuilder().setHello(Hello.newBuilder().setSpoolId(ByteString.copyFrom(new byte[16]))));
            await().atMost(20, TimeUnit.SECONDS).until(() -> stream.asked.get() == 2);
        }

        void say(AgentMessage.Builder message) {
            call.onNext(message.build());
        }
    }

    private final class GatedTasks extends UnfoolableTasks {
        GatedTasks() {
            super(NOW);
        }

        @Override
        public SessionInput store(SessionEffect.Store store, SessionEnd end) {
            return gate.pass(
                    store.batch().lane(),
                    store.bytes(),
                    end,
                    () -> super.store(store, end),
                    new SessionInput.StoreFailed());
        }

        @Override
        public boolean isCrowded(io.postwatch.controller.evaluation.Lane lane) {
            return gate.isCrowded(lane);
        }
    }
}
