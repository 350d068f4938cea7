package io.postwatch.agent.schedule;

import io.postwatch.agent.assignment.Assignment;
import io.postwatch.agent.assignment.DesiredState;
import io.postwatch.agent.assignment.SeriesId;
import io.postwatch.agent.probe.ProbeResult;
import io.postwatch.agent.probe.failure.FailureCode;
import io.postwatch.agent.probe.time.NanoTicker;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs the assignments on their grid, and triggered runs beside it.
 *
 * <p>One loop thread decides what begins; every run has a virtual thread of its own; both hold the lock only to change
 * the books, never while they probe or record. Every run that was due ends in exactly one call of the recorder: with what
 * the probe found, or with an {@code agent} failure where the run was skipped, could not begin, crashed or was cut off.
 * Methods may be called by any thread and don't block.
 */
public final class Scheduler implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(Scheduler.class);

    /** The loop looks at the clock at least this often, for the controller's time may have been corrected. */
    private static final Duration LOOK = Duration.ofMillis(500);

    private static final String STOPPED_BEFORE = "The agent stopped before the run could begin.";

    private final RecordedRuns runs;
    private final RunRecorder recorder;
    private final ControllerClock clock;
    private final NanoTicker ticker;
    private final ScheduleLimits limits;
    private final Supplier<UUID> ids;
    private final RunThreads threads;
    private final Thread loop;

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();

    /** All below are guarded by the lock. */
    private final Timetable timetable;

    private final EarlyTriggers earlyTriggers = new EarlyTriggers();
    private final RunQueue queue;
    private int telling;
    private boolean suspect;
    private boolean stopping;

    /**
     * Begins with nothing to do; {@link #assign} gives it work.
     *
     * @param ids makes the ids of runs
     */
    public Scheduler(
            CheckRunner checks,
            RunRecorder recorder,
            ControllerClock clock,
            NanoTicker ticker,
            ScheduleLimits limits,
            Supplier<UUID> ids) {
        this(checks, recorder, clock, ticker, limits, ids, RunThreads.VIRTUAL);
        loop.start();
    }

    /** Looks only when its caller has it {@linkplain #look look}, and has its runs go on where the caller wishes. */
    Scheduler(
            CheckRunner checks,
            RunRecorder recorder,
            ControllerClock clock,
            NanoTicker ticker,
            ScheduleLimits limits,
            Supplier<UUID> ids,
            RunThreads threads) {
        this.runs = new RecordedRuns(checks, recorder, clock, ticker);
        this.recorder = recorder;
        this.clock = clock;
        this.ticker = ticker;
        this.limits = limits;
        this.ids = ids;
        this.threads = threads;
        this.queue = new RunQueue(limits);
        this.timetable = new Timetable(clock.latestBefore());
        this.suspect = clock.isSuspect();
        this.loop = Thread.ofPlatform().name("schedule").daemon(true).unstarted(this::loop);
    }

    /** What is to run from now on. A series whose grid is unchanged goes on with its next number. */
    public void assign(DesiredState state) {
        lock.lock();
        try {
            followTheKnownTime();
            timetable.assign(state, clock.instant());
            startEarlyTriggers();
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /**
     * Runs a series once, now, beside its grid.
     *
     * @param revision the assignment must be at least at this one; a younger one is waited for
     * @param scheduledAt the key of its result, given by the controller
     */
    public void trigger(SeriesId id, long revision, Instant scheduledAt) {
        lock.lock();
        try {
            EarlyTriggers.Trigger trigger = EarlyTriggers.begin(id, revision, scheduledAt, ticker.nanos());
            if (stopping) {
                tellSkipped(trigger, STOPPED_BEFORE);
                return;
            }
            earlyTriggers.add(trigger);
            startEarlyTriggers();
            earlyTriggers.takeTooMany(oldest -> tellSkipped(
                    oldest, "Too many triggered runs waited for changes of their monitors that had not come."));
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /** The load since this was called last. */
    public RunLoad takeLoad() {
        lock.lock();
        try {
            return queue.takeLoad();
        } finally {
            lock.unlock();
        }
    }

    /**
     * Begins no more runs, waits for those that go on, and cuts off what is left after the patience: those are told as
     * skipped.
     */
    public void stop(Duration patience) {
        List<ActiveRun> notBegun;
        lock.lock();
        try {
            stopping = true;
            notBegun = queue.takeWaiting();
            earlyTriggers.takeAll(trigger -> tellSkipped(trigger, STOPPED_BEFORE));
            changed.signalAll();
        } finally {
            lock.unlock();
        }
        notBegun.forEach(run -> runs.giveUp(run, FailureCode.SKIPPED, STOPPED_BEFORE));
        if (awaitRuns(patience)) {
            return;
        }
        for (ActiveRun run : runningNow()) {
            runs.giveUp(run, FailureCode.SKIPPED, "The agent stopped while the run was going on.");
            run.cut();
        }
    }

    @Override
    public void close() {
        stop(Duration.ZERO);
        try {
            loop.join();
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    private boolean awaitRuns(Duration patience) {
        long end = ticker.nanos() + patience.toNanos();
        lock.lock();
        try {
            while (!queue.isIdle() || telling > 0) {
                long left = end - ticker.nanos();
                if (left <= 0) {
                    return false;
                }
                changed.await(left, TimeUnit.NANOSECONDS);
            }
            return true;
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            return false;
        } finally {
            lock.unlock();
        }
    }

    private List<ActiveRun> runningNow() {
        lock.lock();
        try {
            return queue.running();
        } finally {
            lock.unlock();
        }
    }

    /** One turn of the loop, for a schedule without threads; answers how long nothing more is due. */
    Duration look() {
        lock.lock();
        try {
            return Duration.ofNanos(lookOnce());
        } finally {
            lock.unlock();
        }
    }

    private void loop() {
        lock.lock();
        try {
            while (!stopping) {
                changed.await(lookOnce(), TimeUnit.NANOSECONDS);
            }
        } catch (InterruptedException nobodyDoesThis) {
            LOG.error("The schedule's thread was interrupted: no more runs begin", nobodyDoesThis);
        } finally {
            lock.unlock();
        }
    }

    /**
     * Does what is due. Called under the lock.
     *
     * @return how long nothing more is
     */
    private long lookOnce() {
        try {
            followTheKnownTime();
            takeDueRuns();
            beginWaitingRuns();
            watchRunningRuns();
            dropStaleTriggers();
            return waitNanos();
        } catch (RuntimeException | Error bug) {
            // An agent that is connected and runs nothing would look healthy: whatever it was, the next look goes on.
            LOG.error("The schedule failed at something and goes on", bug);
            return LOOK.toNanos();
        }
    }

    /**
     * Gives a run up that has no result yet, without keeping the loop waiting for the disk.
     *
     * @return false when the run has its result already and is recording it
     */
    private boolean tell(ActiveRun run, FailureCode code, String message) {
        if (!run.claimResult()) {
            return false;
        }
        tell(run.finished(clock.instant(), ProbeResult.notRun(code, message)));
        return true;
    }

    private void tellSkipped(EarlyTriggers.Trigger trigger, String message) {
        queue.countSkipped(1);
        ProbeResult notRun = ProbeResult.notRun(FailureCode.SKIPPED, message);
        tell(trigger.finished(ids.get(), clock.instant(), notRun, clock.isSuspect()));
    }

    private void tell(FinishedRun run) {
        telling++;
        threads.start("tell " + run.series(), () -> {
            try {
                recorder.record(run);
            } finally {
                lock.lock();
                try {
                    telling--;
                    changed.signalAll();
                } finally {
                    lock.unlock();
                }
            }
        });
    }

    /** Numbers that were counted by a clock that was wrong don't hold back those counted by the controller's. */
    private void followTheKnownTime() {
        boolean before = suspect;
        Instant now = clock.instant();
        suspect = clock.isSuspect();
        if (!suspect) {
            if (timetable.asksForEarlier(now)) {
                timetable.earlierRan(clock.ranBefore(now));
            }
            timetable.timeIsKnown(now, before);
        }
    }

    private void takeDueRuns() {
        timetable.takeDue(clock.instant(), due -> {
            queue.countSkipped(due.leftOut());
            ActiveRun run = newRun(due.assignment(), due.runNumber(), due.scheduledAt(), false);
            if (!queue.add(run)) {
                tell(run, FailureCode.SKIPPED, "The run before was still going on.");
            }
        });
    }

    private ActiveRun newRun(Assignment assignment, long runNumber, Instant scheduledAt, boolean triggered) {
        long now = ticker.nanos();
        return new ActiveRun(
                assignment,
                ids.get(),
                runNumber,
                scheduledAt,
                clock.isSuspect(),
                triggered,
                now,
                now + limits.patience().toNanos());
    }

    private void beginWaitingRuns() {
        long now = ticker.nanos();
        for (Optional<RunQueue.Next> next = queue.next(now, clock.instant());
                next.isPresent();
                next = queue.next(now, clock.instant())) {
            switch (next.get()) {
                case RunQueue.Next.Begin(ActiveRun run) ->
                    threads.start("run " + run.assignment().series(), () -> run(run));
                case RunQueue.Next.GiveUp(ActiveRun run) ->
                    tell(run, FailureCode.OVERLOADED, "The agent had too much to do to begin the run in time.");
            }
        }
    }

    private void watchRunningRuns() {
        for (ActiveRun run : queue.overdue(ticker.nanos())) {
            // A run that has its result and waits for the disk is left alone: to interrupt it would lose the result.
            if (tell(run, FailureCode.INTERNAL_ERROR, "The run did not end by its deadline and was given up.")) {
                queue.ended(run);
                run.cut();
                run.interrupt();
            }
        }
    }

    private long waitNanos() {
        long untilDue = timetable
                .nextDue()
                .map(due -> Duration.between(clock.instant(), due).toNanos())
                .orElse(Long.MAX_VALUE);
        long untilBegin = queue.nextBeginsIn(ticker.nanos());
        return Math.max(1, Math.min(LOOK.toNanos(), Math.min(untilDue, untilBegin)));
    }

    private void startEarlyTriggers() {
        earlyTriggers.takeIf(
                this::isReady,
                trigger -> timetable.assignment(trigger.series()).ifPresent(assignment -> {
                    Grid grid = new Grid(assignment.period(), assignment.anchor());
                    long runNumber = Math.max(0, grid.runNumberAt(trigger.scheduledAt()));
                    queue.add(newRun(assignment, runNumber, trigger.scheduledAt(), true));
                }));
    }

    private boolean isReady(EarlyTriggers.Trigger trigger) {
        return timetable
                .assignment(trigger.series())
                .filter(assignment -> assignment.revision() >= trigger.revision())
                .isPresent();
    }

    private void dropStaleTriggers() {
        earlyTriggers.takeStale(ticker.nanos(), trigger -> {
            LOG.warn(
                    "A triggered run of series {} came for revision {}, which never came",
                    trigger.series(),
                    trigger.revision());
            tellSkipped(trigger, "The change of the monitor that the run was meant for did not come.");
        });
    }

    private void run(ActiveRun run) {
        try {
            runs.perform(run);
        } finally {
            lock.lock();
            try {
                queue.ended(run);
                changed.signalAll();
            } finally {
                lock.unlock();
            }
        }
        clock.keep();
    }
}
