package io.postwatch.agent.probe.run;

import io.postwatch.agent.probe.SlowLimits;
import io.postwatch.agent.probe.Status;
import io.postwatch.agent.probe.Thresholds;
import io.postwatch.agent.probe.failure.Failure;
import io.postwatch.agent.probe.failure.FailureCode;
import io.postwatch.agent.probe.time.Phase;
import io.postwatch.agent.probe.time.PhaseTiming;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Whether a run answered too slowly, as a whole or in one phase. Pure. */
final class SlowVerdict {

    private SlowVerdict() {}

    /**
     * The threshold of that status that was crossed: the total's, or else that of the first phase.
     *
     * @param total of the run without its good-bye
     */
    static Optional<Failure> of(Thresholds thresholds, Status status, Duration total, List<PhaseTiming> timings) {
        Optional<Failure> whole = crossed("The run", null, total, thresholds.total(), status);
        if (whole.isPresent()) {
            return whole;
        }
        for (Map.Entry<Phase, SlowLimits> limits : thresholds.phases().entrySet()) {
            Phase phase = limits.getKey();
            Duration sum = timings.stream()
                    .filter(timing -> timing.phase() == phase)
                    .map(PhaseTiming::duration)
                    .reduce(Duration.ZERO, Duration::plus);
            Optional<Failure> one = crossed("The phase " + phase.code(), phase, sum, limits.getValue(), status);
            if (one.isPresent()) {
                return one;
            }
        }
        return Optional.empty();
    }

    private static Optional<Failure> crossed(
            String what, @Nullable Phase phase, Duration duration, SlowLimits limits, Status status) {
        Duration threshold = limits.of(status);
        if (threshold == null || duration.compareTo(threshold) < 0) {
            return Optional.empty();
        }
        return Optional.of(new Failure(
                FailureCode.SLOW,
                phase,
                what + " took " + readable(duration) + ", the threshold is " + readable(threshold) + ".",
                ""));
    }

    private static String readable(Duration duration) {
        if (duration.toSeconds() < 10) {
            return duration.toMillis() + " ms";
        }
        return String.format(Locale.ROOT, "%.1f s", duration.toMillis() / 1000.0);
    }
}
