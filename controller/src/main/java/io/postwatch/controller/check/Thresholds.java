package io.postwatch.controller.check;

import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Totals of a run from which on it warns and fails; null: no such threshold.
 *
 * @param phases at most one for each phase
 */
public record Thresholds(
        @Nullable Duration warning, @Nullable Duration error, List<PhaseThreshold> phases) {
    public Thresholds {
        phases = List.copyOf(phases);
        if ((warning != null && !warning.isPositive()) || (error != null && !error.isPositive())) {
            throw new IllegalArgumentException("A threshold is positive");
        }
        if (warning != null && error != null && warning.compareTo(error) >= 0) {
            throw new IllegalArgumentException("The warning threshold is below the error threshold");
        }
        if (phases.stream().map(PhaseThreshold::phase).distinct().count() < phases.size()) {
            throw new IllegalArgumentException("A phase has one threshold");
        }
    }

    /** Of the total alone. */
    public Thresholds(@Nullable Duration warning, @Nullable Duration error) {
        this(warning, error, List.of());
    }

    boolean areBelow(Duration timeout) {
        return isBelow(warning, timeout)
                && isBelow(error, timeout)
                && phases.stream()
                        .allMatch(phase -> isBelow(phase.warning(), timeout) && isBelow(phase.error(), timeout));
    }

    private static boolean isBelow(@Nullable Duration threshold, Duration timeout) {
        return threshold == null || threshold.compareTo(timeout) < 0;
    }
}
