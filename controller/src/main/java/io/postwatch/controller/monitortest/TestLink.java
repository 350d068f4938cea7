package io.postwatch.controller.monitortest;

import io.postwatch.controller.shared.AgentId;
import io.postwatch.controller.shared.TestOrderId;

/** The way of monitor tests to the agents whose sessions this controller holds. Calls return at once. The gateway implements it. */
public interface TestLink {
    /** Whether this controller holds the agent's session at this moment. */
    boolean holds(AgentId agent);

    /** Hand over a monitor test; false where this controller does not hold the agent's session. */
    boolean startTest(AgentId agent, TestOrderId id, byte[] order);

    void cancelTest(AgentId agent, TestOrderId id);
}
