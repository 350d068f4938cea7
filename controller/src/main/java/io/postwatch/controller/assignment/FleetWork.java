package io.postwatch.controller.assignment;

import io.postwatch.controller.fleet.AgentWork;
import io.postwatch.controller.fleet.LocationClaims;
import io.postwatch.controller.monitor.MonitorDefinition;
import io.postwatch.controller.monitor.MonitorKey;
import io.postwatch.controller.monitor.Monitors;
import io.postwatch.controller.scope.SystemTransactions;
import io.postwatch.controller.shared.id.AgentId;
import io.postwatch.controller.shared.id.LocationId;
import io.postwatch.controller.shared.id.MonitorId;
import io.postwatch.controller.shared.id.TenantId;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import java.util.stream.Collectors;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/** Tells the fleet what its locations and agents are used for. A method that names a tenant is part of its transaction. */
@Component
class FleetWork implements AgentWork, LocationClaims {
    private final SystemTransactions system;
    private final JdbcClient jdbc;
    private final Monitors monitors;

    FleetWork(SystemTransactions system, JdbcClient jdbc, Monitors monitors) {
        this.system = system;
        this.jdbc = jdbc;
        this.monitors = monitors;
    }

    @Override
    public Map<AgentId, Work> of(TenantId tenant, Collection<AgentId> agents) {
        UUID[] ids = agents.stream().map(AgentId::value).toArray(UUID[]::new);
        Map<AgentId, List<Rejected>> rejected = rejected(tenant, ids);
        Map<AgentId, Work> work = new HashMap<>();
        jdbc.sql("""
                SELECT s.agent_id, count(*) AS assignments,
                    count(*) FILTER (WHERE s.agent_revision > a.applied_revision) AS pending
                FROM assignment s JOIN agent a ON a.tenant_id = s.tenant_id AND a.agent_id = s.agent_id
                WHERE s.tenant_id = ? AND s.agent_id = ANY (?) GROUP BY s.agent_id
                """).params(tenant.value(), ids).query(row -> {
            AgentId agent = new AgentId(row.getObject("agent_id", UUID.class));
            work.put(
                    agent,
                    new Work(
                            row.getInt("assignments"), row.getInt("pending"), rejected.getOrDefault(agent, List.of())));
        });
        return work;
    }

    private record RejectedRow(AgentId agent, MonitorKey monitor, String reason, String message) {}

    private Map<AgentId, List<Rejected>> rejected(TenantId tenant, UUID[] ids) {
        List<RejectedRow> rows = jdbc.sql("""
                        SELECT DISTINCT ON (r.agent_id, s.monitor_id) r.agent_id, s.monitor_id, r.reason, r.message FROM rejected_assignment r
                        JOIN assignment s ON s.tenant_id = r.tenant_id AND s.series = r.series AND s.agent_id = r.agent_id
                        WHERE r.tenant_id = ? AND r.agent_id = ANY (?) AND r.revision = s.revision
                        ORDER BY r.agent_id, s.monitor_id, r.series
                        """)
                .params(tenant.value(), ids)
                .query((row, n) -> new RejectedRow(
                        new AgentId(row.getObject("agent_id", UUID.class)),
                        new MonitorKey(tenant, new MonitorId(row.getObject("monitor_id", UUID.class))),
                        row.getString("reason"),
                        row.getString("message")))
                .list();
        Map<MonitorKey, MonitorDefinition> known =
                monitors.find(rows.stream().map(RejectedRow::monitor).collect(Collectors.toSet()));
        return rows.stream()
                .filter(row -> known.containsKey(row.monitor()))
                .collect(Collectors.groupingBy(
                        RejectedRow::agent, Collectors.mapping(row -> rejected(row, known), Collectors.toList())));
    }

    private static Rejected rejected(RejectedRow row, Map<MonitorKey, MonitorDefinition> known) {
        MonitorDefinition monitor = Objects.requireNonNull(known.get(row.monitor()));
        return new Rejected(monitor.id().value(), monitor.name(), row.reason(), row.message());
    }

    @Override
    public int monitorsNaming(TenantId tenant, LocationId location) {
        return monitors.countListing(tenant, location);
    }

    @Override
    public int monitorsNaming(LocationId publicLocation) {
        return system.call(() -> monitors.countListing(publicLocation));
    }
}
