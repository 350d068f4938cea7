package io.postwatch.controller.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.google.protobuf.ByteString;
import io.grpc.Status;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.postwatch.controller.gateway.gate.SessionEnd;
import io.postwatch.controller.liveness.AgentPeer;
import io.postwatch.controller.liveness.AgentSession;
import io.postwatch.controller.shared.Bytes;
import io.postwatch.controller.shared.id.AgentId;
import io.postwatch.proto.agent.v1.AgentMessage;
import io.postwatch.proto.agent.v1.ControllerMessage.MessageCase;
import io.postwatch.proto.agent.v1.GoodbyeReason;
import io.postwatch.proto.agent.v1.Hello;
import java.math.BigInteger;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A hello that waits for its turn: its agent hears so, is not taken for silent, and may leave. */
@Timeout(60)
class QueuedHelloTest {
    private static final AgentId AGENT = new AgentId(new UUID(0, 7));
    private static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");
    private static final Bytes NONCE = Bytes.of(new byte[32]);
    private static final Duration LONG = Duration.ofMinutes(1);
    private static final Duration HELLO_WITHIN = Duration.ofSeconds(15);
    private static final Duration JUDGED_WITHIN = Duration.ofMinutes(8);

    private final SimpleMeterRegistry meters = new SimpleMeterRegistry();
    private final SessionRegistry registry = new SessionRegistry(meters);
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final AtomicLong nanos = new AtomicLong();
    private final TestStream stream = new TestStream();
    private final CountDownLatch turn = new CountDownLatch(1);
    private final CountDownLatch waiting = new CountDownLatch(1);
    private final List<String> done = new CopyOnWriteArrayList<>();
    private final SessionCall call = another(stream);
    private volatile @Nullable Error failure;

    @BeforeEach
    void sayHello() throws InterruptedException {
        call.begin(NONCE);
        call.onNext(hello());
        waiting.await();
    }

    private SessionCall another(TestStream of) {
        return new SessionCall(
                of, TestPeers.of(AGENT, BigInteger.ONE), new Tasks(), registry, threads, () -> NOW, nanos::get, NONCE);
    }

    private static AgentMessage hello() {
        return AgentMessage.newBuilder()
                .setHello(Hello.newBuilder().setSpoolId(ByteString.copyFrom(new byte[16])))
                .build();
    }

    @AfterEach
    void end() {
        turn.countDown();
        threads.close();
    }

    @Test
    void itsAgentHearsSoEveryFewSeconds() {
        registry.reassure();
        pass(Duration.ofSeconds(4));
        registry.reassure();
        assertThat(stream.count(MessageCase.QUEUED)).as("it has only just come").isZero();
        for (int i = 1; i <= 3; i++) {
            pass(Duration.ofSeconds(5));
            registry.reassure();
            registry.reassure();
            stream.awaitSent(MessageCase.QUEUED, i);
        }
        assertThat(stream.count(MessageCase.QUEUED)).isEqualTo(3);
        assertThat(stream.asked).as("messages asked for").hasValue(1);
    }

    @Test
    void itIsNotTakenForSilentAndIsWelcomedAtItsTurn() {
        pass(LONG);
        registry.endUngreeted(HELLO_WITHIN, JUDGED_WITHIN);
        turn.countDown();
        stream.awaitSent(MessageCase.WELCOME, 1);
        await().atMost(10, TimeUnit.SECONDS).until(() -> stream.asked.get() == 2);
        registry.endSilent(Duration.ofSeconds(24));
        pass(Duration.ofSeconds(5));
        registry.reassure();
        assertThatItStillStands();
        assertThat(stream.count(MessageCase.QUEUED)).isZero();
        assertThat(done).containsExactly("opened", "announced");
    }

    @Test
    void itIsCountedForAsLongAsItWaits() {
        another(new TestStream()).begin(NONCE);
        assertThat(hellos()).as("who has not said hello does not count").isOne();
        TestStream secondStream = new TestStream();
        SessionCall second = another(secondStream);
        second.begin(NONCE);
        second.onNext(hello());
        await().atMost(10, TimeUnit.SECONDS).until(() -> hellos() == 2);

        second.onCompleted();
        secondStream.awaitEnd();
        assertThat(hellos()).as("who left").isOne();
        turn.countDown();
        stream.awaitSent(MessageCase.WELCOME, 1);
        await().atMost(10, TimeUnit.SECONDS).until(() -> hellos() == 0);
    }

    private double hellos() {
        return meters.get("postwatch.gateway.hellos").gauge().value();
    }

