package io.postwatch.agent.schedule;

import io.postwatch.agent.assignment.SeriesId;
import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Runs that wait for their turn and runs that go on: no two of one series from the grid, no more at once than the limits
 * say, those against one server apart. Knows no clock and no threads: used by one thread at a time.
 */
final class RunQueue {

    /** What is to be done about the run at the head of the queue. */
    sealed interface Next {

        /** It begins now. */
        record Begin(ActiveRun run) implements Next {}

        /** It waited for longer than it may. */
        record GiveUp(ActiveRun run) implements Next {}
    }

    private final ScheduleLimits limits;
    private final WaitingRuns waiting;
    private final Set<ActiveRun> running = new HashSet<>();

    /** Series with a run of the grid that waits or goes on. */
    private final Set<SeriesId> busy = new HashSet<>();

    private long runs;
    private long skippedRuns;
    private Duration lag = Duration.ZERO;

    RunQueue(ScheduleLimits limits) {
        this.limits = limits;
        this.waiting = new WaitingRuns(limits.targetSpacing());
    }

    /**
     * Lets a run wait for its turn.
     *
     * @return false where the run of its series before still goes on: then it is skipped
     */
    boolean add(ActiveRun run) {
        if (!run.triggered() && !busy.add(run.assignment().series())) {
            skippedRuns++;
            return false;
        }
        waiting.add(run);
        return true;
    }

    /** Takes the next run whose time has come; empty where there is none, or no room. */
    Optional<Next> next(long nowNanos, Instant now) {
        Optional<ActiveRun> givenUp = waiting.takeGivenUp(nowNanos);
        if (givenUp.isPresent()) {
            freeSeries(givenUp.get());
            skippedRuns++;
            return givenUp.map(Next.GiveUp::new);
        }
        if (!hasRoom()) {
            return Optional.empty();
        }
        Optional<ActiveRun> ready = waiting.takeReady(nowNanos);
        ready.ifPresent(run -> begin(run, nowNanos, now));
        return ready.map(Next.Begin::new);
    }

    private boolean hasRoom() {
        return running.size() < limits.concurrentRuns();
    }

    private void begin(ActiveRun run, long nowNanos, Instant now) {
        running.add(run);
        run.begin(nowNanos, limits.watchdog());
        runs++;
        if (!run.triggered()) {
            Duration late = Duration.between(run.scheduledAt(), now);
            lag = late.compareTo(lag) > 0 ? late : lag;
        }
    }

    /** Nanoseconds until the next run may begin; {@link Long#MAX_VALUE} where only the end of another lets one begin. */
    long nextBeginsIn(long nowNanos) {
        return hasRoom() ? waiting.beginsIn(nowNanos) : Long.MAX_VALUE;
    }

    List<ActiveRun> overdue(long nowNanos) {
        return running.stream().filter(run -> run.isOverdue(nowNanos)).toList();
    }

    /** The run goes on no longer. */
    void ended(ActiveRun run) {
        if (running.remove(run)) {
            freeSeries(run);
        }
    }

    private void freeSeries(ActiveRun run) {
        if (!run.triggered()) {
            busy.remove(run.assignment().series());
        }
    }

    /** Whether no run goes on. */
    boolean isIdle() {
        return running.isEmpty();
    }

    List<ActiveRun> running() {
        return List.copyOf(running);
    }

    /** Takes all that have not begun. */
    List<ActiveRun> takeWaiting() {
        return waiting.takeAll();
    }

    /** Counts runs that never came into the queue. */
    void countSkipped(long never) {
        skippedRuns += never;
    }

    /** The load since this was called last. */
    RunLoad takeLoad() {
        RunLoad load = new RunLoad(runs, skippedRuns, lag);
        runs = 0;
        skippedRuns = 0;
        lag = Duration.ZERO;
        return load;
    }
}
