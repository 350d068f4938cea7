package io.postwatch.agent.link;

import io.grpc.Status;
import io.postwatch.agent.spool.Lane;
import io.postwatch.proto.agent.v1.AgentMessage;
import io.postwatch.proto.agent.v1.ControllerMessage;
import io.postwatch.proto.agent.v1.TestOutcome;
import io.postwatch.proto.agent.v1.TextsFound;

/** What happens to a session. */
sealed interface SessionEvent {

    /**
     * The controller said something.
     *
     * @param draw uniformly from 0 to 1, for what is to be spread
     */
    record Said(ControllerMessage message, double draw) implements SessionEvent {}

    /** Time passed. */
    record Ticked() implements SessionEvent {}

    /** There may be something to send, or room to send it. */
    record Sendable() implements SessionEvent {}

    /** Records of a lane went out. */
    record RowsSent(Lane lane, long throughSequence) implements SessionEvent {}

    /** A monitor test ended. */
    record TestEnded(TestOutcome outcome) implements SessionEvent {}

    /** What was found at a name. */
    record TextsLookedUp(TextsFound found) implements SessionEvent {}
    /** A run has something to say about its login lease. */
    record LeaseSaid(AgentMessage message) implements SessionEvent {}

    /** This agent's certificate or spool is another one now. */
    record BecameOutdated(String what) implements SessionEvent {}

    /** The agent stops. */
    record StopWanted() implements SessionEvent {}

    /** The stream is over. */
    record StreamEnded(Status status) implements SessionEvent {}
}
