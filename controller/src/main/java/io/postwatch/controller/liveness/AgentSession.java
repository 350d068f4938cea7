package io.postwatch.controller.liveness;

import io.postwatch.controller.shared.id.AgentId;
import io.postwatch.controller.shared.id.LocationId;
import io.postwatch.controller.shared.id.TenantId;
import java.util.UUID;

/** A session that stands. The one of an agent with the highest epoch is the one that counts. */
public record AgentSession(TenantId tenant, AgentId agent, LocationId location, UUID id, long epoch) {}
