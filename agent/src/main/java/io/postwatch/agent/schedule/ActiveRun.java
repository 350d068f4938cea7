package io.postwatch.agent.schedule;

import io.postwatch.agent.assignment.Assignment;
import io.postwatch.agent.probe.ProbeResult;
import io.postwatch.agent.probe.time.Deadline;
import java.time.Duration;
import java.time.Instant;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/**
 * A run from its moment until its one result. Whoever {@linkplain #claimResult claims} the result first, the run itself
 * or the watchdog, records it; the other's is dropped.
 */
final class ActiveRun {

    /** The longest time that a run waits for its turn to log in. */
    private static final Duration LOGIN_PATIENCE = Duration.ofSeconds(20);

    private final Assignment assignment;
    private final UUID runId;
    private final long runNumber;
    private final Instant scheduledAt;
    private final boolean clockSuspect;
    private final boolean triggered;
    private final long queuedNanos;
    private final long giveUpNanos;
    private final AtomicBoolean claimed = new AtomicBoolean();
    private volatile long overdueNanos = Long.MAX_VALUE;
    private volatile boolean begun;
    private volatile boolean isCut;
    private volatile @Nullable Deadline deadline;
    private volatile @Nullable Thread thread;

    ActiveRun(
            Assignment assignment,
            UUID runId,
            long runNumber,
            Instant scheduledAt,
            boolean clockSuspect,
            boolean triggered,
            long queuedNanos,
            long giveUpNanos) {
        this.assignment = assignment;
        this.runId = runId;
        this.runNumber = runNumber;
        this.scheduledAt = scheduledAt;
        this.clockSuspect = clockSuspect;
        this.triggered = triggered;
        this.queuedNanos = queuedNanos;
        this.giveUpNanos = giveUpNanos;
    }

    Assignment assignment() {
        return assignment;
    }

    UUID runId() {
        return runId;
    }

    long runNumber() {
        return runNumber;
    }

    Instant scheduledAt() {
        return scheduledAt;
    }

    boolean clockSuspect() {
        return clockSuspect;
    }

    boolean triggered() {
        return triggered;
    }

    /** When it was made, to wait for its turn. */
    long queuedNanos() {
        return queuedNanos;
    }

    /** Whether it waited longer than it should for its turn. */
    boolean isGivenUp(long nowNanos) {
        return giveUpNanos - nowNanos < 0;
    }

    /** How long it may wait for its turn to log in, so that its series is free for the next run soon enough. */
    Duration loginPatience() {
        if (!assignment.check().needsLease()) {
            return Duration.ZERO;
        }
        Duration half = assignment.period().dividedBy(2);
        return half.compareTo(LOGIN_PATIENCE) < 0 ? half : LOGIN_PATIENCE;
    }

    /** The run begins; called by the scheduler's loop. */
    void begin(long nowNanos, Duration watchdog) {
        Duration longest = loginPatience().plus(assignment.check().timeout()).plus(watchdog);
        overdueNanos = nowNanos + longest.toNanos();
        begun = true;
    }

    boolean isOverdue(long nowNanos) {
        return begun && overdueNanos - nowNanos < 0;
    }

    /** Called by the run's own thread. */
    void runningOn(Thread runner, Deadline until) {
        thread = runner;
        deadline = until;
        // Whichever of the two comes first, the other sees it.
        if (isCut) {
            until.cancel();
        }
    }

    /** True for the first caller only. */
    boolean claimResult() {
        return claimed.compareAndSet(false, true);
    }

    /** Ends what the run is blocked in; the run then ends by itself. */
    void cut() {
        isCut = true;
        Deadline until = deadline;
        if (until != null) {
            until.cancel();
        }
    }

    void interrupt() {
        Thread runner = thread;
        if (runner != null) {
            runner.interrupt();
        }
    }

    /** The run with its one result. */
    FinishedRun finished(Instant startedAt, ProbeResult result) {
        return new FinishedRun(
                assignment.series(),
                assignment.revision(),
                runId,
                scheduledAt,
                startedAt,
                result,
                clockSuspect,
                triggered);
    }
}
