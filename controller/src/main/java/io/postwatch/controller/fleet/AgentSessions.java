package io.postwatch.controller.fleet;

import io.postwatch.controller.shared.id.AgentId;

/** The sessions of agents, at whichever controller they are. The gateway implements it. No method waits. */
public interface AgentSessions {
    /** Ends the agent's session at once, because it was revoked. Nothing happens where there is none. */
    void revoked(AgentId agent);

    /** Ends the agent's sessions with a smaller epoch at once. Nothing happens where there is none. */
    void ended(AgentId agent, long epoch, Why why);

    /** Why a session ends that the agent did not end. */
    enum Why {
        /** Another host has taken the agent's place. */
        REPLACED,
        /** There are two copies of the agent. */
        CLONED
    }
}
