package io.postwatch.controller.fleet.news;

import io.postwatch.controller.shared.AgentId;
import io.postwatch.controller.shared.LocationId;
import io.postwatch.controller.shared.TenantId;

/** An agent came back from maintenance and may run monitors again. Published after the commit. */
public record AgentReturned(TenantId tenant, AgentId agent, LocationId location) {}
