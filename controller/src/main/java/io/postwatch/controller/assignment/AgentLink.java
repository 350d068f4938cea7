package io.postwatch.controller.assignment;

import io.postwatch.controller.shared.AgentId;
import io.postwatch.controller.shared.MonitorTestId;

/**
 * The way to the agents whose sessions this controller holds. Calls return at once; what is asked of an agent that is
 * connected elsewhere or not at all is not done. The gateway implements it.
 */
public interface AgentLink {
    /** What the agent is to run has changed: read it again and tell. */
    void planChanged(AgentId agent);

    /** Run a series once, after the agent was told the assignment. */
    void runOnce(AgentId agent, RunOrder order);

    /** Whether this controller holds the agent's session at this moment. */
    boolean holds(AgentId agent);

    /** Hand over a monitor test; false where this controller does not hold the agent's session. */
    boolean startTest(AgentId agent, MonitorTestId test, byte[] order);

    void cancelTest(AgentId agent, MonitorTestId test);
}
