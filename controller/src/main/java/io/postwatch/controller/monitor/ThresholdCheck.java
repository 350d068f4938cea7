package io.postwatch.controller.monitor;

import io.postwatch.controller.check.PhaseThreshold;
import io.postwatch.controller.check.Thresholds;
import io.postwatch.controller.monitor.MonitorRequest.PhaseThresholdRequest;
import io.postwatch.controller.monitor.MonitorRequest.ThresholdsRequest;
import io.postwatch.controller.shared.Phase;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The response-time thresholds of one request. */
final class ThresholdCheck {
    /** Those that runs have today. */
    private static final Set<Phase> PHASES = EnumSet.complementOf(EnumSet.of(Phase.DATA, Phase.DELIVER, Phase.FETCH));

    private final FieldChecks fields;
    private final Duration timeout;

    private ThresholdCheck(FieldChecks fields, Duration timeout) {
        this.fields = fields;
        this.timeout = timeout;
    }

    static Thresholds check(FieldChecks fields, @Nullable ThresholdsRequest given, Duration timeout) {
        return new ThresholdCheck(fields, timeout).check(given == null ? ThresholdsRequest.NONE : given);
    }

    /** A default that does not fit what was said is left out: the timeout, or the threshold given, does its work. */
    private Thresholds check(ThresholdsRequest given) {
        Duration warning = threshold("thresholds.warningSeconds", given.warningSeconds());
        Duration error = threshold("thresholds.errorSeconds", given.errorSeconds());
        List<PhaseThreshold> phases = phases(given.phases() == null ? List.of() : given.phases());
        if (warning != null && error != null && warning.compareTo(error) >= 0) {
            fields.error(
                    "thresholds.warningSeconds", "contradiction", "The warning threshold is below the error threshold");
            return new Thresholds(null, null);
        }
        if (given.warningSeconds() == null && MonitorDefaults.WARNING.compareTo(error == null ? timeout : error) < 0) {
            warning = MonitorDefaults.WARNING;
        }
        boolean errorFits = MonitorDefaults.ERROR.compareTo(timeout) < 0
                && (warning == null || MonitorDefaults.ERROR.compareTo(warning) > 0);
        if (given.errorSeconds() == null && errorFits) {
            error = MonitorDefaults.ERROR;
        }
        return new Thresholds(warning, error, phases);
    }

    private List<PhaseThreshold> phases(List<@Nullable PhaseThresholdRequest> given) {
        if (given.size() > PHASES.size()) {
            fields.error("thresholds.phases", "too-many", "Each phase has one threshold at most");
            return List.of();
        }
        List<PhaseThreshold> thresholds = new ArrayList<>();
        Set<Phase> seen = EnumSet.noneOf(Phase.class);
        for (int i = 0; i < given.size(); i++) {
            PhaseThresholdRequest one = given.get(i);
            String field = "thresholds.phases[" + i + "]";
            if (one == null) {
                fields.error(field, "required", "Name a phase and its thresholds");
                continue;
            }
            PhaseThreshold threshold = phase(field, one);
            if (threshold == null) {
                continue;
            }
            if (seen.add(threshold.phase())) {
                thresholds.add(threshold);
            } else {
                fields.error(field + ".phase", "contradiction", "This phase has a threshold already");
            }
        }
        return thresholds;
    }

    private @Nullable PhaseThreshold phase(String field, PhaseThresholdRequest given) {
        Phase phase = fields.word(field + ".phase", given.phase(), PHASES, Phase::code);
        if (given.phase() == null) {
            fields.error(field + ".phase", "required", "Name the phase");
        }
        Duration warning = threshold(field + ".warningSeconds", given.warningSeconds());
        Duration error = threshold(field + ".errorSeconds", given.errorSeconds());
        boolean saysNothing = none(given.warningSeconds()) && none(given.errorSeconds());
        if (saysNothing) {
            fields.error(field, "required", "Give seconds for a warning, for an error, or both");
        }
        if (warning != null && error != null && warning.compareTo(error) > 0) {
            fields.error(
                    field + ".warningSeconds",
                    "contradiction",
                    "The warning threshold is not above the error threshold");
            return null;
        }
        return phase == null || (warning == null && error == null) ? null : new PhaseThreshold(phase, warning, error);
    }

    private static boolean none(@Nullable Integer seconds) {
        return seconds == null || seconds == 0;
    }

    private @Nullable Duration threshold(String field, @Nullable Integer seconds) {
        if (seconds == null || seconds == 0) {
            return null;
        }
        if (seconds < 0 || seconds >= timeout.toSeconds()) {
            fields.error(
                    field,
                    "out-of-range",
                    "A threshold is below the timeout of " + timeout.toSeconds() + " s; 0 means none");
            return null;
        }
        return Duration.ofSeconds(seconds);
    }
}
