package io.postwatch.agent.probe;

import io.postwatch.agent.probe.bounds.Checks;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * Durations from which an answer counts as slow.
 *
 * @param warning positive; null: no such threshold
 * @param error positive, not below the warning; null: no such threshold
 */
public record SlowLimits(
        @Nullable Duration warning, @Nullable Duration error) {

    public SlowLimits {
        if (warning != null) {
            Checks.positive(warning, "warning");
        }
        if (error != null) {
            Checks.positive(error, "error");
        }
        if (warning != null && error != null && error.compareTo(warning) < 0) {
            throw new IllegalArgumentException("error threshold " + error + " is below warning threshold " + warning);
        }
    }

    /** Whether nothing is ever slow. */
    public boolean isEmpty() {
        return warning == null && error == null;
    }

    /** The one of the two that makes a run end with that status; null where there is none. */
    public @Nullable Duration of(Status status) {
        return switch (status) {
            case WARNING -> warning;
            case ERROR -> error;
            case OK, NO_DATA -> null;
        };
    }
}
