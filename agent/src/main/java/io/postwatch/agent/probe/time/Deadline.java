package io.postwatch.agent.probe.time;

import io.postwatch.agent.probe.bounds.Checks;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * The absolute end of a run. When it passes, it closes what was registered with it, so that no read, write or connect
 * outlives it however the server behaves: a time-out per read is no protection from one that drips a byte a second.
 *
 * <p>Any thread may call it. One thread serves the deadlines of all runs: it waits for the moment and calls what is
 * registered, whose {@code close} must therefore not block, as that of a socket does not. It is a platform thread, so that
 * it gets its turn even while every carrier of virtual threads is busy. {@link #close} ends the watch and closes nothing
 * else.
 */
public final class Deadline implements AutoCloseable {

    /** Something that ends what a thread is blocked in. */
    @FunctionalInterface
    public interface Closer {

        void close() throws IOException;
    }

    /** Takes a registration back. */
    @FunctionalInterface
    public interface Registration extends AutoCloseable {

        @Override
        void close();
    }

    private enum State {
        RUNNING,
        PASSED,
        CANCELLED,
        CLOSED
    }

    private static final ScheduledThreadPoolExecutor TIMER = timer();

    private final NanoTicker ticker;
    private final long end;
    private final ReentrantLock lock = new ReentrantLock();
    private final List<Closer> closers = new ArrayList<>(2);
    private State state = State.RUNNING;
    private @Nullable Future<?> alarm;

    private Deadline(NanoTicker ticker, long end) {
        this.ticker = ticker;
        this.end = end;
    }

    /** A deadline that long from now; positive. */
    public static Deadline after(Duration timeout, NanoTicker ticker) {
        Checks.positive(timeout, "timeout");
        return new Deadline(ticker, ticker.nanos() + timeout.toNanos());
    }

    /** The time left; zero once it has passed or was cancelled. */
    public Duration remaining() {
        if (isCancelled()) {
            return Duration.ZERO;
        }
        return Duration.ofNanos(Math.max(0, end - ticker.nanos()));
    }

    /** Whether the time is over. */
    public boolean isPassed() {
        return end - ticker.nanos() <= 0;
    }

    /** Whether {@link #cancel} ended it before its time. */
    public boolean isCancelled() {
        lock.lock();
        try {
            return state == State.CANCELLED;
        } finally {
            lock.unlock();
        }
    }

    /** Ends the run now: closes what is registered, as if the time were over. Has no effect afterwards. */
    public void cancel() {
        end(State.CANCELLED);
    }

    /**
     * Has something closed when the deadline passes or is cancelled; at once where that has happened already.
     *
     * @return to be closed when the resource needs no watching any more
     */
    public Registration register(Closer closer) {
        lock.lock();
        try {
            if (state == State.RUNNING && !isPassed()) {
                closers.add(closer);
                if (alarm == null) {
                    setAlarm();
                }
                return () -> unregister(closer);
            }
        } finally {
            lock.unlock();
        }
        close(closer);
        return () -> {};
    }

    /** Ends the watch. What is registered stays as it is. */
    @Override
    public void close() {
        lock.lock();
        try {
            if (state == State.RUNNING) {
                state = State.CLOSED;
            }
            closers.clear();
            silenceAlarm();
        } finally {
            lock.unlock();
        }
    }

    private void unregister(Closer closer) {
        lock.lock();
        try {
            closers.remove(closer);
        } finally {
            lock.unlock();
        }
    }

    /** Called with the lock held. */
    private void setAlarm() {
        alarm = TIMER.schedule(this::onAlarm, end - ticker.nanos(), TimeUnit.NANOSECONDS);
    }

    /** Called by the timer's thread, which goes by a clock of its own: where that is ahead, once more. */
    private void onAlarm() {
        lock.lock();
        try {
            if (state != State.RUNNING) {
                return;
            }
            if (!isPassed()) {
                setAlarm();
                return;
            }
        } finally {
            lock.unlock();
        }
        end(State.PASSED);
    }

    private void end(State how) {
        List<Closer> due;
        lock.lock();
        try {
            if (state != State.RUNNING) {
                return;
            }
            state = how;
            due = List.copyOf(closers);
            closers.clear();
            silenceAlarm();
        } finally {
            lock.unlock();
        }
        due.forEach(Deadline::close);
    }

    /** Called with the lock held. */
    private void silenceAlarm() {
        if (alarm != null) {
            alarm.cancel(false);
        }
    }

    private static void close(Closer closer) {
        try {
            closer.close();
        } catch (IOException | RuntimeException e) {
            // The blocked thread sees the closed resource and reports; a failing close has nothing to add to it, and
            // must not keep the next from being closed.
        }
    }

    /** What is cancelled leaves its queue at once: most runs end long before their time. */
    private static ScheduledThreadPoolExecutor timer() {
        ScheduledThreadPoolExecutor timer = new ScheduledThreadPoolExecutor(
                1, Thread.ofPlatform().name("deadlines").daemon().factory());
        timer.setRemoveOnCancelPolicy(true);
        return timer;
    }
}
