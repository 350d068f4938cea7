package io.postwatch.controller.monitor;

import io.postwatch.controller.shared.AddressFamily;
import io.postwatch.controller.shared.AuthMechanism;
import io.postwatch.controller.shared.ComponentId;
import io.postwatch.controller.shared.LocationId;
import io.postwatch.controller.shared.MonitorId;
import io.postwatch.controller.shared.MonitorType;
import io.postwatch.controller.shared.SecretId;
import io.postwatch.controller.shared.Security;
import io.postwatch.controller.shared.TenantId;
import java.sql.Array;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/** Monitors as rows. Every method is part of the caller's transaction. */
@Component
class MonitorRows {
    private static final String COLUMNS = """
            m.tenant_id, m.monitor_id, m.component_id, m.name, m.type, m.host, m.port, m.security, m.address_family,
            m.username, m.auth_mechanism, m.allow_plaintext, m.password_secret_id, m.period_seconds, m.timeout_seconds,
            m.warning_seconds, m.error_seconds, m.certificate_warning_days, m.certificate_error_days,
            m.certificate_report_only, m.all_public, m.tags, m.paused, m.revision, m.created_at, m.updated_at,
            ARRAY(SELECT l.location_id FROM monitor_location l
                  WHERE l.tenant_id = m.tenant_id AND l.monitor_id = m.monitor_id ORDER BY l.location_id) AS location_ids
            """;

    private static final String LISTED = "EXISTS (SELECT 1 FROM monitor_location l"
            + " WHERE l.tenant_id = m.tenant_id AND l.monitor_id = m.monitor_id %s)";

    /** Which monitors run at the location that a filter names, see {@link LocationSelection#resolve}. */
    enum Reach {
        /** Those that run at all public locations, and those that list it. */
        PUBLIC,
        /** Those that list it. */
        ONLY_LISTED,
        /** Those that list it and, as there is no public location, those that list none. */
        ALL_BY_DEFAULT
    }

    private final JdbcClient jdbc;

