package io.postwatch.agent.schedule;

import java.time.Duration;
import java.time.Instant;

/**
 * The moments at which a series is due: anchor + n × period after the epoch, in controller time. Every agent and the
 * controller count the same n for the same moment.
 *
 * @param period positive
 * @param anchor from zero, below the period
 */
public record Grid(Duration period, Duration anchor) {

    public Grid {
        if (!period.isPositive() || anchor.isNegative() || anchor.compareTo(period) >= 0) {
            throw new IllegalArgumentException("a grid has a positive period and an anchor within it");
        }
    }

    /** The number of the run whose time has come last: floor((time − anchor) / period). */
    public long runNumberAt(Instant controllerTime) {
        return Math.floorDiv(nanos(controllerTime) - anchor.toNanos(), period.toNanos());
    }

    /** The moment of run n. */
    public Instant dueAt(long runNumber) {
        return Instant.EPOCH.plus(anchor).plus(period.multipliedBy(runNumber));
    }

    /** Fits until the year 2262. */
    private static long nanos(Instant time) {
        return Math.addExact(Math.multiplyExact(time.getEpochSecond(), 1_000_000_000L), time.getNano());
    }
}
