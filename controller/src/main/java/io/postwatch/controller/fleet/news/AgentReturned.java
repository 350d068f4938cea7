package io.postwatch.controller.fleet.news;

import io.postwatch.controller.shared.id.AgentId;
import io.postwatch.controller.shared.id.LocationId;
import io.postwatch.controller.shared.id.TenantId;

/** An agent came back from maintenance and may run monitors again. Published after the commit. */
public record AgentReturned(TenantId tenant, AgentId agent, LocationId location) {}
