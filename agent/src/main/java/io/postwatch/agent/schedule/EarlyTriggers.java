package io.postwatch.agent.schedule;

import io.postwatch.agent.assignment.SeriesId;
import io.postwatch.agent.probe.ProbeResult;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.UUID;
import java.util.function.Consumer;
import java.util.function.Predicate;

/**
 * Triggered runs that wait for the change of their monitor, for the two come by different ways. Bounded; what is taken out
 * is given to the caller one by one, so that none is left without its end. Used by one thread at a time.
 */
final class EarlyTriggers {

    private static final int MOST = 1_000;

    /** How long they wait. */
    private static final Duration PATIENCE = Duration.ofMinutes(1);

    /**
     * One of them.
     *
     * @param revision the assignment must be at least at this one
     * @param untilNanos when it has waited long enough
     */
    record Trigger(SeriesId series, long revision, Instant scheduledAt, long untilNanos) {

        /** Its one result, where it never became a run. */
        FinishedRun finished(UUID runId, Instant now, ProbeResult notRun, boolean clockSuspect) {
            return new FinishedRun(series, revision, runId, scheduledAt, now, notRun, clockSuspect, true);
        }
    }

    private final List<Trigger> waiting = new ArrayList<>();

    static Trigger begin(SeriesId series, long revision, Instant scheduledAt, long nowNanos) {
        return new Trigger(series, revision, scheduledAt, nowNanos + PATIENCE.toNanos());
    }

    void add(Trigger trigger) {
        waiting.add(trigger);
    }

    void takeIf(Predicate<Trigger> ready, Consumer<Trigger> each) {
        for (Iterator<Trigger> all = waiting.iterator(); all.hasNext(); ) {
            Trigger trigger = all.next();
            if (ready.test(trigger)) {
                all.remove();
                each.accept(trigger);
            }
        }
    }

    /** Those for which there is no room, oldest first. */
    void takeTooMany(Consumer<Trigger> each) {
        while (waiting.size() > MOST) {
            each.accept(waiting.removeFirst());
        }
    }

    /** Those that waited long enough. */
    void takeStale(long nowNanos, Consumer<Trigger> each) {
        takeIf(trigger -> trigger.untilNanos() - nowNanos < 0, each);
    }

    void takeAll(Consumer<Trigger> each) {
        takeIf(trigger -> true, each);
    }
}
