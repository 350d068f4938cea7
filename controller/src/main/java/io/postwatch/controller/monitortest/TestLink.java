package io.postwatch.controller.monitortest;

import io.postwatch.controller.shared.id.AgentId;
import io.postwatch.controller.shared.id.TestOrderId;
import java.util.Optional;
import java.util.UUID;

/** The way of monitor tests to the agents. Calls return at once. The gateway implements it. */
public interface TestLink {
    /** The agent's session, where this controller holds it at this moment. */
    Optional<UUID> session(AgentId agent);

    /** Hand over a monitor test; false where this controller does not hold this session of the agent. */
    boolean startTest(AgentId agent, UUID session, TestOrderId id, byte[] order);

    /** Wherever the agent is connected. */
    void cancelTest(AgentId agent, TestOrderId id);
}
