package io.postwatch.controller.fleet.news;

import io.postwatch.controller.shared.AgentId;
import io.postwatch.controller.shared.LocationId;
import io.postwatch.controller.shared.TenantId;

/** An agent has no session any more. Published after the commit. */
public record AgentLost(TenantId tenant, AgentId agent, LocationId location) {}
