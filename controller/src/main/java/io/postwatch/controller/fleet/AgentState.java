package io.postwatch.controller.fleet;

import java.util.EnumSet;
import java.util.Locale;
import java.util.Set;

/** The life of an agent as people see it. Whether it may be deleted and where it may go next stands here only. */
public enum AgentState {
    /** Enrolled; its session has never stood. */
    NEVER_CONNECTED,
    ONLINE,
    /** Had a session and has none now. */
    OFFLINE,
    /** Never let in again. */
    REVOKED;

    Set<AgentState> next() {
        return switch (this) {
            case NEVER_CONNECTED, OFFLINE -> EnumSet.of(ONLINE, REVOKED);
            case ONLINE -> EnumSet.of(OFFLINE, REVOKED);
            case REVOKED -> EnumSet.noneOf(AgentState.class);
        };
    }

    boolean canBecome(AgentState other) {
        return next().contains(other);
    }

    /** An agent that may still come or is connected is revoked first, so that deleting never cuts off a working one. */
    boolean isDeletable() {
        return this == REVOKED || this == NEVER_CONNECTED;
    }

    /** The name in the API: {@code never-connected}. */
    public String code() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    static AgentState of(boolean revoked, boolean inSession, boolean everConnected) {
        if (revoked) {
            return REVOKED;
        }
        if (inSession) {
            return ONLINE;
        }
        return everConnected ? OFFLINE : NEVER_CONNECTED;
    }
}
