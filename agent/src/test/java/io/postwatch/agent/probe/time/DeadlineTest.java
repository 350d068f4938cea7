package io.postwatch.agent.probe.time;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(10)
class DeadlineTest {

    private final AtomicLong now = new AtomicLong(Long.MAX_VALUE - 5);
    private final AtomicInteger closed = new AtomicInteger();

    @Test
    void closesWhatIsRegisteredWhenItPasses() throws InterruptedException {
        CountDownLatch both = new CountDownLatch(2);
        try (Deadline deadline = Deadline.after(Duration.ofMillis(20), System::nanoTime)) {
            deadline.register(both::countDown);
            deadline.register(both::countDown);

            assertThat(both.await(5, TimeUnit.SECONDS)).isTrue();
            assertThat(deadline.isPassed()).isTrue();
            assertThat(deadline.isCancelled()).isFalse();
            assertThat(deadline.remaining()).isZero();
        }
    }

    @Test
    void closesAtOnceWhatIsRegisteredTooLate() {
        Deadline deadline = Deadline.after(Duration.ofNanos(10), now::get);
        now.addAndGet(10);

        deadline.register(closed::incrementAndGet);

        assertThat(closed).hasValue(1);
    }

    @Test
    void leavesAloneWhatWasTakenBack() {
        Deadline deadline = Deadline.after(Duration.ofHours(1), now::get);
        deadline.register(closed::incrementAndGet).close();

        deadline.cancel();

        assertThat(closed).hasValue(0);
    }

    @Test
    void closesOnCancelAndOnlyOnce() {
        Deadline deadline = Deadline.after(Duration.ofHours(1), now::get);
        deadline.register(closed::incrementAndGet);

        deadline.cancel();
        deadline.cancel();

        assertThat(closed).hasValue(1);
        assertThat(deadline.isCancelled()).isTrue();
        assertThat(deadline.isPassed()).isFalse();
        assertThat(deadline.remaining()).isZero();
    }

    @Test
    void closesNothingAfterItsOwnEnd() {
        Deadline deadline = Deadline.after(Duration.ofHours(1), now::get);
        deadline.register(closed::incrementAndGet);

        deadline.close();
        deadline.cancel();

        assertThat(closed).hasValue(0);
    }

    @Test
    void tellsTheTimeLeftAcrossTheOverflowOfTheTicker() {
        Deadline deadline = Deadline.after(Duration.ofNanos(100), now::get);
        now.addAndGet(40);

        assertThat(deadline.remaining()).isEqualTo(Duration.ofNanos(60));
        assertThat(deadline.isPassed()).isFalse();
    }

    @Test
    void mustBeInTheFuture() {
        assertThatIllegalArgumentException().isThrownBy(() -> Deadline.after(Duration.ZERO, now::get));
    }
}
