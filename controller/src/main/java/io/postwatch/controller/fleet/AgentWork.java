package io.postwatch.controller.fleet;

import io.postwatch.controller.shared.id.AgentId;
import io.postwatch.controller.shared.id.TenantId;
import io.swagger.v3.oas.annotations.media.Schema;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/** What agents work on. The module that assigns work implements it; called inside the tenant's transaction. */
public interface AgentWork {
    /** How many assignments each of these agents has, how many of them have not reached it, and which it rejected. Agents without any may be absent. */
    Map<AgentId, Work> of(TenantId tenant, Collection<AgentId> agents);

    /** The work of one agent. */
    record Work(int assignments, int pending, List<Rejected> rejected) {
        public static final Work NONE = new Work(0, 0, List.of());

        public Work {
            rejected = List.copyOf(rejected);
        }
    }

    /** A monitor that an agent does not run, and why. */
    @Schema(name = "RejectedAssignment")
    record Rejected(UUID monitorId, String monitorName, String reason, String message) {}
}
