package io.postwatch.controller.fleet.news;

import io.postwatch.controller.shared.AgentId;
import io.postwatch.controller.shared.LocationId;
import io.postwatch.controller.shared.TenantId;

/** An agent and all that was known of it is gone. Published after the commit. */
public record AgentDeleted(TenantId tenant, AgentId agent, LocationId location) {}
