package io.postwatch.controller.proof;

import io.postwatch.controller.shared.id.AgentId;
import io.postwatch.controller.shared.id.TextLookupId;
import java.util.Optional;
import java.util.UUID;

/** The way to agents that look up texts. Calls return at once. The gateway implements it. */
public interface TextLink {
    /** The agent's session, where this controller holds it at this moment. */
    Optional<UUID> session(AgentId agent);

    /** Ask for the texts of a name; false where this controller does not hold this session of the agent. */
    boolean lookUpTexts(AgentId agent, UUID session, TextLookupId id, String name);
}
