package io.postwatch.controller.fleet.news;

import io.postwatch.controller.shared.id.AgentId;
import io.postwatch.controller.shared.id.LocationId;
import io.postwatch.controller.shared.id.TenantId;

/** An agent and all that was known of it is gone. Published after the commit. */
public record AgentDeleted(TenantId tenant, AgentId agent, LocationId location) {}
