package io.postwatch.controller.fleet.news;

import io.postwatch.controller.shared.AgentId;
import io.postwatch.controller.shared.LocationId;
import io.postwatch.controller.shared.TenantId;

/** An agent was put into maintenance: its session stays, its monitors go to others. Published after the commit. */
public record AgentDrained(TenantId tenant, AgentId agent, LocationId location) {}
