package io.postwatch.controller.fleet.news;

import io.postwatch.controller.shared.id.AgentId;
import io.postwatch.controller.shared.id.LocationId;
import io.postwatch.controller.shared.id.TenantId;

/** An agent got its identity; it has not connected yet. Published after the commit. */
public record AgentEnrolled(TenantId tenant, AgentId agent, LocationId location) {}
