package io.postwatch.agent.probe.time;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
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
    void theOneThatEndsFirstIsClosedFirstWhicheverWasThereBefore() throws InterruptedException {
        CountDownLatch soon = new CountDownLatch(1);
        try (Deadline late = Deadline.after(Duration.ofHours(1), System::nanoTime);
                Deadline early = Deadline.after(Duration.ofMillis(20), System::nanoTime)) {
            late.register(closed::incrementAndGet);
            early.register(soon::countDown);

            assertThat(soon.await(5, TimeUnit.SECONDS)).isTrue();
            assertThat(closed).hasValue(0);
        }
    }

    @Test
    void oneThatFailsToCloseKeepsNoOtherOpen() throws InterruptedException {
        CountDownLatch others = new CountDownLatch(2);
        try (Deadline one = Deadline.after(Duration.ofMillis(20), System::nanoTime);
                Deadline another = Deadline.after(Duration.ofMillis(40), System::nanoTime)) {
            one.register(() -> {
                throw new IOException("as told");
            });
            one.register(() -> {
                throw new IllegalStateException("as told");
            });
            one.register(others::countDown);
            another.register(others::countDown);

            assertThat(others.await(5, TimeUnit.SECONDS)).isTrue();
        }
    }

    @Test
    void closesWhileEveryCarrierOfVirtualThreadsIsBusy() throws InterruptedException {
        int carriers = Runtime.getRuntime().availableProcessors();
        AtomicBoolean over = new AtomicBoolean();
        CountDownLatch busy = new CountDownLatch(carriers);
        CountDownLatch ended = new CountDownLatch(carriers);
        for (int i = 0; i < carriers; i++) {
            Thread.ofVirtual().start(() -> {
                busy.countDown();
                while (!over.get()) {
                    Thread.onSpinWait();
                }
                ended.countDown();
            });
        }
        assertThat(busy.await(5, TimeUnit.SECONDS)).isTrue();

        try (Deadline deadline = Deadline.after(Duration.ofMillis(20), System::nanoTime)) {
            deadline.register(() -> over.set(true));

            assertThat(ended.await(5, TimeUnit.SECONDS)).isTrue();
        } finally {
            over.set(true);
        }
    }

    @Test
    void goesByItsOwnClockWhereThatIsBehind() throws InterruptedException {
        long start = System.nanoTime();
        CountDownLatch passed = new CountDownLatch(1);
        // Half as fast as the clock of whoever waits for it.
        try (Deadline deadline = Deadline.after(Duration.ofMillis(50), () -> start + (System.nanoTime() - start) / 2)) {
            deadline.register(passed::countDown);

            assertThat(passed.await(5, TimeUnit.SECONDS)).isTrue();
            assertThat(System.nanoTime() - start)
                    .isGreaterThanOrEqualTo(Duration.ofMillis(100).toNanos());
        }
    }

    @Test
    void mustBeInTheFuture() {
        assertThatIllegalArgumentException().isThrownBy(() -> Deadline.after(Duration.ZERO, now::get));
    }
}
