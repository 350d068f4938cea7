package io.postwatch.controller.liveness;

/** The answer to a request for a session. */
public sealed interface Admission {
    /** The session stands. {@code newSealingKey}: what was sealed to this agent before cannot be opened any more. */
    record Admitted(AgentSession session, String agentName, String locationName, boolean newSealingKey)
            implements Admission {}

    /** Not let in. */
    record Refused(Reason reason, String message) implements Admission {}

    /** Why not. */
    enum Reason {
        NOT_IDENTIFIED,
        REVOKED,
        /** There are two copies of this agent. */
        CLONED,
        /** Another host has taken its place. */
        REPLACED,
        /** Its host lets it reach what an agent whose targets anybody may choose must not. */
        REACH_TOO_WIDE,
        /** A later session of the same process of the agent stands. */
        OVERTAKEN
    }
}
