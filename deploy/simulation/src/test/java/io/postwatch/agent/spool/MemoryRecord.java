package io.postwatch.agent.spool;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** One row of a spool in memory: a result or a gap, with its number once it has one. */
final class MemoryRecord {

    /** What a row costs beside its payload. */
    static final int OVERHEAD = 100;

    final long id;
    final long madeAt;
    Instant first;
    Instant last;
    final boolean ok;
    final byte @Nullable [] payload;
    long gapCount;
    final @Nullable GapReason reason;
    long sequence;
    long ackedAt = Long.MIN_VALUE;

    /** Under an earlier numbering it was acked. */
    boolean wasAcked;

    MemoryRecord(
            long id,
            long madeAt,
            Instant first,
            Instant last,
            boolean ok,
            byte @Nullable [] payload,
            long gapCount,
            @Nullable GapReason reason) {
        this.id = id;
        this.madeAt = madeAt;
        this.first = first;
        this.last = last;
        this.ok = ok;
        this.payload = payload;
        this.gapCount = gapCount;
        this.reason = reason;
    }

    MemoryRecord copy() {
        MemoryRecord copy = new MemoryRecord(id, madeAt, first, last, ok, payload, gapCount, reason);
        copy.sequence = sequence;
        copy.ackedAt = ackedAt;
        copy.wasAcked = wasAcked;
        return copy;
    }

    boolean isAcked() {
        return ackedAt != Long.MIN_VALUE;
    }

    /** The room it takes from others. */
    long bytes() {
        return wasAcked ? 0 : (payload == null ? 0L : payload.length) + OVERHEAD;
    }

    SpoolRecord record() {
        return payload != null
                ? new SpoolRecord.Run(sequence, payload)
                : new SpoolRecord.Gap(sequence, gapCount, first, last, reason == null ? GapReason.SPOOL_FULL : reason);
    }
}
