package io.postwatch.agent.assignment;

/** Why an assignment is not run. */
public enum RejectionReason {
    /** A check type, option or mechanism that this agent doesn't know. */
    UNSUPPORTED,
    /** A value out of its range. */
    INVALID,
    /** The sealed secret doesn't open with this agent's key. */
    SECRET_UNREADABLE,
    /** A secret of this host that its configuration doesn't list, or not for this server. */
    LOCAL_SECRET_NOT_ALLOWED
}
