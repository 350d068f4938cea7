package io.postwatch.controller.assignment;

import io.postwatch.controller.shared.id.AgentId;

/**
 * The way to the agents whose sessions this controller holds. Calls return at once; what is asked of an agent that is
 * connected elsewhere or not at all is not done. The gateway implements it.
 */
public interface AgentLink {
    /** What the agent is to run has changed: read it again and tell. */
    void planChanged(AgentId agent);

    /** Run a series once, after the agent was told the assignment. */
    void runOnce(AgentId agent, RunOrder order);
}
