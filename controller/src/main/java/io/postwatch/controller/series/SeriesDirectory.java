package io.postwatch.controller.series;

import io.postwatch.controller.shared.AddressFamily;
import io.postwatch.controller.shared.id.LocationId;
import io.postwatch.controller.shared.id.MonitorId;
import io.postwatch.controller.shared.id.SeriesId;
import io.postwatch.controller.shared.id.TenantId;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.time.InstantSource;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/** Series: what each is about, and back. Every method is part of the caller's transaction. */
@Component
public class SeriesDirectory {
    private static final String COLUMNS = "tenant_id, id, monitor_id, location_id, target";

    private final JdbcClient jdbc;
    private final SeriesIds ids;
    private final InstantSource clock;

    SeriesDirectory(JdbcClient jdbc, SeriesIds ids, InstantSource clock) {
        this.jdbc = jdbc;
        this.ids = ids;
        this.clock = clock;
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

    /**
     * The series that there is for this place and target, or a new one. System transaction only; its caller sees to it
     * that nobody else makes the same one meanwhile.
     */
    public SeriesId findOrMake(TenantId tenant, MonitorId monitor, SeriesPlace place) {
        Optional<Long> known = jdbc.sql("""
                SELECT id FROM series WHERE tenant_id = ? AND monitor_id = ? AND location_id = ? AND target = ?
                """)
                .params(
                        tenant.value(),
                        monitor.value(),
                        place.location().value(),
                        place.target().code())
                .query(Long.class)
                .optional();
        return known.map(SeriesId::new).orElseGet(() -> make(tenant, monitor, place));
    }

    private SeriesId make(TenantId tenant, MonitorId monitor, SeriesPlace place) {
        SeriesId id = ids.next();
        // An agent names a series by its number alone, so no two tenants may have one number.
        while (taken(id)) {
            id = ids.next();
        }
        jdbc.sql("""
                INSERT INTO series (tenant_id, id, monitor_id, location_id, target, created_at) VALUES (?, ?, ?, ?, ?, ?)
                """)
                .params(
                        tenant.value(),
                        id.value(),
                        monitor.value(),
                        place.location().value(),
                        place.target().code(),
                        Timestamp.from(clock.instant()))
                .update();
        return id;
    }

    private boolean taken(SeriesId id) {
        return jdbc.sql("SELECT 1 FROM series WHERE id = ?")
                .param(id.value())
                .query(Integer.class)
                .optional()
                .isPresent();
    }

    /** All that a monitor has. System transaction only. */
    public void delete(TenantId tenant, MonitorId monitor) {
        jdbc.sql("DELETE FROM series WHERE tenant_id = ? AND monitor_id = ?")
                .params(tenant.value(), monitor.value())
                .update();
    }

    private static UUID[] uuids(Collection<MonitorId> monitors) {
        return monitors.stream().map(MonitorId::value).toArray(UUID[]::new);
    }

    /** From the columns location_id and target. */
    public static SeriesPlace place(ResultSet row) throws SQLException {
        String target = row.getString("target");
        return new SeriesPlace(
                new LocationId(row.getObject("location_id", UUID.class)),
                AddressFamily.ofCode(target)
                        .orElseThrow(() -> new IllegalStateException("A series can't be for “" + target + "”")));
    }

    private static SeriesInfo series(ResultSet row, int number) throws SQLException {
        return new SeriesInfo(
                new TenantId(row.getObject("tenant_id", UUID.class)),
                new SeriesId(row.getLong("id")),
                new MonitorId(row.getObject("monitor_id", UUID.class)),
                place(row));
    }
}
