package io.postwatch.controller.evaluation;

import io.postwatch.controller.shared.id.AgentId;
import io.postwatch.controller.shared.id.LocationId;
import io.postwatch.controller.shared.id.TenantId;
import java.util.List;
import java.util.UUID;

/**
 * Records of one lane in ascending sequence without holes.
 *
 * @param leapsFrom where at least this was acked, the first sequence may lie beyond it: the first batch of a lane in a
 *     session leaps from what its agent was told at the welcome, since it may have let go of what a database that was set
 *     back no longer has. A database that was set back since that welcome lost what the agent still keeps.
 *     {@link #NO_LEAP}: never
 */
public record Batch(Reporter reporter, UUID spool, Lane lane, long leapsFrom, List<SpoolEntry> entries) {
    public static final long NO_LEAP = Long.MAX_VALUE;

    /** As many as an agent may have under way. */
    public static final int MAX_RECORDS = 2_000;

    /** No spool comes this far; what lies beyond can't be counted on from. */
    public static final long MAX_SEQUENCE = Long.MAX_VALUE / 2;

    public Batch {
        entries = List.copyOf(entries);
        if (entries.isEmpty()) {
            throw new IllegalArgumentException("A batch has at least one record");
        }
        if (entries.size() > MAX_RECORDS) {
            throw new IllegalArgumentException("A batch has at most " + MAX_RECORDS + " records");
        }
        long sequence = entries.getFirst().sequence();
        if (sequence < 1 || sequence > MAX_SEQUENCE) {
            throw new IllegalArgumentException("Sequences count from 1 to " + MAX_SEQUENCE);
        }
        for (SpoolEntry entry : entries) {
            if (entry.sequence() != sequence++) {
                throw new IllegalArgumentException("The records of a batch have ascending sequences without holes");
            }
        }
    }

    /** What is to be done with a batch. */
    public sealed interface Step {
        /** Its records that are not stored yet; then the lane is acked through this sequence, in one transaction. */
        record Store(List<SpoolEntry> fresh, long ackThrough) implements Step {}

        /** Nothing: records between the last ack and this batch are missing. */
        record OutOfSequence(long acked) implements Step {}

        /** Nothing: the lane's last record is another one than what this batch has under the same sequence. */
        record OfACopy() implements Step {}
    }

    /** What is to be done where the lane is stored so far; 0: it never was. */
    public Step after(LaneEnd stored) {
        long acked = stored.acked();
        if (stored.isAnother(entries)) {
            return new Step.OfACopy();
        }
        if (first() > acked + 1 && acked < leapsFrom) {
            return new Step.OutOfSequence(acked);
        }
        List<SpoolEntry> fresh =
                entries.stream().filter(entry -> entry.sequence() > acked).toList();
        return new Step.Store(fresh, Math.max(acked, last()));
    }

    private long first() {
        return entries.getFirst().sequence();
    }

    public long last() {
        return entries.getLast().sequence();
    }

    /** Of the last record, see {@link SpoolEntry#mark}. */
    public long mark() {
        return entries.getLast().mark();
    }

    /** The agent that ran it, where it stands and whose it is; and the session that brings it. */
    public record Reporter(TenantId tenant, AgentId agent, LocationId location, UUID session) {}
}
