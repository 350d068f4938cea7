package io.postwatch.controller.fleet.news;

import io.postwatch.controller.shared.AgentId;
import io.postwatch.controller.shared.LocationId;
import io.postwatch.controller.shared.TenantId;

/** An agent is never let in again. Published after the commit. */
public record AgentRevoked(TenantId tenant, AgentId agent, LocationId location) {}
