package io.postwatch.agent.assignment;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * "This agent runs this monitor."
 *
 * @param revision grows with every change; results carry it back
 * @param share opaque share number
 * @param period 10 seconds to 24 hours
 * @param anchor run n is due at anchor + n × period after the epoch; from zero, below the period
 * @param secret present exactly when the check logs in
 */
public record Assignment(
        SeriesId series,
        long revision,
        MonitorId monitor,
        int share,
        Duration period,
        Duration anchor,
        Check check,
        @Nullable SealedSecret secret) {

    private static final Duration MIN_PERIOD = Duration.ofSeconds(10);
    private static final Duration MAX_PERIOD = Duration.ofDays(1);

    public Assignment {
        if (period.compareTo(MIN_PERIOD) < 0 || period.compareTo(MAX_PERIOD) > 0) {
            throw new IllegalArgumentException("a period is from 10 seconds to 24 hours, not " + period);
        }
        if (anchor.isNegative() || anchor.compareTo(period) >= 0) {
            throw new IllegalArgumentException("an anchor lies within one period, not at " + anchor);
        }
        if (check.timeout().compareTo(period) > 0) {
            throw new IllegalArgumentException("a time-out is at most the period");
        }
        if ((check.login() == null) != (secret == null)) {
            throw new IllegalArgumentException("a check that logs in needs a secret, and only such a check has one");
        }
    }
}
