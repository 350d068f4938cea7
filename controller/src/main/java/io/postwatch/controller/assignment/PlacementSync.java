package io.postwatch.controller.assignment;

import io.postwatch.controller.scope.Rows;
import io.postwatch.controller.series.SeriesDirectory;
import io.postwatch.controller.series.SeriesPlace;
import io.postwatch.controller.shared.id.MonitorId;
import io.postwatch.controller.shared.id.TenantId;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.UUID;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/** How far the agents are with what they are to run. Every method is part of the caller's transaction. */
@Component
public class PlacementSync {
    private final JdbcClient jdbc;

    PlacementSync(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    /** How far each series of these monitors is; one that is absent has no agent. */
    public Map<MonitorId, Map<SeriesPlace, PlaceSync>> of(TenantId tenant, Collection<MonitorId> monitors) {
        Map<MonitorId, Map<SeriesPlace, PlaceSync>> sync = new HashMap<>();
        jdbc.sql("""
                SELECT s.monitor_id, s.location_id, i.target, s.agent_revision, a.applied_revision,
                    a.session_id IS NOT NULL AS connected, a.last_seen_at, r.message,
                    CASE WHEN a.tenant_id = s.tenant_id THEN a.name END AS own_agent
                FROM assignment s
                JOIN series i ON i.tenant_id = s.tenant_id AND i.id = s.series
                JOIN agent a ON a.agent_id = s.agent_id AND a.tenant_id IN (s.tenant_id, ?)
                LEFT JOIN rejected_assignment r ON r.tenant_id = s.tenant_id AND r.series = s.series
                    AND r.agent_id = s.agent_id AND r.revision = s.revision
                WHERE s.tenant_id = ? AND s.monitor_id = ANY (?)
                """)
                .params(
                        TenantId.PLATFORM.value(),
                        tenant.value(),
                        monitors.stream().map(MonitorId::value).toArray(UUID[]::new))
                .query(row -> {
                    sync.computeIfAbsent(
                                    new MonitorId(row.getObject("monitor_id", UUID.class)), monitor -> new HashMap<>())
                            .put(
                                    SeriesDirectory.place(row),
                                    PlaceSync.of(
                                            row.getString("own_agent"),
                                            row.getLong("agent_revision"),
                                            row.getLong("applied_revision"),
                                            row.getBoolean("connected"),
                                            Rows.instant(row, "last_seen_at"),
                                            row.getString("message")));
                });
        return sync;
    }
}
