package io.postwatch.controller.check;

import io.postwatch.controller.shared.Phase;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** From which duration of a phase on a run warns and fails; at least one of the two. A phase that occurs twice counts as their sum. */
public record PhaseThreshold(
        Phase phase, @Nullable Duration warning, @Nullable Duration error) {
    public PhaseThreshold {
        if (warning == null && error == null) {
            throw new IllegalArgumentException("A threshold warns or fails");
        }
        if ((warning != null && !warning.isPositive()) || (error != null && !error.isPositive())) {
            throw new IllegalArgumentException("A threshold is positive");
        }
        if (warning != null && error != null && warning.compareTo(error) > 0) {
            throw new IllegalArgumentException("The warning threshold of a phase is not above its error threshold");
        }
    }
}
