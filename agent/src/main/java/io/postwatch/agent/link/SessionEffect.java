package io.postwatch.agent.link;

import com.google.protobuf.ByteString;
import io.postwatch.agent.spool.Lane;
import io.postwatch.proto.agent.v1.AgentMessage;
import io.postwatch.proto.agent.v1.ControllerMessage;
import io.postwatch.proto.agent.v1.HeartbeatReply;
import io.postwatch.proto.agent.v1.LoginLease;
import io.postwatch.proto.agent.v1.LookUpTexts;
import io.postwatch.proto.agent.v1.RejectedRow;
import io.postwatch.proto.agent.v1.RunTest;
import io.postwatch.proto.agent.v1.TriggeredRun;
import io.postwatch.proto.agent.v1.Welcome;
import java.util.List;

/** What a session does about an event. */
sealed interface SessionEffect {

    /** Answer the challenge. */
    record SayHello(ByteString nonce) implements SessionEffect {}

    /** The hello waits for its turn: people hear so, once. */
    record TellQueued() implements SessionEffect {}

    /** The session stands: take over the roots, the names and the first time sample. */
    record Welcomed(Welcome welcome) implements SessionEffect {}

    /** Make and send a heartbeat, unless the transport is busy: then this one is left out. */
    record SendHeartbeat(long number) implements SessionEffect {}

    record Send(AgentMessage message) implements SessionEffect {}

    record MeasureTime(HeartbeatReply reply) implements SessionEffect {}

    /** Apply a snapshot's part or a delta, and say what came of it. */
    record ApplyState(ControllerMessage message) implements SessionEffect {}

    record Trigger(TriggeredRun run) implements SessionEffect {}

    record BeginTest(RunTest test) implements SessionEffect {}

    record CancelTest(ByteString testId) implements SessionEffect {}

    record LookUp(LookUpTexts wanted) implements SessionEffect {}
    /** Tell the run that asked for its login. */
    record AnswerLease(LoginLease answer) implements SessionEffect {}

    /** Send what follows this sequence, as much as the transport takes; tell by RowsSent. */
    record SendRows(Lane lane, long afterSequence, int atMost) implements SessionEffect {}

    record AckRows(Lane lane, long throughSequence) implements SessionEffect {}

    /** The controller's database may have lost what it had acked beyond this sequence. */
    record UnackRows(Lane lane, long afterSequence) implements SessionEffect {}

    record SetAside(Lane lane, RejectedRow row) implements SessionEffect {}

    /**
     * Where the controller knows more of this spool than was ever sent, or gave the sequence to another record, it needs a new
     * numbering.
     *
     * @param mark of the record with that sequence, as the controller has it; 0: not known
     */
    record CheckNumbering(Lane lane, long ackedThrough, long mark) implements SessionEffect {}

    record UploadCertificates(List<ByteString> fingerprints) implements SessionEffect {}

    record CountUnknown() implements SessionEffect {}

    /** Say nothing more and let the stream end. */
    record Finish() implements SessionEffect {}
}
