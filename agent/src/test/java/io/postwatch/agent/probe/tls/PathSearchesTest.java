package io.postwatch.agent.probe.tls;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.RejectedExecutionException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class PathSearchesTest {

    @Test
    void searchesOnThreadsOfThePlatform() {
        assertThat(new PathSearches(1, 1, Duration.ofSeconds(50))
                        .call(() -> Thread.currentThread().isVirtual()))
                .isFalse();
    }

    @Test
    void whoWaitsTooLongIsToldThatThereWasNoTime() {
        CountDownLatch over = new CountDownLatch(1);
        PathSearches searches = new PathSearches(1, 1, Duration.ofMillis(50));
        try {
            // The first is under way, the second waits, the third has no place.
            for (int i = 0; i < 3; i++) {
                assertThatThrownBy(() -> searches.call(() -> {
                            over.await();
                            return true;
                        }))
                        .isInstanceOf(RejectedExecutionException.class);
            }
        } finally {
            over.countDown();
        }
    }

    @Test
    void whoIsInterruptedStaysSo() {
        Thread.currentThread().interrupt();
        assertThatThrownBy(() -> new PathSearches(1, 1, Duration.ofSeconds(50)).call(() -> true))
                .isInstanceOf(RejectedExecutionException.class);
        assertThat(Thread.interrupted()).isTrue();
    }
}
