package io.postwatch.controller.fleet.news;

import io.postwatch.controller.shared.id.AgentId;
import io.postwatch.controller.shared.id.LocationId;
import io.postwatch.controller.shared.id.TenantId;

/** An agent has no session any more. Published after the commit. */
public record AgentLost(TenantId tenant, AgentId agent, LocationId location) {}
