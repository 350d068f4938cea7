package io.postwatch.agent.probe.certificate;

import io.postwatch.agent.probe.bounds.Checks;
import java.util.Objects;

/**
 * How much of a certificate's life may be left before a run warns or fails.
 *
 * @param warning at or below which a run warns; 0: never
 * @param error at or below which a run fails; 0: never
 */
public record ExpiryLimits(Unit unit, int warning, int error) {

    private static final int MAX_PERCENT = 99;

    /** In what the rest of a life is counted. */
    public enum Unit {
        DAYS,
        /** Of the time from the certificate's beginning to its end. */
        PERCENT
    }

    /** How near the end is. */
    public enum Reached {
        NOTHING,
        WARNING,
        ERROR
    }

    public ExpiryLimits {
        Objects.requireNonNull(unit, "unit");
        Checks.notNegative(warning, "warning");
        Checks.notNegative(error, "error");
        if (unit == Unit.PERCENT && (warning > MAX_PERCENT || error > MAX_PERCENT)) {
            throw new IllegalArgumentException("a percentage of a lifetime is at most " + MAX_PERCENT);
        }
    }

    /** Which limit a certificate has reached of which that much is left, in this unit. */
    public Reached reached(long left) {
        if (error > 0 && left <= error) {
            return Reached.ERROR;
        }
        return warning > 0 && left <= warning ? Reached.WARNING : Reached.NOTHING;
    }
}
