package io.postwatch.agent.link;

import io.postwatch.simulation.machine.VirtualTime;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;

/** For which moments a machine has results. */
final class RunMoments {

    /** Results that lie further ahead are refused. */
    private static final Duration REFUSED_AHEAD = Duration.ofMinutes(5);

    private record RunMoment(long series, Instant scheduledAt) {}

    private final VirtualTime time;
    /** And whether the clock was suspect that each of them was dated by. */
    private final Map<RunMoment, Boolean> moments = new HashMap<>();

    RunMoments(VirtualTime time) {
        this.time = time;
    }

    RunMoments copy() {
        RunMoments copy = new RunMoments(time);
        copy.moments.putAll(moments);
        return copy;
    }

    /** Whether it is about now, and not what a wrong clock takes for now. */
    boolean isPresent(Instant scheduledAt) {
        return Duration.between(scheduledAt, time.instant()).abs().compareTo(Duration.ofMinutes(4)) < 0;
    }

    /** A moment whose result is a guess may be run rightly. */
    boolean isNew(long series, Instant scheduledAt, boolean clockSuspect) {
        Boolean guessed = moments.get(new RunMoment(series, scheduledAt));
        return guessed == null || (guessed && !clockSuspect);
    }

    /**
     * There is a result for this moment. A moment that has not come yet was run by a clock that was ahead; it comes, and is
     * run then.
     */
    void hasResult(long series, Instant scheduledAt, boolean clockSuspect) {
        if (!scheduledAt.isAfter(time.instant().plus(REFUSED_AHEAD))) {
            moments.merge(new RunMoment(series, scheduledAt), clockSuspect, Boolean::logicalAnd);
        }
    }
}
