package io.postwatch.controller.fleet.news;

import io.postwatch.controller.shared.id.AgentId;
import io.postwatch.controller.shared.id.LocationId;
import io.postwatch.controller.shared.id.TenantId;

/** An agent's session stands. Published after the commit. */
public record AgentConnected(TenantId tenant, AgentId agent, LocationId location) {}
