package io.postwatch.controller.monitor;

import io.postwatch.controller.shared.AddressFamily;
import io.postwatch.controller.shared.MonitorType;
import io.postwatch.controller.shared.Security;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** What one run of a monitor does, and how often: everything an agent needs except the password. */
public record MonitorSettings(
        MonitorType type,
        MailHost host,
        int port,
        Security security,
        AddressFamily addressFamily,
        @Nullable MonitorLogin login,
        Duration period,
        Duration timeout,
        Thresholds thresholds,
        CertificatePolicy certificate) {
    public static final Duration MIN_PERIOD = Duration.ofSeconds(10);
    public static final Duration MAX_PERIOD = Duration.ofHours(24);
    /** No server is worth a longer wait, and a run holds a connection of its agent all the while. */
    public static final Duration MAX_TIMEOUT = Duration.ofMinutes(5);

    public MonitorSettings {
        if (port < 1 || port > 65_535) {
            throw new IllegalArgumentException("A port is 1 to 65535");
        }
        if (period.compareTo(MIN_PERIOD) < 0 || period.compareTo(MAX_PERIOD) > 0) {
            throw new IllegalArgumentException("A period is 10 s to 24 h");
        }
        if (!timeout.isPositive() || timeout.compareTo(period) > 0 || timeout.compareTo(MAX_TIMEOUT) > 0) {
            throw new IllegalArgumentException("A timeout is positive, at most the period and at most 5 min");
        }
        requireBelow(thresholds.warning(), timeout);
        requireBelow(thresholds.error(), timeout);
    }

    private static void requireBelow(@Nullable Duration threshold, Duration timeout) {
        if (threshold != null && threshold.compareTo(timeout) >= 0) {
            throw new IllegalArgumentException("Thresholds are below the timeout");
        }
    }

    /** A location reports while its last result is not older than this. */
    public Duration reportingWindow() {
        return period.multipliedBy(2).plus(timeout);
    }
}
