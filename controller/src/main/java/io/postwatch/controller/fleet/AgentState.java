package io.postwatch.controller.fleet;

import java.util.EnumSet;
import java.util.Locale;
import java.util.Set;

/** The life of an agent as people see it. Whether it may be deleted and where it may go next stands here only. */
public enum AgentState {
    /** A person has to approve it before it gets a certificate. */
    AWAITING_APPROVAL,
    /** Enrolled; its session has never stood. */
    NEVER_CONNECTED,
    ONLINE,
    /** Had a session and has none now. */
    OFFLINE,
    /** Not let in, because there are two copies of it; an administrator replaces it. */
    CLONED,
    /** A person did not approve it: never let in. */
    REFUSED,
    /** Never let in again. */
    REVOKED;

    Set<AgentState> next() {
        return switch (this) {
            case AWAITING_APPROVAL -> EnumSet.of(NEVER_CONNECTED, REFUSED);
            case NEVER_CONNECTED, OFFLINE -> EnumSet.of(ONLINE, CLONED, REVOKED);
            case ONLINE -> EnumSet.of(OFFLINE, CLONED, REVOKED);
            // Another host takes its place.
            case CLONED -> EnumSet.of(NEVER_CONNECTED, OFFLINE, REVOKED);
            case REFUSED, REVOKED -> EnumSet.noneOf(AgentState.class);
        };
    }

    boolean canBecome(AgentState other) {
        return next().contains(other);
    }

    /** An agent that may still come or is connected is revoked first, so that deleting never cuts off a working one. */
    boolean isDeletable() {
        return this == REVOKED || this == REFUSED || this == NEVER_CONNECTED;
    }

    /** Whether another host may take its place. One that was never let in has none. */
    boolean isReplaceable() {
        return !isFinal() && this != AWAITING_APPROVAL;
    }

    /** Whether it will never be let in. */
    boolean isFinal() {
        return next().isEmpty();
    }

    /** The name in the API: {@code never-connected}. */
    public String code() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /** What is stored of it. */
    record Marks(
            boolean refused,
            boolean revoked,
            boolean cloned,
            boolean awaitingApproval,
            boolean inSession,
            boolean everConnected) {}

    static AgentState of(Marks marks) {
        if (marks.refused()) {
            return REFUSED;
        }
        if (marks.revoked()) {
            return REVOKED;
        }
        if (marks.cloned()) {
            return CLONED;
        }
        if (marks.awaitingApproval()) {
            return AWAITING_APPROVAL;
        }
        if (marks.inSession()) {
            return ONLINE;
        }
        return marks.everConnected() ? OFFLINE : NEVER_CONNECTED;
    }
}