    MonitorRows(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    Optional<MonitorDefinition> find(TenantId tenant, MonitorId id) {
        return jdbc.sql("SELECT " + COLUMNS + " FROM monitor m WHERE m.tenant_id = ? AND m.monitor_id = ?")
                .params(tenant.value(), id.value())
                .query(MonitorRows::read)
                .optional();
    }

    /** As find, and nobody else changes it until the transaction ends. */
    Optional<MonitorDefinition> lock(TenantId tenant, MonitorId id) {
        return jdbc.sql("SELECT " + COLUMNS + " FROM monitor m WHERE m.tenant_id = ? AND m.monitor_id = ? FOR UPDATE")
                .params(tenant.value(), id.value())
                .query(MonitorRows::read)
                .optional();
    }

    List<MonitorDefinition> find(Collection<MonitorKey> keys) {
        return jdbc.sql("SELECT " + COLUMNS + """
                         FROM unnest(?::uuid[], ?::uuid[]) AS w (tenant_id, monitor_id)
                        JOIN monitor m ON m.tenant_id = w.tenant_id AND m.monitor_id = w.monitor_id
                        """)
                .params(
                        keys.stream().map(key -> key.tenant().value()).toArray(UUID[]::new),
                        keys.stream().map(key -> key.monitor().value()).toArray(UUID[]::new))
                .query(MonitorRows::read)
                .list();
    }

    /** Those that are not paused and run at the location; of all tenants where none is named. */
    List<MonitorDefinition> runningAt(@Nullable TenantId tenant, LocationId location, Reach reach) {
        return jdbc.sql("SELECT " + COLUMNS + " FROM monitor m WHERE NOT m.paused AND "
                        + (tenant == null ? "" : "m.tenant_id = :tenant AND ") + runsAt(reach))
                .params(
                        tenant == null
                                ? Map.of("location", location.value())
                                : Map.of("location", location.value(), "tenant", tenant.value()))
                .query(MonitorRows::read)
                .list();
    }

    /** How many of the tenant's list the location. */
    int countListing(TenantId tenant, LocationId location) {
        return jdbc.sql("SELECT count(*) FROM monitor_location WHERE tenant_id = ? AND location_id = ?")
                .params(tenant.value(), location.value())
                .query(Integer.class)
                .single();
    }

    /** Where each of a tenant's monitors is to run. */
    List<LocationSelection> selections(TenantId tenant) {
        return jdbc.sql("""
                        SELECT m.all_public, ARRAY(
                            SELECT l.location_id FROM monitor_location l
                            WHERE l.tenant_id = m.tenant_id AND l.monitor_id = m.monitor_id) AS location_ids
                        FROM monitor m WHERE m.tenant_id = ?
                        """)
                .param(tenant.value())
                .query((row, number) ->
                        new LocationSelection(row.getBoolean("all_public"), locations(row.getArray("location_ids"))))
                .list();
    }

    List<KeyedMonitor> page(
            TenantId tenant,
            MonitorFilter filter,
            Reach reach,
            MonitorOrder order,
            @Nullable Object afterKey,
            @Nullable MonitorId afterId,
            int limit) {
        Map<String, Object> params = new HashMap<>();
        params.put("tenant", tenant.value());
        params.put("limit", limit);
        List<String> conditions = conditions(filter, reach, params);
        if (afterKey != null && afterId != null) {
            params.put("afterKey", afterKey);
            params.put("afterId", afterId.value());
            conditions.add(order.after());
        }
        String sql = "SELECT " + COLUMNS + ", " + order.keyColumn() + " AS list_key FROM monitor m WHERE "
                + String.join(" AND ", conditions) + " ORDER BY " + order.orderBy() + " LIMIT :limit";
        return jdbc.sql(sql)
                .params(params)
                .query((row, number) -> new KeyedMonitor(read(row, number), row.getString("list_key")))
                .list();
    }

    private static List<String> conditions(MonitorFilter filter, Reach reach, Map<String, Object> params) {
        List<String> conditions = new ArrayList<>();
        conditions.add("m.tenant_id = :tenant");
        if (filter.text() != null) {
            conditions.add("(m.name ILIKE :text OR m.host ILIKE :text"
                    + " OR EXISTS (SELECT 1 FROM unnest(m.tags) t WHERE t ILIKE :text))");
            params.put("text", "%" + filter.text().replaceAll("([\\\\%_])", "\\\\$1") + "%");
        }
        if (filter.type() != null) {
            conditions.add("m.type = :type");
            params.put("type", filter.type().name());
        }
        if (filter.component() != null) {
            conditions.add("m.component_id = :component");
            params.put("component", filter.component().value());
        }
        if (filter.location() != null) {
            conditions.add(runsAt(reach));
            params.put("location", filter.location().value());
        }
        if (filter.tag() != null) {
            conditions.add(":tag = ANY (m.tags)");
            params.put("tag", filter.tag());
        }
        if (filter.paused() != null) {
            conditions.add("m.paused = :paused");
            params.put("paused", filter.paused());
        }
        return conditions;
    }

    private static String runsAt(Reach reach) {
        String listsIt = LISTED.formatted("AND l.location_id = :location");
        return switch (reach) {
            case PUBLIC -> "(m.all_public OR " + listsIt + ")";
            case ONLY_LISTED -> listsIt;
            case ALL_BY_DEFAULT -> "(" + listsIt + " OR NOT " + LISTED.formatted("") + ")";
        };
    }

    void insert(MonitorDefinition monitor) {
        Map<String, @Nullable Object> params = columns(monitor);
        params.put("created", at(monitor.createdAt()));
        jdbc.sql("""
                        INSERT INTO monitor (
                            tenant_id, monitor_id, component_id, name, type, host, port, security, address_family, username,
                            auth_mechanism, allow_plaintext, password_secret_id, period_seconds, timeout_seconds,
                            warning_seconds, error_seconds, certificate_warning_days, certificate_error_days,
                            certificate_report_only, all_public, tags, paused, revision, created_at, updated_at)
                        VALUES (
                            :tenant, :id, :component, :name, :type, :host, :port, :security, :family, :username::text,
                            :mechanism::text, :allowPlaintext, :password::uuid, :period, :timeout,
                            :warning::integer, :error::integer, :certificateWarning, :certificateError,
                            :reportOnly, :allPublic, :tags::text[], :paused, :revision, :created, :updated)
                        """).params(params).update();
        insertLocations(monitor);
    }

    /** The caller holds the row's lock. */
    void update(MonitorDefinition monitor) {
        jdbc.sql("""
                        UPDATE monitor SET
                            component_id = :component, name = :name, type = :type, host = :host, port = :port,
                            security = :security, address_family = :family, username = :username::text,
                            auth_mechanism = :mechanism::text, allow_plaintext = :allowPlaintext,
                            password_secret_id = :password::uuid, period_seconds = :period, timeout_seconds = :timeout,
                            warning_seconds = :warning::integer, error_seconds = :error::integer,
                            certificate_warning_days = :certificateWarning, certificate_error_days = :certificateError,
                            certificate_report_only = :reportOnly, all_public = :allPublic, tags = :tags::text[],
                            paused = :paused, revision = :revision, updated_at = :updated
                        WHERE tenant_id = :tenant AND monitor_id = :id
                        """).params(columns(monitor)).update();
        jdbc.sql("DELETE FROM monitor_location WHERE tenant_id = ? AND monitor_id = ?")
                .params(monitor.tenant().value(), monitor.id().value())
                .update();
        insertLocations(monitor);
    }

    void delete(TenantId tenant, MonitorId id) {
        jdbc.sql("DELETE FROM monitor WHERE tenant_id = ? AND monitor_id = ?")
                .params(tenant.value(), id.value())
                .update();
    }

    private void insertLocations(MonitorDefinition monitor) {
        jdbc.sql("""
                        INSERT INTO monitor_location (tenant_id, monitor_id, location_id)
                        SELECT ?, ?, l FROM unnest(?::uuid[]) l
                        """)
                .params(
                        monitor.tenant().value(),
                        monitor.id().value(),
                        monitor.locations().locations().stream()
                                .map(LocationId::value)
                                .toArray(UUID[]::new))
                .update();
    }

    private static Map<String, @Nullable Object> columns(MonitorDefinition monitor) {
        MonitorSettings settings = monitor.settings();
        MonitorLogin login = settings.login();
        AuthMechanism mechanism = login == null ? null : login.mechanism();
        SecretId password = monitor.password();
        Map<String, @Nullable Object> params = new HashMap<>();
        params.put("tenant", monitor.tenant().value());
        params.put("id", monitor.id().value());
        params.put("component", monitor.component().value());
        params.put("name", monitor.name());
        params.put("type", settings.type().name());
        params.put("host", settings.host().value());
        params.put("port", settings.port());
        params.put("security", settings.security().name());
        params.put("family", settings.addressFamily().name());
        params.put("username", login == null ? null : login.username());
        params.put("mechanism", mechanism == null ? null : mechanism.name());
        params.put("allowPlaintext", login != null && login.allowPlaintext());
        params.put("password", password == null ? null : password.value());
        params.put("period", (int) settings.period().toSeconds());
        params.put("timeout", (int) settings.timeout().toSeconds());
        params.put("warning", seconds(settings.thresholds().warning()));
        params.put("error", seconds(settings.thresholds().error()));
        params.put("certificateWarning", settings.certificate().warningDays());
        params.put("certificateError", settings.certificate().errorDays());
        params.put("reportOnly", settings.certificate().reportOnly());
        params.put("allPublic", monitor.locations().allPublic());
        params.put("tags", monitor.tags().toArray(String[]::new));
        params.put("paused", monitor.paused());
        params.put("revision", monitor.revision());
        params.put("updated", at(monitor.updatedAt()));
        return params;
    }

    private static MonitorDefinition read(ResultSet row, int number) throws SQLException {
        return new MonitorDefinition(
                new TenantId(row.getObject("tenant_id", UUID.class)),
                new MonitorId(row.getObject("monitor_id", UUID.class)),
                row.getString("name"),
                new ComponentId(row.getObject("component_id", UUID.class)),
                settings(row),
                password(row),
                new LocationSelection(row.getBoolean("all_public"), locations(row.getArray("location_ids"))),
                List.of((String[]) row.getArray("tags").getArray()),
                row.getBoolean("paused"),
                row.getLong("revision"),
                instant(row, "created_at"),
                instant(row, "updated_at"));
    }

    private static MonitorSettings settings(ResultSet row) throws SQLException {
        String username = row.getString("username");
        String mechanism = row.getString("auth_mechanism");
        MonitorLogin login = username == null
                ? null
                : new MonitorLogin(
                        username,
                        mechanism == null ? null : AuthMechanism.valueOf(mechanism),
                        row.getBoolean("allow_plaintext"));
        return new MonitorSettings(
                MonitorType.valueOf(row.getString("type")),
                new MailHost(row.getString("host")),
                row.getInt("port"),
                Security.valueOf(row.getString("security")),
                AddressFamily.valueOf(row.getString("address_family")),
                login,
                Duration.ofSeconds(row.getInt("period_seconds")),
                Duration.ofSeconds(row.getInt("timeout_seconds")),
                new Thresholds(duration(row, "warning_seconds"), duration(row, "error_seconds")),
                new CertificatePolicy(
                        row.getInt("certificate_warning_days"),
                        row.getInt("certificate_error_days"),
                        row.getBoolean("certificate_report_only")));
    }

    private static @Nullable SecretId password(ResultSet row) throws SQLException {
        UUID id = row.getObject("password_secret_id", UUID.class);
        return id == null ? null : new SecretId(id);
    }

    private static List<LocationId> locations(Array array) throws SQLException {
        return Arrays.stream((UUID[]) array.getArray()).map(LocationId::new).toList();
    }

    private static @Nullable Duration duration(ResultSet row, String column) throws SQLException {
        int seconds = row.getInt(column);
        return row.wasNull() ? null : Duration.ofSeconds(seconds);
    }

    private static @Nullable Integer seconds(@Nullable Duration duration) {
        return duration == null ? null : (int) duration.toSeconds();
    }

    private static Instant instant(ResultSet row, String column) throws SQLException {
        return row.getObject(column, OffsetDateTime.class).toInstant();
    }

    private static OffsetDateTime at(Instant instant) {
        return instant.atOffset(ZoneOffset.UTC);
    }

    /** How many monitors of each component there are. */
    Map<ComponentId, Integer> countByComponent(TenantId tenant, Collection<ComponentId> components) {
        Map<ComponentId, Integer> counts = new HashMap<>();
        jdbc.sql("""
                        SELECT component_id, count(*) AS monitors FROM monitor
                        WHERE tenant_id = ? AND component_id = ANY (?) GROUP BY component_id
                        """)
                .params(
                        tenant.value(),
                        components.stream().map(ComponentId::value).toArray(UUID[]::new))
                .query(row -> {
                    counts.put(new ComponentId(row.getObject("component_id", UUID.class)), row.getInt("monitors"));
                });
        return counts;
    }
}
