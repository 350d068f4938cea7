package io.postwatch.agent.schedule;

import io.postwatch.agent.assignment.Assignment;
import io.postwatch.agent.assignment.Check;
import io.postwatch.agent.assignment.DesiredState;
import io.postwatch.agent.assignment.LoginPlan;
import io.postwatch.agent.assignment.SealedSecret;
import io.postwatch.agent.assignment.SeriesId;
import io.postwatch.agent.probe.Probe;
import io.postwatch.agent.probe.ProbeResult;
import io.postwatch.agent.probe.failure.FailureCode;
import io.postwatch.agent.probe.sasl.Login;
import io.postwatch.agent.probe.time.Deadline;
import io.postwatch.agent.probe.time.NanoTicker;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
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

    /** Triggered runs that wait for the change that they belong to. */
    private static final int MAX_EARLY_TRIGGERS = 1_000;

    private static final String STOPPED_BEFORE = "The agent stopped before the run could begin.";

    /** How long they wait. */
    private static final Duration EARLY_TRIGGER_PATIENCE = Duration.ofMinutes(1);

    /** When a series is looked at again that could not be scheduled. */
    private static final Duration SCHEDULE_RETRY = Duration.ofSeconds(10);

    private record Series(Assignment assignment, Turn turn) {}

    private record Due(SeriesId series, Instant at) {}

    private record EarlyTrigger(SeriesId series, long revision, Instant scheduledAt, long untilNanos) {}

    private final Probe probe;
    private final LoginOpener logins;
    private final RunRecorder recorder;
    private final ControllerClock clock;
    private final NanoTicker ticker;
    private final ScheduleLimits limits;
    private final Supplier<UUID> ids;
    private final Thread loop;

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();

    /** All below are guarded by the lock. */
    private final Map<SeriesId, Series> series = new HashMap<>();

    private final PriorityQueue<Due> due = new PriorityQueue<>(Comparator.comparing(Due::at));
    private final PriorityQueue<ActiveRun> waiting =
            new PriorityQueue<>(Comparator.comparingLong(ActiveRun::notBeforeNanos));
    private final Set<ActiveRun> running = new HashSet<>();
    private final Set<SeriesId> busy = new HashSet<>();
    private final List<EarlyTrigger> earlyTriggers = new ArrayList<>();
    private final TargetSpacing spacing;
    private int telling;
    private boolean suspect;
    private boolean stopping;
    private long runs;
    private long skippedRuns;
    private Duration lag = Duration.ZERO;

    /**
     * Begins with nothing to do; {@link #assign} gives it work.
     *
     * @param ids makes the ids of runs
     */
    public Scheduler(
            Probe probe,
            LoginOpener logins,
            RunRecorder recorder,
            ControllerClock clock,
            NanoTicker ticker,
            ScheduleLimits limits,
            Supplier<UUID> ids) {
        this.probe = probe;
        this.logins = logins;
        this.recorder = recorder;
        this.clock = clock;
        this.ticker = ticker;
        this.limits = limits;
        this.ids = ids;
        this.spacing = new TargetSpacing(limits.targetSpacing());
        this.suspect = clock.isSuspect();
        this.loop = Thread.ofPlatform().name("schedule").daemon(true).start(this::loop);
    }

    /** What is to run from now on. A series whose grid is unchanged goes on with its next number. */
    public void assign(DesiredState state) {
        lock.lock();
        try {
            Instant now = clock.instant();
            Map<SeriesId, Series> next = new TreeMap<>();
            for (Assignment assignment : state.assignments()) {
                Grid grid = new Grid(assignment.period(), assignment.anchor());
                Series before = series.get(assignment.series());
                Turn turn =
                        before != null && before.turn().grid().equals(grid) ? before.turn() : Turn.beginning(grid, now);
                next.put(assignment.series(), new Series(assignment, turn));
            }
            series.clear();
            series.putAll(next);
            rebuildDue();
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
            long until = ticker.nanos() + EARLY_TRIGGER_PATIENCE.toNanos();
            EarlyTrigger trigger = new EarlyTrigger(id, revision, scheduledAt, until);
            if (stopping) {
                tellSkipped(trigger, STOPPED_BEFORE);
                return;
            }
            earlyTriggers.add(trigger);
            startEarlyTriggers();
            if (earlyTriggers.size() > MAX_EARLY_TRIGGERS) {
                tellSkipped(
                        earlyTriggers.removeFirst(),
                        "Too many triggered runs waited for changes of their monitors that had not come.");
            }
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /** The load since this was called last. */
    public RunLoad takeLoad() {
        lock.lock();
        try {
            RunLoad load = new RunLoad(runs, skippedRuns, lag);
            runs = 0;
            skippedRuns = 0;
            lag = Duration.ZERO;
            return load;
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
            notBegun = new ArrayList<>(waiting);
            waiting.clear();
            earlyTriggers.forEach(trigger -> tellSkipped(trigger, STOPPED_BEFORE));
            earlyTriggers.clear();
            changed.signalAll();
        } finally {
            lock.unlock();
        }
        notBegun.forEach(run -> giveUp(run, FailureCode.SKIPPED, STOPPED_BEFORE));
        if (awaitRuns(patience)) {
            return;
        }
        for (ActiveRun run : runningNow()) {
            giveUp(run, FailureCode.SKIPPED, "The agent stopped while the run was going on.");
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
            while (!running.isEmpty() || telling > 0) {
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
            return List.copyOf(running);
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
     * Does what is due.
     *
     * @return how long nothing more is
     */
    private long lookOnce() {
        try {
            restartGridsOnceTheTimeIsKnown();
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
        tell(finished(run, clock.instant(), ProbeResult.notRun(code, message)));
        return true;
    }

    private void tellSkipped(EarlyTrigger trigger, String message) {
        skippedRuns++;
        tell(skipped(trigger, message));
    }

    private FinishedRun skipped(EarlyTrigger trigger, String message) {
        return new FinishedRun(
                trigger.series(),
                trigger.revision(),
                ids.get(),
                trigger.scheduledAt(),
                clock.instant(),
                ProbeResult.notRun(FailureCode.SKIPPED, message),
                clock.isSuspect(),
                true);
    }

    private void tell(FinishedRun run) {
        telling++;
        Thread.ofVirtual().name("tell " + run.series()).start(() -> {
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

    /** Numbers that were counted by a suspect clock don't hold back those counted by the controller's. */
    private void restartGridsOnceTheTimeIsKnown() {
        if (suspect && !clock.isSuspect()) {
            suspect = false;
            Instant now = clock.instant();
            series.replaceAll((id, one) ->
                    new Series(one.assignment(), Turn.beginning(one.turn().grid(), now)));
            rebuildDue();
        }
    }

    private void rebuildDue() {
        due.clear();
        series.forEach((id, one) -> due.add(new Due(id, one.turn().dueAt())));
    }

    private void takeDueRuns() {
        Instant now = clock.instant();
        while (!due.isEmpty() && !now.isBefore(due.peek().at())) {
            SeriesId id = due.remove().series();
            try {
                takeDueRun(id, now);
            } catch (RuntimeException bug) {
                LOG.error("Series {} could not be scheduled; it is tried again", id, bug);
                due.add(new Due(id, now.plus(SCHEDULE_RETRY)));
            }
        }
    }

    private void takeDueRun(SeriesId id, Instant now) {
        Series one = series.get(id);
        if (one == null || !one.turn().isDue(now)) {
            return;
        }
        Turn.Taken taken = one.turn().take(now);
        series.put(id, new Series(one.assignment(), taken.rest()));
        due.add(new Due(id, taken.rest().dueAt()));
        ActiveRun run = newRun(one.assignment(), taken.runNumber(), taken.scheduledAt(), false);
        if (busy.add(id)) {
            waiting.add(run);
        } else {
            skippedRuns++;
            tell(run, FailureCode.SKIPPED, "The run before was still going on.");
        }
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
                spacing.reserve(assignment.check().target(), now),
                now + limits.patience().toNanos());
    }

    private void beginWaitingRuns() {
        long now = ticker.nanos();
        while (!waiting.isEmpty()) {
            ActiveRun next = waiting.peek();
            if (next.isGivenUp(now)) {
                waiting.remove();
                freeSeries(next);
                skippedRuns++;
                tell(next, FailureCode.OVERLOADED, "The agent had too much to do to begin the run in time.");
            } else if (next.notBeforeNanos() - now <= 0 && running.size() < limits.concurrentRuns()) {
                waiting.remove();
                begin(next, now);
            } else {
                return;
            }
        }
    }

    private void begin(ActiveRun run, long now) {
        running.add(run);
        run.begin(now, limits.watchdog());
        runs++;
        if (!run.triggered()) {
            Duration late = Duration.between(run.scheduledAt(), clock.instant());
            lag = late.compareTo(lag) > 0 ? late : lag;
        }
        Thread.ofVirtual().name("run " + run.assignment().series()).start(() -> run(run));
    }

    private void watchRunningRuns() {
        long now = ticker.nanos();
        for (Iterator<ActiveRun> each = running.iterator(); each.hasNext(); ) {
            ActiveRun run = each.next();
            // A run that has its result and waits for the disk is left alone: to interrupt it would lose the result.
            if (run.isOverdue(now)
                    && tell(run, FailureCode.INTERNAL_ERROR, "The run did not end by its deadline and was given up.")) {
                each.remove();
                freeSeries(run);
                run.cut();
                run.interrupt();
            }
        }
    }

    private long waitNanos() {
        long wait = LOOK.toNanos();
        if (!due.isEmpty()) {
            wait = Math.min(
                    wait, Duration.between(clock.instant(), due.peek().at()).toNanos());
        }
        if (!waiting.isEmpty() && running.size() < limits.concurrentRuns()) {
            wait = Math.min(wait, waiting.peek().notBeforeNanos() - ticker.nanos());
        }
        return Math.max(1, wait);
    }

    private void startEarlyTriggers() {
        for (Iterator<EarlyTrigger> each = earlyTriggers.iterator(); each.hasNext(); ) {
            EarlyTrigger trigger = each.next();
            Series one = series.get(trigger.series());
            if (one != null && one.assignment().revision() >= trigger.revision()) {
                each.remove();
                long runNumber = Math.max(0, one.turn().grid().runNumberAt(trigger.scheduledAt()));
                waiting.add(newRun(one.assignment(), runNumber, trigger.scheduledAt(), true));
            }
        }
    }

    private void dropStaleTriggers() {
        long now = ticker.nanos();
        for (Iterator<EarlyTrigger> each = earlyTriggers.iterator(); each.hasNext(); ) {
            EarlyTrigger trigger = each.next();
            if (trigger.untilNanos() - now < 0) {
                each.remove();
                LOG.warn(
                        "A triggered run of series {} came for revision {}, which never came",
                        trigger.series(),
                        trigger.revision());
                tellSkipped(trigger, "The change of the monitor that the run was meant for did not come.");
            }
        }
    }

    private void freeSeries(ActiveRun run) {
        if (!run.triggered()) {
            busy.remove(run.assignment().series());
        }
    }

    private void run(ActiveRun run) {
        Instant startedAt = clock.instant();
        ProbeResult result;
        Check check = run.assignment().check();
        try (Deadline deadline = Deadline.after(check.timeout(), ticker)) {
            run.runningOn(Thread.currentThread(), deadline);
            result = runProbe(check, run.assignment().secret(), run.runNumber(), deadline, run.runId());
        }
        try {
            if (run.claimResult()) {
                record(run, startedAt, result);
            }
        } finally {
            ended(run);
        }
    }

    /** Runs a check once and turns whatever happens into its result. Used for monitor tests too. */
    ProbeResult runProbe(Check check, @Nullable SealedSecret secret, long runNumber, Deadline deadline, UUID runId) {
        try {
            LoginPlan plan = check.login();
            if ((plan == null) != (secret == null)) {
                LOG.error("Run {} has a login without its credentials, or the other way round", runId);
                return ProbeResult.notRun(
                        FailureCode.INTERNAL_ERROR, "The run was to log in, but its credentials did not come with it.");
            }
            Login login = plan == null || secret == null ? null : logins.open(secret, plan);
            return probe.run(check.request(login, runNumber), deadline);
        } catch (GeneralSecurityException sealed) {
            LOG.warn("Run {} could not open its credentials: {}", runId, sealed.getMessage());
            return ProbeResult.notRun(
                    FailureCode.INTERNAL_ERROR, "The agent could not open the credentials that were sealed for it.");
        } catch (RuntimeException | Error crash) {
            LOG.error("Run {} crashed", runId, crash);
            return ProbeResult.notRun(FailureCode.INTERNAL_ERROR, "The run crashed inside the agent.");
        }
    }

    private void ended(ActiveRun run) {
        lock.lock();
        try {
            if (running.remove(run)) {
                freeSeries(run);
            }
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    private void giveUp(ActiveRun run, FailureCode code, String message) {
        if (run.claimResult()) {
            record(run, clock.instant(), ProbeResult.notRun(code, message));
        }
    }

    private void record(ActiveRun run, Instant startedAt, ProbeResult result) {
        recorder.record(finished(run, startedAt, result));
    }

    private static FinishedRun finished(ActiveRun run, Instant startedAt, ProbeResult result) {
        return new FinishedRun(
                run.assignment().series(),
                run.assignment().revision(),
                run.runId(),
                run.scheduledAt(),
                startedAt,
                result,
                run.clockSuspect(),
                run.triggered());
    }
}
