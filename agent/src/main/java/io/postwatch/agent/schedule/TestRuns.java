package io.postwatch.agent.schedule;

import io.postwatch.agent.assignment.Check;
import io.postwatch.agent.assignment.SealedSecret;
import io.postwatch.agent.probe.ProbeResult;
import io.postwatch.agent.probe.failure.FailureCode;
import io.postwatch.agent.probe.time.Deadline;
import io.postwatch.agent.probe.time.NanoTicker;
import java.time.Instant;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import org.jspecify.annotations.Nullable;

/**
 * Monitor tests: runs on demand, each on a virtual thread of its own, whose result goes straight back to who asked.
 * Methods may be called by any thread and don't block.
 */
public final class TestRuns {

    /** Gets the one result of a test, on the test's thread. A cancelled test has none. */
    @FunctionalInterface
    public interface Listener {

        void finished(TestId test, Instant startedAt, ProbeResult result);
    }

    private final CheckRunner checks;
    private final ControllerClock clock;
    private final NanoTicker ticker;
    private final Semaphore free;
    private final Map<TestId, Deadline> going = new ConcurrentHashMap<>();

    public TestRuns(CheckRunner checks, ControllerClock clock, NanoTicker ticker, ScheduleLimits limits) {
        this.checks = checks;
        this.clock = clock;
        this.ticker = ticker;
        this.free = new Semaphore(limits.concurrentTests());
    }

    /** Begins a test; the same test twice is one test. */
    public void begin(TestId test, Check check, @Nullable SealedSecret secret, Listener listener) {
        Deadline deadline = Deadline.after(check.timeout(), ticker);
        if (going.putIfAbsent(test, deadline) != null) {
            deadline.close();
            return;
        }
        Thread.ofVirtual().name("test").start(() -> run(test, check, secret, deadline, listener));
    }

    /** Ends a test; its result is not told any more. */
    public void cancel(TestId test) {
        Deadline deadline = going.remove(test);
        if (deadline != null) {
            deadline.cancel();
        }
    }

    private void run(TestId test, Check check, @Nullable SealedSecret secret, Deadline deadline, Listener listener) {
        Instant startedAt = clock.instant();
        ProbeResult result;
        if (free.tryAcquire()) {
            try (deadline) {
                result = checks.run(check, secret, 0, deadline, new UUID(0, 0));
            } finally {
                free.release();
            }
        } else {
            result = ProbeResult.notRun(
                    FailureCode.OVERLOADED, "The agent has too many tests to do; try again in a moment.");
        }
        if (going.remove(test) != null) {
            listener.finished(test, startedAt, result);
        }
    }
}
