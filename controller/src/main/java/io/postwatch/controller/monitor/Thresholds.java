package io.postwatch.controller.monitor;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** Totals of a run from which on it warns and fails; null: no such threshold. */
public record Thresholds(
        @Nullable Duration warning, @Nullable Duration error) {
    public Thresholds {
        if ((warning != null && !warning.isPositive()) || (error != null && !error.isPositive())) {
            throw new IllegalArgumentException("A threshold is positive");
        }
        if (warning != null && error != null && warning.compareTo(error) >= 0) {
            throw new IllegalArgumentException("The warning threshold is below the error threshold");
        }
    }
}
