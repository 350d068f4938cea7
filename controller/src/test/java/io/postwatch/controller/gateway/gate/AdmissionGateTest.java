package io.postwatch.controller.gateway.gate;

import static org.assertj.core.api.Assertions.assertThat;

import io.postwatch.controller.shared.id.AgentId;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class AdmissionGateTest {
    /** A monotonic clock that is about to wrap. */
    private final long start = Long.parseLong("9223372036854774807");

    private static final AgentId AGENT = new AgentId(new UUID(0, 1));
    private static final AgentId ANOTHER = new AgentId(new UUID(0, 2));

    private final AtomicLong nanos = new AtomicLong(start);
    private final AdmissionGate gate = new AdmissionGate(100, 1, Duration.ofSeconds(2), nanos::get);

    @Test
    void anIdleGateIsPassedAtOnceAndTurnsAreEvenlyApart() {
        assertThat(gate.takeTurn(start)).isZero();
        assertThat(gate.takeTurn(start)).isEqualTo(10_000_000);
        assertThat(gate.takeTurn(start + 5_000_000)).isEqualTo(15_000_000);
        assertThat(gate.takeTurn(start + 60_000_000_000L)).isZero();
        assertThat(gate.takeTurn(start + 60_000_000_000L)).isEqualTo(10_000_000);
    }

    @Test
    void oneThatComesTooLateTakesNobodysTurn() {
        for (int i = 0; i <= 200; i++) {
            assertThat(gate.takeTurn(start)).isEqualTo(i * 10_000_000L);
        }
        for (int i = 0; i < 10_000; i++) {
            assertThat(gate.takeTurn(start)).isEqualTo(2_010_000_000L);
        }
        assertThat(gate.takeTurn(start + 10_000_000)).isEqualTo(2_000_000_000L);
    }

    @Test
    void tooManyAreBusyAndTheOthersPass() {
        for (int i = 0; i <= 200; i++) {
            gate.takeTurn(start);
        }
        assertThat(gate.pass(AGENT, () -> "in", "busy")).isEqualTo("busy");
        nanos.addAndGet(Duration.ofSeconds(3).toNanos());
        assertThat(gate.pass(AGENT, () -> "in", "busy")).isEqualTo("in");
    }

    @Test
    void oneThatFindsNoPlaceIsBusyAndAPlaceIsGivenBack() throws InterruptedException {
        AdmissionGate impatient = new AdmissionGate(1_000, 1, Duration.ofMillis(50), nanos::get);
        Lasting lasting = new Lasting();
        Thread first = Thread.ofVirtual()
                .start(() -> impatient.pass(
                        AGENT,
                        () -> {
                            throw new IllegalStateException("an admission that fails after it was " + lasting.get());
                        },
                        "busy"));
        lasting.begun.await();
        assertThat(impatient.pass(ANOTHER, () -> "in", "busy")).isEqualTo("busy");
        lasting.end.countDown();
        first.join();
        nanos.addAndGet(Duration.ofSeconds(1).toNanos());
        assertThat(impatient.pass(ANOTHER, () -> "in", "busy")).isEqualTo("in");
    }

    @Test
    void oneAgentHasOnePlaceHoweverOftenItComes() throws InterruptedException {
        AdmissionGate two = new AdmissionGate(1_000_000, 2, Duration.ofSeconds(20), nanos::get);
        Lasting lasting = new Lasting();
        List<String> answers = new CopyOnWriteArrayList<>();
        Thread first = Thread.ofVirtual().start(() -> answers.add(two.pass(AGENT, lasting, "busy")));
        lasting.begun.await();
        Thread second = Thread.ofVirtual().start(() -> answers.add(two.pass(AGENT, () -> "second", "overtaken")));
        Awaitility.await().atMost(10, TimeUnit.SECONDS).until(() -> second.getState() == Thread.State.TIMED_WAITING);

        assertThat(two.pass(ANOTHER, () -> "in", "busy")).isEqualTo("in");
        Thread third = Thread.ofVirtual().start(() -> answers.add(two.pass(AGENT, () -> "third", "overtaken")));
        second.join();
        assertThat(answers).containsExactly("overtaken");
        lasting.end.countDown();
        first.join();
        third.join();
        assertThat(answers).containsExactlyInAnyOrder("overtaken", "first", "third");
        assertThat(two.pass(AGENT, () -> "in", "busy")).isEqualTo("in");
    }

    @Test
    void oneThatWaitsForItsOwnHelloTooLongIsBusyAndLeavesNothingBehind() throws InterruptedException {
        AdmissionGate impatient = new AdmissionGate(1_000_000, 2, Duration.ofMillis(20), nanos::get);
        Lasting lasting = new Lasting();
        Thread first = Thread.ofVirtual().start(() -> impatient.pass(AGENT, lasting, "busy"));
        lasting.begun.await();
        assertThat(impatient.pass(AGENT, () -> "in", "busy")).isEqualTo("busy");
        lasting.end.countDown();
        first.join();
        assertThat(impatient.pass(AGENT, () -> "in", "busy")).isEqualTo("in");
    }

    /** An admission that goes on until it is let end. */
    private static final class Lasting implements Supplier<String> {
        private final CountDownLatch begun = new CountDownLatch(1);
        private final CountDownLatch end = new CountDownLatch(1);

        @Override
        public String get() {
            begun.countDown();
            try {
                end.await();
            } catch (InterruptedException nobodyDoesThis) {
                Thread.currentThread().interrupt();
            }
            return "first";
        }
    }
}
