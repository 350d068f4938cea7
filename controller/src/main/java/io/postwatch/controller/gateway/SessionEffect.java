package io.postwatch.controller.gateway;

import io.grpc.Status;
import io.postwatch.controller.assignment.DesiredState;
import io.postwatch.controller.evaluation.Batch;
import io.postwatch.controller.evaluation.BatchOutcome.Witness;
import io.postwatch.controller.liveness.AgentSession;
import io.postwatch.controller.shared.Bytes;
import io.postwatch.controller.shared.Fingerprint;
import io.postwatch.controller.shared.id.AgentId;
import io.postwatch.proto.agent.v1.Applied;
import io.postwatch.proto.agent.v1.CertificateUpload;
import io.postwatch.proto.agent.v1.ControllerMessage;
import io.postwatch.proto.agent.v1.Heartbeat;
import io.postwatch.proto.agent.v1.Hello;
import io.postwatch.proto.agent.v1.LoginLeaseReturned;
import io.postwatch.proto.agent.v1.LoginLeaseWanted;
import io.postwatch.proto.agent.v1.TestOutcome;
import io.postwatch.proto.agent.v1.TextsFound;
import java.time.Instant;
import java.util.Map;
import java.util.Set;

/** What the shell of a session has to do. */
sealed interface SessionEffect {
    record Send(ControllerMessage message) implements SessionEffect {}

    /** Judge the hello; answered by Admitted or Refused. */
    record Admit(Bytes nonce, Hello hello, Instant receivedAt) implements SessionEffect {}

    /** From now on the session is found by its agent's id. */
    record Register(AgentSession session) implements SessionEffect {}

    /** Find out what to tell; answered by PlanRead. {@code whole}: everything, as to an agent that knows nothing. */
    record ReadPlan(AgentSession session, DesiredState told, boolean whole) implements SessionEffect {}

    record RecordPulse(AgentSession session, Heartbeat heartbeat, Instant receivedAt) implements SessionEffect {}

    record RecordApplied(AgentSession session, Applied applied) implements SessionEffect {}

    /** Store the batch, which had so many bytes on its way; answered by BatchDone or StoreFailed. */
    record Store(Batch batch, int bytes) implements SessionEffect {}

    record StoreCertificates(AgentSession session, CertificateUpload upload, Map<Fingerprint, Set<Witness>> wanted)
            implements SessionEffect {}

    record RecordOutcome(AgentSession session, TestOutcome outcome) implements SessionEffect {}

    record RecordTexts(AgentSession session, TextsFound found) implements SessionEffect {}
    /** Whether a run may log in; the answer is sent at once. */
    record AskLease(AgentId agent, LoginLeaseWanted wanted) implements SessionEffect {}

    record ReturnLease(AgentId agent, LoginLeaseReturned returned) implements SessionEffect {}

    /** A message that this controller does not know. */
    record CountUnknown() implements SessionEffect {}

    /**
     * The agent has no session any more, unless a newer one took over.
     *
     * @param agentWent whether it went or fell silent, and not this side or the database ended it
     */
    record CloseSession(AgentSession session, boolean agentWent) implements SessionEffect {}

    /** End the stream. */
    record Finish(Status status) implements SessionEffect {}
}
