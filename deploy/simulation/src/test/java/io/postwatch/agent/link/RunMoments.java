package io.postwatch.agent.link;

import io.postwatch.simulation.ledger.Ledger;
import io.postwatch.simulation.machine.VirtualTime;
import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.Set;

/** For which moments a machine has results. */
final class RunMoments {

    /** Results that lie further ahead are refused. */
    private static final Duration REFUSED_AHEAD = Duration.ofMinutes(5);

    private record RunMoment(long series, Instant scheduledAt, boolean clockSuspect) {}

    private final VirtualTime time;
    private final Set<RunMoment> moments = new HashSet<>();
    /** Those whose result, by a right clock, says what the server did. */
    private final Set<RunMoment> measured = new HashSet<>();

    /** What was taken for now last, rightly or not. */
    private Instant newest = Instant.MIN;

    RunMoments(VirtualTime time) {
        this.time = time;
    }

    RunMoments copy() {
        RunMoments copy = new RunMoments(time);
        copy.moments.addAll(moments);
        copy.measured.addAll(measured);
        copy.newest = newest;
        return copy;
    }

    /** Whether it is about now, and not what a wrong clock takes for now. */
    boolean isPresent(Instant scheduledAt) {
        return Duration.between(scheduledAt, time.instant()).abs().compareTo(Duration.ofMinutes(4)) < 0;
    }

    /**
     * A moment whose result is a guess may be run rightly, once; and a guess that was begun before the time was known may end
     * after the moment came and had its right result: that it could not be run, since the guess still went on. Neither what
     * was measured nor what was guessed is guessed at again, but by a process whose clock was set back further than it waits
     * for.
     */
    boolean isNew(long series, Instant scheduledAt, boolean clockSuspect) {
        boolean repeats = moments.contains(new RunMoment(series, scheduledAt, clockSuspect))
                || (clockSuspect && measured.contains(new RunMoment(series, scheduledAt, false)));
        boolean setBackFar = clockSuspect && newest.isAfter(scheduledAt.plus(REFUSED_AHEAD));
        return !repeats || setBackFar;
    }

    /**
     * There is a result for this moment. A moment that has not come yet was run by a clock that was ahead; it comes, and is
     * run then.
     */
    void hasResult(Ledger.Row row) {
        if (!row.scheduledAt().isAfter(time.instant().plus(REFUSED_AHEAD))) {
            RunMoment moment = new RunMoment(row.series(), row.scheduledAt(), row.clockSuspect());
            moments.add(moment);
            newest = row.scheduledAt().isAfter(newest) ? row.scheduledAt() : newest;
            if (row.measured() && !row.clockSuspect()) {
                measured.add(moment);
            }
        }
    }
}
