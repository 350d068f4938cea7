package io.postwatch.controller.evaluation;

import io.postwatch.controller.shared.Fingerprint;
import io.postwatch.controller.shared.id.MonitorId;
import io.postwatch.controller.shared.id.TenantId;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** What became of a batch. */
public sealed interface BatchOutcome {
    /**
     * It is committed: everything up to {@code ackedThrough} is stored or rejected. {@code wanted} are certificates of
     * which only the fingerprint is known, and the monitors whose results name them.
     *
     * @param mark of the last stored record, where that lies beyond the batch; 0: it is the batch's, or not known
     */
    record Stored(long ackedThrough, long mark, List<Rejection> rejections, Map<Fingerprint, Set<Witness>> wanted)
            implements BatchOutcome {
        public Stored {
            rejections = List.copyOf(rejections);
            wanted = Map.copyOf(wanted);
        }
    }

    /** Nothing was stored: records between the last ack and this batch are missing. The agent must begin again from the ack. */
    record OutOfSequence(long ackedThrough) implements BatchOutcome {}

    /**
     * Nothing was stored: the session that brought it is not the one that counts, or a copy of the agent's spool gave its
     * numbers to other records. The agent has kept it for a session that counts, which begins where the database is then.
     */
    record Fenced() implements BatchOutcome {}

    /** A monitor of a tenant that saw a certificate. */
    record Witness(TenantId tenant, MonitorId monitor) {}
}
