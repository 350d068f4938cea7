package io.postwatch.controller.identity;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class AttemptLimitsTest {
    private final AtomicLong nanos = new AtomicLong(Long.MAX_VALUE - 5);
    private final AttemptLimits limits = new AttemptLimits(nanos::get, 3, Duration.ofSeconds(10));

    @Test
    void afterTheBurstThereIsOneAttemptPerInterval() {
        for (int i = 0; i < 3; i++) {
            assertThat(limits.take("a")).isEmpty();
        }

        assertThat(limits.take("a")).hasValue(Duration.ofSeconds(10));
        nanos.addAndGet(Duration.ofSeconds(4).toNanos());
        assertThat(limits.take("a")).hasValue(Duration.ofSeconds(6));
        nanos.addAndGet(Duration.ofSeconds(6).toNanos());
        assertThat(limits.take("a")).isEmpty();
        assertThat(limits.take("a")).isPresent();
    }

    @Test
    void eachKeyCountsForItself() {
        for (int i = 0; i < 4; i++) {
            limits.take("a");
        }

        assertThat(limits.take("b")).isEmpty();
    }

    @Test
    void aRightfulAttemptIsGivenBack() {
        for (int i = 0; i < 20; i++) {
            assertThat(limits.take("a")).isEmpty();
            limits.giveBack("a");
        }
    }

    @Test
    void waitingSavesUpNoMoreThanTheBurst() {
        limits.take("a");
        nanos.addAndGet(Duration.ofHours(5).toNanos());
        for (int i = 0; i < 3; i++) {
            assertThat(limits.take("a")).isEmpty();
        }

        assertThat(limits.take("a")).isPresent();
    }
}
