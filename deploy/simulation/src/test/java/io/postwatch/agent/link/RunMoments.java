package io.postwatch.agent.link;

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

    RunMoments(VirtualTime time) {
        this.time = time;
    }

    RunMoments copy() {
        RunMoments copy = new RunMoments(time);
        copy.moments.addAll(moments);
        return copy;
    }

    /** Whether it is about now, and not what a wrong clock takes for now. */
    boolean isPresent(Instant scheduledAt) {
        return Duration.between(scheduledAt, time.instant()).abs().compareTo(Duration.ofMinutes(4)) < 0;
    }

    /**
     * A moment whose result is a guess may be run rightly, once; and a guess that was begun before the time was known may end
     * after the moment came and had its right result: that it could not be run, since the guess still went on.
     */
    boolean isNew(long series, Instant scheduledAt, boolean clockSuspect) {
        return !moments.contains(new RunMoment(series, scheduledAt, clockSuspect));
    }

    /**
     * There is a result for this moment. A moment that has not come yet was run by a clock that was ahead; it comes, and is
     * run then.
     */
    void hasResult(long series, Instant scheduledAt, boolean clockSuspect) {
        if (!scheduledAt.isAfter(time.instant().plus(REFUSED_AHEAD))) {
            moments.add(new RunMoment(series, scheduledAt, clockSuspect));
        }
    }
}
