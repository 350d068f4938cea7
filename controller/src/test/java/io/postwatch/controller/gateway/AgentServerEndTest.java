package io.postwatch.controller.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import org.junit.jupiter.api.Test;

/** How the threads of the agents' port end. */
class AgentServerEndTest {
    private static final Duration EACH = Duration.ofMillis(100);
    private static final Duration LONG = Duration.ofSeconds(10);

    private final ExecutorService threads =
            Executors.newThreadPerTaskExecutor(Thread.ofVirtual().factory());
    private final CountDownLatch begun = new CountDownLatch(1);

    @Test
    void aThreadThatWaitsIsInterrupted() throws InterruptedException {
        CountDownLatch interrupted = new CountDownLatch(1);
        threads.execute(() -> {
            begun.countDown();
            try {
                new CountDownLatch(1).await();
            } catch (InterruptedException expected) {
                interrupted.countDown();
            }
        });
        begun.await();

        assertThat(assertTimeoutPreemptively(LONG, () -> AgentServer.end(threads, EACH)))
                .isTrue();
        assertThat(interrupted.getCount()).isZero();
    }

    @Test
    void aThreadThatHearsNoInterruptIsLeftAlone() throws InterruptedException {
        Semaphore database = new Semaphore(0);
        threads.execute(() -> {
            begun.countDown();
            database.acquireUninterruptibly();
        });
        begun.await();

        assertThat(assertTimeoutPreemptively(LONG, () -> AgentServer.end(threads, EACH)))
                .isFalse();
        database.release();
    }
}
