package io.postwatch.agent.probe;

import io.postwatch.agent.probe.bounds.Checks;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * Totals of a run from which an answer counts as slow.
 *
 * @param warning positive; null: no such threshold
 * @param error positive, not below the warning; null: no such threshold
 */
public record Thresholds(
        @Nullable Duration warning, @Nullable Duration error) {

    /** No thresholds: however long it takes within the deadline, it is not slow. */
    public static final Thresholds NONE = new Thresholds(null, null);

    public Thresholds {
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
}
