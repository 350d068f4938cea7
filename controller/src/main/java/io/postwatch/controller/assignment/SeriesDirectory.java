package io.postwatch.controller.assignment;

import io.postwatch.controller.shared.LocationId;
import io.postwatch.controller.shared.MonitorId;
import io.postwatch.controller.shared.SeriesId;
import io.postwatch.controller.shared.TenantId;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/** From series to what they are about and back. Every method is part of the caller's transaction. */
@Component
public class SeriesDirectory {
    private static final String COLUMNS = "tenant_id, id, monitor_id, location_id, target";

    private final JdbcClient jdbc;

    SeriesDirectory(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    public Optional<SeriesInfo> find(TenantId tenant, SeriesId id) {
        return jdbc.sql("SELECT " + COLUMNS + " FROM series WHERE tenant_id = ? AND id = ?")
                .params(tenant.value(), id.value())
                .query(SeriesDirectory::series)
                .optional();
    }

    /** All that a monitor has, also where it does not run any more. */
    public List<SeriesInfo> ofMonitor(TenantId tenant, MonitorId monitor) {
        return jdbc.sql("SELECT " + COLUMNS + " FROM series WHERE tenant_id = ? AND monitor_id = ? ORDER BY id")
                .params(tenant.value(), monitor.value())
                .query(SeriesDirectory::series)
                .list();
    }

    /** All that these monitors have, by monitor. */
    public Map<MonitorId, List<SeriesInfo>> ofMonitors(TenantId tenant, Collection<MonitorId> monitors) {
        return jdbc
                .sql("SELECT " + COLUMNS + " FROM series WHERE tenant_id = ? AND monitor_id = ANY (?) ORDER BY id")
                .params(tenant.value(), uuids(monitors))
                .query(SeriesDirectory::series)
                .list()
                .stream()
                .collect(Collectors.groupingBy(SeriesInfo::monitor));
    }

    /**
     * The series that an agent may report about: those of its own location and, where it is not public, of its own
     * tenant. System transaction only.
     */
    public Map<SeriesId, SeriesInfo> reportedFrom(TenantId agentTenant, LocationId location, Collection<SeriesId> ids) {
        boolean anyTenant = agentTenant.equals(TenantId.PLATFORM);
        return jdbc
                .sql("SELECT " + COLUMNS
                        + " FROM series WHERE id = ANY (?) AND location_id = ? AND (? OR tenant_id = ?)")
                .params(
                        ids.stream().map(SeriesId::value).toArray(Long[]::new),
                        location.value(),
                        anyTenant,
                        agentTenant.value())
                .query(SeriesDirectory::series)
                .list()
                .stream()
                .collect(Collectors.toMap(SeriesInfo::id, Function.identity()));
    }

    /** How far each location of these monitors is; a location that is absent has no agent for the monitor. */
    public Map<MonitorId, Map<LocationId, PlaceSync>> sync(TenantId tenant, Collection<MonitorId> monitors) {
        Map<MonitorId, Map<LocationId, PlaceSync>> sync = new HashMap<>();
        jdbc.sql("""
                SELECT s.monitor_id, s.location_id, s.agent_revision, a.applied_revision,
                    a.session_id IS NOT NULL AS connected, r.message
                FROM assignment s
                JOIN agent a ON a.agent_id = s.agent_id AND a.tenant_id IN (s.tenant_id, ?)
                LEFT JOIN rejected_assignment r ON r.tenant_id = s.tenant_id AND r.series = s.series
                    AND r.agent_id = s.agent_id AND r.revision = s.revision
                WHERE s.tenant_id = ? AND s.monitor_id = ANY (?)
                """)
                .params(TenantId.PLATFORM.value(), tenant.value(), uuids(monitors))
                .query(row -> {
                    sync.computeIfAbsent(
                                    new MonitorId(row.getObject("monitor_id", UUID.class)), monitor -> new HashMap<>())
                            .put(
                                    new LocationId(row.getObject("location_id", UUID.class)),
                                    PlaceSync.of(
                                            row.getLong("agent_revision"),
                                            row.getLong("applied_revision"),
                                            row.getBoolean("connected"),
                                            row.getString("message")));
                });
        return sync;
    }

    private static UUID[] uuids(Collection<MonitorId> monitors) {
        return monitors.stream().map(MonitorId::value).toArray(UUID[]::new);
    }

    private static SeriesInfo series(ResultSet row, int number) throws SQLException {
        return new SeriesInfo(
                new TenantId(row.getObject("tenant_id", UUID.class)),
                new SeriesId(row.getLong("id")),
                new MonitorId(row.getObject("monitor_id", UUID.class)),
                new LocationId(row.getObject("location_id", UUID.class)),
                row.getString("target"));
    }
}
