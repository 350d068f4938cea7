package io.postwatch.controller.web.events;

import static org.assertj.core.api.Assertions.assertThat;

import io.postwatch.controller.shared.NanoTicker;
import io.postwatch.controller.shared.id.TenantId;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.springframework.http.MediaType;
import org.springframework.web.servlet.mvc.method.annotation.SseEmitter;

@Timeout(30)
class EventStreamTest {
    private static final Duration LONG = Duration.ofMinutes(10);

    private final SlowBrowser browser = new SlowBrowser();

    @Test
    void nobodyWaitsForABrowserThatStoppedReading() throws InterruptedException {
        EventStream stream = stream(() -> true, () -> 0);
        Thread own = Thread.ofVirtual().start(stream);
        stream.offer(event(0));
        browser.blocked.await();

        for (int number = 1; number <= 1000; number++) {
            stream.offer(event(number));
        }
        stream.close();

        assertThat(browser.completedBy).isEmpty();
        browser.reads.countDown();
        own.join();
        assertThat(browser.completedBy).containsExactly(own);
        assertThat(browser.sent).containsExactly(event(0));
    }

    @Test
    void closingWakesTheStream() throws InterruptedException {
        browser.reads.countDown();
        EventStream stream = stream(() -> true, () -> 0);
        Thread own = Thread.ofVirtual().start(stream);
        stream.offer(event(0));
        browser.blocked.await();

        stream.close();

        assertThat(own.join(Duration.ofSeconds(20))).isTrue();
        assertThat(browser.sent).doesNotContain(new ChangeEvent("", "", 0));
    }

    @Test
    void aBusyStreamEndsWithItsSessionToo() throws InterruptedException {
        browser.reads.countDown();
        AtomicLong time = new AtomicLong();
        EventStream stream = stream(() -> false, () -> time.getAndAdd(LONG.toNanos()));
        Thread own = Thread.ofVirtual().start(stream);

        stream.offer(event(1));

        assertThat(own.join(Duration.ofSeconds(20))).isTrue();
        assertThat(browser.sent).isEmpty();
    }

    private EventStream stream(BooleanSupplier allowed, NanoTicker ticker) {
        return new EventStream(new TenantId(new UUID(0, 1)), "session", browser, LONG, allowed, ticker);
    }

    private static ChangeEvent event(int number) {
        return new ChangeEvent("monitor", "m", number);
    }

    /** Like the real one it holds its lock while it sends, and needs it to complete. */
    private static final class SlowBrowser extends SseEmitter {
        private final CountDownLatch blocked = new CountDownLatch(1);
        private final CountDownLatch reads = new CountDownLatch(1);
        private final List<Object> sent = new CopyOnWriteArrayList<>();
        private final List<Thread> completedBy = new CopyOnWriteArrayList<>();

        @Override
        public void send(SseEventBuilder builder) {}

        @Override
        public synchronized void send(Object event, @Nullable MediaType mediaType) throws IOException {
            sent.add(event);
            blocked.countDown();
            try {
                if (!reads.await(20, TimeUnit.SECONDS)) {
                    throw new IOException("The browser never read");
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }

        @Override
        public synchronized void complete() {
            completedBy.add(Thread.currentThread());
        }
    }
}
