package io.postwatch.controller.assignment;

import io.postwatch.controller.assignment.PlacementQueue.Work;
import io.postwatch.controller.shared.NanoTicker;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.context.SmartLifecycle;
import org.springframework.dao.DataAccessException;
import org.springframework.stereotype.Component;
import org.springframework.transaction.TransactionException;

/**
 * Places what was marked, by two threads of its own: a location that takes long, or waits for a lock, doesn't hold up the
 * others. Any thread may mark, and never waits for a placement. A thousand agents that are lost at one location in a
 * moment are one placement, or two where one had begun.
 */
@Component
class Placer implements SmartLifecycle {
    private static final Logger LOG = LoggerFactory.getLogger(Placer.class);
    private static final int THREADS = 2;
    /** Starts before what marks (sessions and people), stops after it and before what it tells. */
    private static final int PHASE = 100;

    private static final Duration STOP_WITHIN = Duration.ofSeconds(5);

    private final Consumer<Work> placement;
    private final NanoTicker ticker;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private final PlacementQueue queue = new PlacementQueue();
    private List<Thread> threads = List.of();
    private boolean stopping;
    /** When it gives up what is left, once it is stopping. */
    private long stopNanos;

    @Autowired
    Placer(Placements placements, NanoTicker ticker) {
        this(placements::place, ticker);
    }

    Placer(Consumer<Work> placement, NanoTicker ticker) {
        this.placement = placement;
        this.ticker = ticker;
    }

    /** To be placed soon, as it will be then. */
    void mark(Work work) {
        lock.lock();
        try {
            queue.mark(work, ticker.nanos());
            changed.signal();
        } finally {
            lock.unlock();
        }
    }

    /** To be placed once nothing that was marked waits. */
    void look(Collection<? extends Work> all) {
        lock.lock();
        try {
            queue.look(all);
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    private void work() {
        try {
            for (Optional<Work> next = take(); next.isPresent(); next = take()) {
                place(next.get());
            }
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
        }
    }

    /** Waits for it; empty at the end, when all that was marked is placed or there is no time for more. */
    private Optional<Work> take() throws InterruptedException {
        lock.lockInterruptibly();
        try {
            while (true) {
                if (stopping) {
                    return ticker.nanos() - stopNanos < 0 ? queue.takeMarked() : Optional.empty();
                }
                long now = ticker.nanos();
                Optional<Work> next = queue.take(now);
                if (next.isPresent()) {
                    return next;
                }
                OptionalLong retry = queue.nanosUntilRetry(now);
                if (retry.isPresent()) {
                    changed.awaitNanos(retry.getAsLong());
                } else {
                    changed.await();
                }
            }
        } finally {
            lock.unlock();
        }
    }

    private void place(Work work) {
        try {
            placement.accept(work);
        } catch (DataAccessException | TransactionException e) {
            // Where the database is away all of them fail: without where each was.
            LOG.warn(
                    "Placing {} failed, and is tried again in {} s: {}",
                    work,
                    failed(work).toSeconds(),
                    e.toString());
            return;
        } catch (RuntimeException | Error e) {
            LOG.error(
                    "Placing {} failed, and is tried again in {} s",
                    work,
                    failed(work).toSeconds(),
                    e);
            return;
        }
        lock.lock();
        try {
            queue.done(work);
            changed.signal();
        } finally {
            lock.unlock();
        }
    }

    private Duration failed(Work work) {
        lock.lock();
        try {
            Duration delay = queue.failed(work, ticker.nanos());
            // Whoever waits may wait for something later.
            changed.signal();
            return delay;
        } finally {
            lock.unlock();
        }
    }

    @Override
    public void start() {
        lock.lock();
        try {
            stopping = false;
            List<Thread> started = new ArrayList<>();
            for (int i = 0; i < THREADS; i++) {
                started.add(Thread.ofVirtual().name("placement-" + i).start(this::work));
            }
            threads = List.copyOf(started);
        } finally {
            lock.unlock();
        }
    }

    /**
     * What is marked is placed first, as far as a few seconds allow: nobody else knows of it. The rest is found by another
     * controller, which looks at all locations when this one gives back its lease, or at the next start.
     */
    @Override
    public void stop() {
        List<Thread> running;
        lock.lock();
        try {
            stopping = true;
            stopNanos = ticker.nanos() + STOP_WITHIN.toNanos();
            changed.signalAll();
            running = threads;
            threads = List.of();
        } finally {
            lock.unlock();
        }
        try {
            for (Thread thread : running) {
                Duration left = Duration.ofNanos(stopNanos - ticker.nanos());
                if (!thread.join(left.isPositive() ? left : Duration.ofMillis(1))) {
                    thread.interrupt();
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public boolean isRunning() {
        lock.lock();
        try {
            return !threads.isEmpty();
        } finally {
            lock.unlock();
        }
    }

    @Override
    public int getPhase() {
        return PHASE;
    }
}
