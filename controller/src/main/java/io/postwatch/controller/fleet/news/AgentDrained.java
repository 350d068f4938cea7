package io.postwatch.controller.fleet.news;

import io.postwatch.controller.shared.id.AgentId;
import io.postwatch.controller.shared.id.LocationId;
import io.postwatch.controller.shared.id.TenantId;

/** An agent was put into maintenance: its session stays, its monitors go to others. Published after the commit. */
public record AgentDrained(TenantId tenant, AgentId agent, LocationId location) {}
