package io.postwatch.controller.assignment;

import io.postwatch.controller.fleet.AgentWork;
import io.postwatch.controller.fleet.LocationClaims;
import io.postwatch.controller.monitor.Monitors;
import io.postwatch.controller.shared.AgentId;
import io.postwatch.controller.shared.LocationId;
import io.postwatch.controller.shared.TenantId;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Collectors;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/** Tells the fleet what its locations and agents are used for. Every method is part of the tenant's transaction. */
@Component
class FleetWork implements AgentWork, LocationClaims {
    private final JdbcClient jdbc;
    private final Monitors monitors;

    FleetWork(JdbcClient jdbc, Monitors monitors) {
        this.jdbc = jdbc;
        this.monitors = monitors;
    }

    @Override
    public Map<AgentId, Work> of(TenantId tenant, Collection<AgentId> agents) {
        UUID[] ids = agents.stream().map(AgentId::value).toArray(UUID[]::new);
        Map<AgentId, List<Rejected>> rejected = jdbc
                .sql("""
                        SELECT DISTINCT ON (r.agent_id, s.monitor_id) r.agent_id, s.monitor_id, r.reason, r.message FROM rejected_assignment r
                        JOIN assignment s ON s.tenant_id = r.tenant_id AND s.series = r.series AND s.agent_id = r.agent_id
                        WHERE r.tenant_id = ? AND r.agent_id = ANY (?) AND r.revision = s.revision
                        ORDER BY r.agent_id, s.monitor_id, r.series
                        """)
                .params(tenant.value(), ids)
                .query((row, n) -> Map.entry(
                        new AgentId(row.getObject("agent_id", UUID.class)),
                        new Rejected(
                                row.getObject("monitor_id", UUID.class),
                                row.getString("reason"),
                                row.getString("message"))))
                .list()
                .stream()
                .collect(Collectors.groupingBy(
                        Map.Entry::getKey, Collectors.mapping(Map.Entry::getValue, Collectors.toList())));
        Map<AgentId, Work> work = new HashMap<>();
        jdbc.sql("SELECT agent_id, count(*) AS assignments FROM assignment WHERE tenant_id = ? AND agent_id = ANY (?)"
                        + " GROUP BY agent_id")
                .params(tenant.value(), ids)
                .query(row -> {
                    AgentId agent = new AgentId(row.getObject("agent_id", UUID.class));
                    work.put(agent, new Work(row.getInt("assignments"), rejected.getOrDefault(agent, List.of())));
                });
        return work;
    }

    @Override
    public int monitorsNaming(TenantId tenant, LocationId location) {
        return monitors.countListing(tenant, location);
    }
}
