package io.postwatch.agent.probe;

import io.postwatch.agent.probe.time.Phase;
import java.time.Duration;
import java.util.Collections;
import java.util.EnumMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * From when on an answer counts as slow.
 *
 * @param total of a run without its good-bye
 * @param phases of single phases, in their order; a phase that occurs twice in a run counts as their sum
 */
public record Thresholds(SlowLimits total, Map<Phase, SlowLimits> phases) {

    /** No thresholds: however long it takes within the deadline, it is not slow. */
    public static final Thresholds NONE = new Thresholds(new SlowLimits(null, null), Map.of());

    public Thresholds {
        EnumMap<Phase, SlowLimits> ordered = new EnumMap<>(Phase.class);
        ordered.putAll(phases);
        ordered.forEach((phase, limits) -> {
            if (limits.isEmpty()) {
                throw new IllegalArgumentException("a threshold of the phase " + phase.code() + " needs a duration");
            }
        });
        phases = Collections.unmodifiableMap(ordered);
    }

    /** Of the total alone. */
    public Thresholds(@Nullable Duration warning, @Nullable Duration error) {
        this(new SlowLimits(warning, error), Map.of());
    }
}
