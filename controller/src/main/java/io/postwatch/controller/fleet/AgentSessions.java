package io.postwatch.controller.fleet;

import io.postwatch.controller.shared.id.AgentId;

/** The sessions that this controller holds. The gateway implements it. */
public interface AgentSessions {
    /** Ends the agent's session at once, because it was revoked. Nothing happens where there is none. */
    void revoked(AgentId agent);
}
