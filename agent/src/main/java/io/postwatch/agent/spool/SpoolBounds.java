package io.postwatch.agent.spool;

import java.time.Duration;

/**
 * How much the spool keeps.
 *
 * @param bytes of records that are not acked yet; at least 1 MiB
 * @param age after which a record that was never sent is dropped
 * @param liveAge up to which a record that was never sent still goes in the live lane
 * @param ackedAge how long acked records stay: a failed-over database may have lost them and asks again
 * @param certificates how many certificates are kept for the controller to ask for
 */
public record SpoolBounds(long bytes, Duration age, Duration liveAge, Duration ackedAge, int certificates) {

    private static final long MIB = 1024 * 1024;

    /** 512 MiB, 72 hours; live up to 2 minutes; acked ones stay 10 minutes; 2,000 certificates (about 4 MiB). */
    public static final SpoolBounds DEFAULT =
            new SpoolBounds(512 * MIB, Duration.ofDays(3), Duration.ofMinutes(2), Duration.ofMinutes(10), 2_000);

    public SpoolBounds {
        if (bytes < MIB) {
            throw new IllegalArgumentException("the spool needs at least 1 MiB, not " + bytes + " bytes");
        }
        if (!age.isPositive() || !liveAge.isPositive() || !ackedAge.isPositive() || age.compareTo(liveAge) < 0) {
            throw new IllegalArgumentException("the spool's ages must be positive, and its age not below the live age");
        }
        if (certificates < 1) {
            throw new IllegalArgumentException("the spool needs room for at least one certificate");
        }
    }
}
