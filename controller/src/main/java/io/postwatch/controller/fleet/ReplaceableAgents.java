package io.postwatch.controller.fleet;

import io.postwatch.controller.shared.id.AgentId;
import io.postwatch.controller.shared.id.LocationId;
import io.postwatch.controller.shared.id.TenantId;
import java.util.Optional;
import org.springframework.stereotype.Component;

/** Whose place another host may take. */
@Component
public class ReplaceableAgents {
    private final AgentList agents;

    ReplaceableAgents(AgentList agents) {
        this.agents = agents;
    }

    /** An agent whose row is locked. */
    public record Replaceable(LocationId location, String name, boolean replaceable) {}

    /** Part of the tenant's transaction. */
    public Optional<Replaceable> lock(TenantId tenant, AgentId agent) {
        return agents.lock(tenant, agent)
                .map(locked -> new Replaceable(
                        locked.location(), locked.name(), locked.state().isReplaceable()));
    }
}
