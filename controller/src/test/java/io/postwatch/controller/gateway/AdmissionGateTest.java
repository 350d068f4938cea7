package io.postwatch.controller.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class AdmissionGateTest {
    /** A monotonic clock that is about to wrap. */
    private final long start = Long.parseLong("9223372036854774807");

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
        assertThat(gate.pass(() -> "in", "busy")).isEqualTo("busy");
        nanos.addAndGet(Duration.ofSeconds(3).toNanos());
        assertThat(gate.pass(() -> "in", "busy")).isEqualTo("in");
    }

    @Test
    void oneThatFindsNoPlaceIsBusyAndAPlaceIsGivenBack() throws InterruptedException {
        AdmissionGate impatient = new AdmissionGate(1_000, 1, Duration.ofMillis(50), nanos::get);
        CountDownLatch inside = new CountDownLatch(1);
        CountDownLatch leave = new CountDownLatch(1);
        Thread first = Thread.ofVirtual()
                .start(() -> impatient.pass(
                        () -> {
                            inside.countDown();
                            try {
                                leave.await();
                            } catch (InterruptedException nobodyDoesThis) {
                                Thread.currentThread().interrupt();
                            }
                            throw new IllegalStateException("an admission that fails");
                        },
                        "busy"));
        inside.await();
        assertThat(impatient.pass(() -> "in", "busy")).isEqualTo("busy");
        leave.countDown();
        first.join();
        nanos.addAndGet(Duration.ofSeconds(1).toNanos());
        assertThat(impatient.pass(() -> "in", "busy")).isEqualTo("in");
    }
}
