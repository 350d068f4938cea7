package io.postwatch.agent.probe.bounds;

import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * Where is calculated what a server may make long: on a few threads of the platform, at most one for two processors. A
 * calculation never blocks, and virtual threads are not interrupted in one; on theirs, costly ones would keep every run
 * from its deadline.
 *
 * <p>Called by many runs at once, each of which waits for its own.
 */
public final class Calculations {

    /** Of the whole agent. */
    public static final Calculations SHARED =
            new Calculations(Math.max(1, Runtime.getRuntime().availableProcessors() / 2), 1000);

    /** How long a run waits at most. */
    public static final Duration PATIENCE = Duration.ofSeconds(5);

    private final ThreadPoolExecutor threads;

    Calculations(int count, int waiting) {
        this.threads = new ThreadPoolExecutor(
                count,
                count,
                10,
                TimeUnit.SECONDS,
                new LinkedBlockingQueue<>(waiting),
                Thread.ofPlatform().name("calculations-", 0).daemon().factory());
        // Nobody closes this: idle threads leave by themselves.
        threads.allowCoreThreadTimeOut(true);
    }

    /**
     * Calculates.
     *
     * @param patience from zero; more than {@link #PATIENCE} is cut to it
     * @throws RejectedExecutionException where this agent has no time for it, or the caller was interrupted
     */
    public <T> T call(Callable<T> calculation, Duration patience) {
        Future<T> result = threads.submit(calculation);
        try {
            return result.get(Math.min(patience.toNanos(), PATIENCE.toNanos()), TimeUnit.NANOSECONDS);
        } catch (InterruptedException e) {
            result.cancel(false);
            Thread.currentThread().interrupt();
            throw new RejectedExecutionException("interrupted", e);
        } catch (TimeoutException e) {
            result.cancel(false);
            throw new RejectedExecutionException("too much to calculate at once", e);
        } catch (ExecutionException e) {
            throw new IllegalStateException("the calculation failed", e.getCause());
        }
    }
}
