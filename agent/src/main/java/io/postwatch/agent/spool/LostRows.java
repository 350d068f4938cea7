package io.postwatch.agent.spool;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** Results that the disk refused, counted until their gap record is stored. Safe for use by several threads. */
final class LostRows {

    /** Where the count is written down, so that it outlives the process. */
    interface Note {

        /** Keeps this, where it can. */
        void write(Lost lost);
    }

    /**
     * What is lost and not told.
     *
     * @param count how many
     * @param first scheduled time of the first
     * @param last scheduled time of the last
     * @param ever how many were lost up to then since they are counted, those that were told included; never falls
     */
    record Lost(long count, Instant first, Instant last, long ever) {

        Lost {
            if (count < 1 || ever < count || last.isBefore(first)) {
                throw new IllegalArgumentException("what is lost has a count and goes from first to last");
            }
        }

        private Lost and(Instant scheduledAt) {
            return new Lost(
                    count + 1,
                    scheduledAt.isBefore(first) ? scheduledAt : first,
                    scheduledAt.isAfter(last) ? scheduledAt : last,
                    ever + 1);
        }
    }

    private final Note note;
    private long ever;
    private @Nullable Lost lost;

    /**
     * Goes on counting.
     *
     * @param told how many were told ever
     * @param before what was written down last, if anything; of it that counts which was not told
     */
    LostRows(Note note, long told, @Nullable Lost before) {
        this.note = note;
        this.ever = before == null ? told : Math.max(told, before.ever());
        this.lost = before == null || before.ever() <= told
                ? null
                : new Lost(before.ever() - told, before.first(), before.last(), before.ever());
    }

    synchronized void add(Instant scheduledAt) {
        Lost before = lost;
        ever++;
        Lost now = before == null ? new Lost(1, scheduledAt, scheduledAt, ever) : before.and(scheduledAt);
        lost = now;
        note.write(now);
    }

    synchronized @Nullable Lost peek() {
        return lost;
    }

    /** How many were lost ever. */
    synchronized long ever() {
        return ever;
    }

    /** Takes away what was told; what came in meanwhile stays. */
    synchronized void remove(Lost told) {
        Lost now = lost;
        if (now != null) {
            long rest = now.ever() - told.ever();
            lost = rest <= 0 ? null : new Lost(rest, now.first(), now.last(), now.ever());
        }
    }
}
