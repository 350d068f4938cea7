package io.postwatch.controller.gateway;

import com.google.protobuf.ByteString;
import io.postwatch.controller.assignment.DesiredState;
import io.postwatch.controller.assignment.PlanChange;
import io.postwatch.controller.assignment.RunOrder;
import io.postwatch.controller.evaluation.BatchOutcome;
import io.postwatch.controller.evaluation.Lane;
import io.postwatch.controller.evaluation.LaneEnd;
import io.postwatch.controller.liveness.Admission;
import io.postwatch.controller.liveness.AgentSession;
import io.postwatch.proto.agent.v1.AgentMessage;
import io.postwatch.proto.agent.v1.GoodbyeReason;
import io.postwatch.proto.agent.v1.LookUpTexts;
import io.postwatch.proto.agent.v1.RunTest;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** What may happen to a session. */
sealed interface SessionInput {
    /** The agent spoke. */
    record FromAgent(AgentMessage message, Instant receivedAt) implements SessionInput {}

    /** The agent has read enough for more to be sent. */
    record Room() implements SessionInput {}

    /** The agent says nothing more, and may still listen. */
    record PeerDone() implements SessionInput {}

    /** The stream broke. */
    record PeerGone() implements SessionInput {}

    /** The hello was good. {@code wanted} is what the agent is to run, {@code acked} how far its spool is stored. */
    record Admitted(Admission.Admitted admission, Map<Lane, LaneEnd> acked, DesiredState wanted, Welcoming welcoming)
            implements SessionInput {
        /** How far each lane is stored. */
        Map<Lane, Long> ackedThrough() {
            return acked.entrySet().stream()
                    .collect(Collectors.toMap(
                            Map.Entry::getKey,
                            (Map.Entry<Lane, LaneEnd> lane) -> lane.getValue().acked()));
        }

        /** What a welcome tells besides. */
        record Welcoming(
                Instant now, Duration heartbeatInterval, List<ByteString> roots, List<ByteString> formerRoots) {}
    }

    /** The hello was not acceptable. */
    record Refused(GoodbyeReason reason, String message) implements SessionInput {}

    /** The session was opened, but what its welcome tells could not be read, or nobody is there to hear it. */
    record WelcomeFailed(AgentSession session) implements SessionInput {}

    /** What the agent is to run may have changed. */
    record PlanChanged() implements SessionInput {}

    /** The database does not know that the agent applied what it was told last; what it said of it was lost. */
    record AppliedUnknown() implements SessionInput {}

    /** The plan was read: what to tell an agent that was told {@code base} (a snapshot, where {@code whole}). */
    record PlanRead(PlanChange change, boolean whole) implements SessionInput {}

    /** The plan could not be read; the next change or the next look at the database tries again. */
    record PlanUnreadable() implements SessionInput {}

    record RunOnce(RunOrder order) implements SessionInput {}

    record StartTest(RunTest order) implements SessionInput {}

    record CancelTest(ByteString test) implements SessionInput {}

    record AskForTexts(LookUpTexts wanted) implements SessionInput {}

    /** A batch was stored or refused. */
    record BatchDone(Lane lane, long last, BatchOutcome outcome) implements SessionInput {}

    /** The database did not take a batch: the agent keeps it and comes again. */
    record StoreFailed() implements SessionInput {}

    /** The session has to end: a newer one took over, or the agent was revoked. */
    record End(GoodbyeReason reason, String message) implements SessionInput {}

    /** The controller stops soon. */
    record Drain(Duration within) implements SessionInput {}

    /** What the agent said waits for its turn: it is to hear that this side lives. */
    record Busy() implements SessionInput {}

    /** Three heartbeats were missed. */
    record Silent() implements SessionInput {}

    /** The database took the session for lost while it stood here, or forgot it; the agent comes again and gets a new one. */
    record Lapsed() implements SessionInput {}
}
