package io.postwatch.controller.evaluation;

import io.postwatch.controller.shared.AgentId;
import io.postwatch.controller.shared.LocationId;
import io.postwatch.controller.shared.TenantId;
import java.util.List;
import java.util.UUID;

/**
 * Records of one lane in ascending sequence without holes.
 *
 * @param mayLeap whether the first sequence may lie beyond what was acked: true for the first batch of a lane in a
 *     session, since an agent may have let go of what a database that was set back no longer has
 */
public record Batch(Reporter reporter, UUID spool, Lane lane, boolean mayLeap, List<SpoolEntry> entries) {
    public Batch {
        entries = List.copyOf(entries);
        if (entries.isEmpty()) {
            throw new IllegalArgumentException("A batch has at least one record");
        }
        long sequence = entries.getFirst().sequence();
        if (sequence < 1) {
            throw new IllegalArgumentException("Sequences count from 1");
        }
        for (SpoolEntry entry : entries) {
            if (entry.sequence() != sequence++) {
                throw new IllegalArgumentException("The records of a batch have ascending sequences without holes");
            }
        }
    }

    long first() {
        return entries.getFirst().sequence();
    }

    public long last() {
        return entries.getLast().sequence();
    }

    /** The agent that ran it, where it stands and whose it is. */
    public record Reporter(TenantId tenant, AgentId agent, LocationId location) {}
}
