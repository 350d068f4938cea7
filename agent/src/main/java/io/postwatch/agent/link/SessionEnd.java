package io.postwatch.agent.link;

import io.grpc.Status;
import io.postwatch.proto.agent.v1.GoodbyeReason;

/** Why a session is over; decides when and how the next one is tried. */
sealed interface SessionEnd {

    /** This agent stops. */
    record Stopped() implements SessionEnd {}

    /** The controller asked its agents to spread; the next session may begin at once. */
    record Drained() implements SessionEnd {}

    /** Something of this agent changed (its certificate, its spool): the next session begins with it, at once. */
    record Outdated(String what) implements SessionEnd {}

    /** The controller said good-bye. */
    record Dismissed(GoodbyeReason reason, String message) implements SessionEnd {}

    /** The controller didn't keep to the protocol, or was silent. */
    record GivenUp(String why) implements SessionEnd {}

    /** The connection failed or the controller ended the stream. */
    record Broken(Status status) implements SessionEnd {}
}
