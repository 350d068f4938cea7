package io.postwatch.agent.probe.tls;

import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * Where paths are searched for: on a few threads of the platform, at most one for two processors. A search calculates and
 * never blocks, and virtual threads are not interrupted in that; on theirs, costly chains would keep every run from its
 * deadline.
 *
 * <p>Called by many runs at once, each of which waits for its own search.
 */
final class PathSearches {

    private static final Duration PATIENCE = Duration.ofSeconds(5);
    private static final int MAX_WAITING = 1000;

    private final Duration patience;
    private final ThreadPoolExecutor threads;

    PathSearches() {
        this(Math.max(1, Runtime.getRuntime().availableProcessors() / 2), MAX_WAITING, PATIENCE);
    }

    PathSearches(int count, int waiting, Duration patience) {
        this.patience = patience;
        this.threads = new ThreadPoolExecutor(
                count,
                count,
                10,
                TimeUnit.SECONDS,
                new LinkedBlockingQueue<>(waiting),
                Thread.ofPlatform().name("chains-", 0).daemon().factory());
        // Nobody closes this: idle threads leave by themselves.
        threads.allowCoreThreadTimeOut(true);
    }

    /**
     * What the path finds.
     *
     * @throws RejectedExecutionException where this agent has no time for it, or the caller was interrupted
     */
    TrustPath.Outcome find(TrustPath path, List<X509Certificate> sent, Instant now) {
        return call(() -> path.find(sent, now));
    }

    <T> T call(Callable<T> search) {
        Future<T> found = threads.submit(search);
        try {
            return found.get(patience.toNanos(), TimeUnit.NANOSECONDS);
        } catch (InterruptedException e) {
            found.cancel(false);
            Thread.currentThread().interrupt();
            throw new RejectedExecutionException("interrupted", e);
        } catch (TimeoutException e) {
            found.cancel(false);
            throw new RejectedExecutionException("too many chains at once", e);
        } catch (ExecutionException e) {
            throw new IllegalStateException("the search failed", e.getCause());
        }
    }
}
