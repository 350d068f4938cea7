package io.postwatch.controller.fleet.news;

import io.postwatch.controller.shared.id.AgentId;
import io.postwatch.controller.shared.id.LocationId;
import io.postwatch.controller.shared.id.TenantId;

/** An agent is never let in again. Published after the commit. */
public record AgentRevoked(TenantId tenant, AgentId agent, LocationId location) {}
