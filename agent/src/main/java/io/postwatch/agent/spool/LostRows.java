package io.postwatch.agent.spool;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** Results that the disk refused, counted until their gap record is stored. Safe for use by several threads. */
final class LostRows {

    /** How many, and the scheduled times of the first and the last. */
    record Lost(long count, Instant first, Instant last) {}

    private @Nullable Lost lost;

    synchronized void add(Instant scheduledAt) {
        Lost before = lost;
        lost = before == null
                ? new Lost(1, scheduledAt, scheduledAt)
                : new Lost(
                        before.count() + 1,
                        scheduledAt.isBefore(before.first()) ? scheduledAt : before.first(),
                        scheduledAt.isAfter(before.last()) ? scheduledAt : before.last());
    }

    synchronized @Nullable Lost peek() {
        return lost;
    }

    /** Takes away what was told; what came in meanwhile stays. */
    synchronized void remove(Lost told) {
        Lost now = lost;
        if (now != null) {
            long rest = now.count() - told.count();
            lost = rest <= 0 ? null : new Lost(rest, now.first(), now.last());
        }
    }
}
