package io.postwatch.controller.gateway.gate;

import io.postwatch.controller.shared.NanoTicker;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/**
 * How one hello waits: for one thing after the other, for so long in all, and no longer than its session lasts or until all
 * that wait are released. Used by the thread of the hello alone.
 */
final class HelloWait {
    private final Together together;
    private final SessionEnd end;
    private final NanoTicker ticker;
    private final long began;
    private final long patience;
    private final long releases;

    /** All that wait at one gate. Safe for all threads. */
    static final class Together {
        private final Set<CountDownLatch> waiting = ConcurrentHashMap.newKeySet();
        private final AtomicLong releases = new AtomicLong();

        /** Nobody who waits now waits any longer. */
        void release() {
            releases.incrementAndGet();
            waiting.forEach(CountDownLatch::countDown);
        }
    }

    HelloWait(Together together, SessionEnd end, Duration patience, NanoTicker ticker) {
        this.together = together;
        this.end = end;
        this.ticker = ticker;
        this.began = ticker.nanos();
        this.patience = patience.toNanos();
        this.releases = together.releases.get();
    }

    /** In nanoseconds; none is left where it is not positive. */
    long left() {
        return patience - (ticker.nanos() - began);
    }

    /** Until somebody calls, or there is no point in waiting. */
    void until(CountDownLatch called) throws InterruptedException {
        until(called, left());
    }

    /** For so long, or until there is no point in waiting. */
    void pass(long nanos) throws InterruptedException {
        until(new CountDownLatch(1), nanos);
    }

    private void until(CountDownLatch called, long nanos) throws InterruptedException {
        Runnable call = called::countDown;
        together.waiting.add(called);
        end.tell(call);
        try {
            if (!isReleased()) {
                called.await(nanos, TimeUnit.NANOSECONDS);
            }
        } finally {
            end.forget(call);
            together.waiting.remove(called);
        }
    }

    /** Whether its session is over. */
    boolean isGone() {
        return end.hasCome();
    }

    /** Whether all were released since it came. */
    boolean isReleased() {
        return together.releases.get() != releases;
    }
}
