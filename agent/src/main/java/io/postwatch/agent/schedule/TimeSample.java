package io.postwatch.agent.schedule;

import java.time.Duration;
import java.time.Instant;

/**
 * One question for the controller's time and its answer.
 *
 * @param askedNanos on this agent's monotonic clock
 * @param answeredNanos on this agent's monotonic clock
 */
public record TimeSample(long askedNanos, long answeredNanos, Instant controllerTime) {

    public TimeSample {
        if (answeredNanos < askedNanos) {
            throw new IllegalArgumentException("an answer doesn't come before its question");
        }
    }

    long roundTripNanos() {
        return answeredNanos - askedNanos;
    }

    /** Whether this one and a later one can't both be right: their clocks did not go on together between the two. */
    boolean contradicts(TimeSample later, Duration drift) {
        Instant expected = controllerTime.plusNanos(later.middleNanos() - middleNanos());
        Duration bound = Duration.ofNanos((roundTripNanos() + later.roundTripNanos()) / 2)
                .plus(drift);
        return Duration.between(expected, later.controllerTime).abs().compareTo(bound) > 0;
    }

    /** The moment on the monotonic clock that is taken for the controller's time: the middle. */
    long middleNanos() {
        return askedNanos + roundTripNanos() / 2;
    }
}