    @Test
    void whoLeavesMeanwhileHoldsNoSession() {
        call.onCompleted();
        stream.awaitEnd();
        turn.countDown();
        await().atMost(10, TimeUnit.SECONDS).until(() -> done.contains("closed"));
        assertThat(done).containsExactly("opened", "closed");
        assertThat(registry.holds(AGENT)).isFalse();
        pass(LONG);
        registry.reassure();
        assertThat(stream.count(MessageCase.QUEUED)).isZero();
    }

    @Test
    void oneThatIsNeverAnsweredEndsInTheEnd() {
        pass(JUDGED_WITHIN);
        registry.endUngreeted(HELLO_WITHIN, JUDGED_WITHIN);
        registry.reassure();
        stream.awaitSent(MessageCase.QUEUED, 1);

        await().atMost(10, TimeUnit.SECONDS).until(() -> {
            pass(Duration.ofNanos(1));
            registry.endUngreeted(HELLO_WITHIN, JUDGED_WITHIN);
            return stream.ended().isPresent();
        });

        assertThat(stream.awaitEnd().getCode()).isEqualTo(Status.Code.CANCELLED);
    }

    @Test
    void oneWhoseJudgementFailsBeyondWordsEndsAtOnce() {
        failure = new Unspeakable();
        turn.countDown();
        // The thread that is to judge ends by that error.
        await().dontCatchUncaughtExceptions()
                .atMost(10, TimeUnit.SECONDS)
                .until(
                        () -> stream.ended().map(Status::getCode),
                        ended -> ended.equals(Optional.of(Status.Code.UNAVAILABLE)));
    }

    @Test
    void aControllerThatStopsSaysSoInsteadOfLettingItIn() {
        registry.drain(Duration.ofSeconds(2));

        assertThat(stream.awaitEnd()).isEqualTo(Status.OK);
        assertThat(stream.sent.getLast().getGoodbye().getReason()).isEqualTo(GoodbyeReason.GOODBYE_REASON_STOPPING);
        turn.countDown();
        await().atMost(10, TimeUnit.SECONDS).until(() -> done.contains("opened"));
        threads.close();
        assertThat(stream.count(MessageCase.WELCOME) + stream.count(MessageCase.DRAIN))
                .isZero();
        assertThat(registry.holds(AGENT)).isFalse();
        assertThat(done).as("its agent has its minute to come elsewhere").containsExactly("opened");
    }

    @Test
    void whoComesWhileTheControllerStopsHearsSoAndNotAnyMoreOnceItIsOpen() {
        registry.drain(Duration.ofSeconds(2));
        TestStream late = new TestStream();
        another(late).begin(NONCE);
        assertThat(late.awaitEnd()).isEqualTo(Status.OK);
        assertThat(late.sent.getLast().getGoodbye().getReason()).isEqualTo(GoodbyeReason.GOODBYE_REASON_STOPPING);

        registry.open();
        TestStream later = new TestStream();
        SessionCall welcome = another(later);
        welcome.begin(NONCE);
        turn.countDown();
        welcome.onNext(hello());
        later.awaitSent(MessageCase.WELCOME, 1);
    }

    /** Being asked takes its turn behind what the session has to do, so silence is asked for until it has done that. */
    private void assertThatItStillStands() {
        call.offer(new SessionInput.Busy());
        stream.awaitSent(MessageCase.ACK, 1);
        assertThat(registry.holds(AGENT)).isTrue();
    }

    private void pass(Duration time) {
        nanos.addAndGet(time.toNanos());
    }

    /** It can't be logged: who asks for its message first does not get it. */
    private static final class Unspeakable extends Error {
        private static final long serialVersionUID = 1;
        private final AtomicBoolean asked = new AtomicBoolean();

        @Override
        public String getMessage() {
            if (asked.compareAndSet(false, true)) {
                throw this;
            }
            return "as the test wants";
        }
    }

    /** Waits for the test, and judges whether or not the agent is still there. */
    private final class Tasks extends UnfoolableTasks {
        Tasks() {
            super(NOW);
        }

        @Override
        public SessionInput admit(SessionEffect.Admit admit, AgentPeer certificate, SessionEnd end) {
            waiting.countDown();
            try {
                turn.await();
            } catch (InterruptedException nobodyDoesThis) {
                Thread.currentThread().interrupt();
            }
            Error error = failure;
            if (error != null) {
                throw error;
            }
            done.add("opened");
            return super.admit(admit, certificate, end);
        }

        @Override
        public void announce(AgentSession session) {
            done.add("announced");
        }

        @Override
        public void close(AgentSession session, boolean agentWent) {
            done.add("closed");
        }
    }
}
