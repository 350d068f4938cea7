package io.postwatch.controller.gateway;

import io.postwatch.controller.assignment.DesiredState;
import io.postwatch.controller.assignment.RunOrder;
import io.postwatch.controller.evaluation.BatchOutcome.Witness;
import io.postwatch.controller.evaluation.Lane;
import io.postwatch.controller.liveness.AgentSession;
import io.postwatch.controller.shared.Bytes;
import io.postwatch.controller.shared.Fingerprint;
import io.postwatch.controller.shared.SeriesId;
import java.util.Map;
import java.util.Set;
import java.util.UUID;

/** Where a session is. It only moves downwards in this file. */
sealed interface SessionState {
    /** The challenge is out. */
    record AwaitingHello(Bytes nonce) implements SessionState {}

    /** The hello is being judged. */
    record Admitting(Bytes appliedHash, long appliedRevision, UUID spool) implements SessionState {}

    /**
     * The session stands.
     *
     * @param told what the agent was told last
     * @param reading the plan is being read
     * @param stale the plan changed while it was read
     * @param waiting runs that wait for their assignment to be told
     * @param lastSequence of each lane in this session
     * @param wanted certificates that the agent was asked for, and who saw them
     */
    record Open(
            AgentSession session,
            UUID spool,
            DesiredState told,
            boolean reading,
            boolean stale,
            Map<SeriesId, RunOrder> waiting,
            Map<Lane, Long> lastSequence,
            Map<Fingerprint, Set<Witness>> wanted)
            implements SessionState {
        public Open {
            waiting = Map.copyOf(waiting);
            lastSequence = Map.copyOf(lastSequence);
            wanted = Map.copyOf(wanted);
        }
    }

    /** Nothing more is sent, and what still comes is ignored. */
    record Ended() implements SessionState {}
}
