package io.postwatch.agent.probe.bounds;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.RejectedExecutionException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class CalculationsTest {

    @Test
    void calculatesOnThreadsOfThePlatform() {
        assertThat(new Calculations(1, 1).call(() -> Thread.currentThread().isVirtual(), Calculations.PATIENCE))
                .isFalse();
    }

    @Test
    void whoWaitsTooLongIsToldThatThereWasNoTime() {
        CountDownLatch over = new CountDownLatch(1);
        Calculations calculations = new Calculations(1, 1);
        try {
            // The first is under way, the second waits, the third has no place.
            for (int i = 0; i < 3; i++) {
                assertThatThrownBy(() -> calculations.call(
                                () -> {
                                    over.await();
                                    return true;
                                },
                                Duration.ofMillis(50)))
                        .isInstanceOf(RejectedExecutionException.class);
            }
        } finally {
            over.countDown();
        }
    }

    @Test
    void whoIsInterruptedStaysSo() {
        Thread.currentThread().interrupt();
        assertThatThrownBy(() -> new Calculations(1, 1).call(() -> true, Calculations.PATIENCE))
                .isInstanceOf(RejectedExecutionException.class);
        assertThat(Thread.interrupted()).isTrue();
    }
}
