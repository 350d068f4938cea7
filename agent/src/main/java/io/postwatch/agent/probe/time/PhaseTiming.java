package io.postwatch.agent.probe.time;

import io.postwatch.agent.probe.bounds.Checks;
import java.time.Duration;
import java.util.Objects;

/**
 * A phase that happened. The same phase may happen twice in a run.
 *
 * @param start offset from the start of the run; not negative
 * @param duration not negative
 */
public record PhaseTiming(Phase phase, Duration start, Duration duration) {

    public PhaseTiming {
        Objects.requireNonNull(phase, "phase");
        Checks.notNegative(start, "start");
        Checks.notNegative(duration, "duration");
    }
}
