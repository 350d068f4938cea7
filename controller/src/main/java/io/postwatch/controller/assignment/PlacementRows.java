package io.postwatch.controller.assignment;

import io.postwatch.controller.series.SeriesDirectory;
import io.postwatch.controller.shared.id.AgentId;
import io.postwatch.controller.shared.id.LocationId;
import io.postwatch.controller.shared.id.MonitorId;
import io.postwatch.controller.shared.id.SeriesId;
import io.postwatch.controller.shared.id.TenantId;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/** Assignments as rows. Every method is part of the caller's system transaction. */
@Component
class PlacementRows {
    private static final String SELECT = """
            SELECT s.tenant_id, s.id, s.monitor_id, s.location_id, s.target, p.agent_id, coalesce(d.tenant_id, p.tenant_id) AS owner, p.revision,
                p.anchor_ms
            FROM assignment p
            JOIN series s ON s.tenant_id = p.tenant_id AND s.id = p.series
            LEFT JOIN agent_directory d ON d.agent_id = p.agent_id
            WHERE\s""";

    private final JdbcClient jdbc;

    PlacementRows(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    /**
     * Says that this transaction is being worked at, to be said now and then in work that asks the database for nothing
     * else: it would take a controller that says nothing for one that has stopped.
     */
    void stillAtWork() {
        jdbc.sql("SELECT 1").query(Integer.class).single();
    }

    List<PlacementRow> ofMonitor(TenantId tenant, MonitorId monitor) {
        return jdbc.sql(SELECT + "p.tenant_id = ? AND p.monitor_id = ?")
                .params(tenant.value(), monitor.value())
                .query(PlacementRows::row)
                .list();
    }

    List<PlacementRow> ofLocation(LocationId location) {
        return jdbc.sql(SELECT + "p.location_id = ?")
                .param(location.value())
                .query(PlacementRows::row)
                .list();
    }

    /** In ascending order of series. */
    List<PlacementRow> ofAgent(AgentId agent) {
        return jdbc.sql(SELECT + "p.agent_id = ? ORDER BY p.series")
                .param(agent.value())
                .query(PlacementRows::row)
                .list();
    }

    /** Writes rows, each with the revision of its agent that brings it. */
    void write(List<PlacementRow> all, Map<AgentId, Long> agentRevisions) {
        for (PlacementRow row : all) {
            jdbc.sql("""
                    INSERT INTO assignment (tenant_id, series, monitor_id, location_id, agent_id, revision, agent_revision,
                        anchor_ms) VALUES (?, ?, ?, ?, ?, ?, ?, ?)
                    ON CONFLICT (tenant_id, series) DO UPDATE SET agent_id = excluded.agent_id,
                        revision = excluded.revision, agent_revision = excluded.agent_revision,
                        anchor_ms = excluded.anchor_ms
                    """)
                    .params(
                            row.tenant().value(),
                            row.series().value(),
                            row.monitor().value(),
                            row.location().value(),
                            row.agent().value(),
                            row.revision(),
                            Objects.requireNonNull(agentRevisions.get(row.agent())),
                            row.anchor().toMillis())
                    .update();
        }
    }

    void delete(List<PlacementRow> all) {
        for (PlacementRow row : all) {
            jdbc.sql("DELETE FROM assignment WHERE tenant_id = ? AND series = ?")
                    .params(row.tenant().value(), row.series().value())
                    .update();
            jdbc.sql("DELETE FROM rejected_assignment WHERE tenant_id = ? AND series = ?")
                    .params(row.tenant().value(), row.series().value())
                    .update();
        }
    }

    private static PlacementRow row(ResultSet row, int number) throws SQLException {
        return new PlacementRow(
                new TenantId(row.getObject("tenant_id", UUID.class)),
                new SeriesId(row.getLong("id")),
                new MonitorId(row.getObject("monitor_id", UUID.class)),
                SeriesDirectory.place(row),
                new AgentId(row.getObject("agent_id", UUID.class)),
                new TenantId(row.getObject("owner", UUID.class)),
                row.getLong("revision"),
                Duration.ofMillis(row.getLong("anchor_ms")));
    }
}
