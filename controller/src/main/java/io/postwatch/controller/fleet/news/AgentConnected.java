package io.postwatch.controller.fleet.news;

import io.postwatch.controller.shared.AgentId;
import io.postwatch.controller.shared.LocationId;
import io.postwatch.controller.shared.TenantId;

/** An agent's session stands. Published after the commit. */
public record AgentConnected(TenantId tenant, AgentId agent, LocationId location) {}
