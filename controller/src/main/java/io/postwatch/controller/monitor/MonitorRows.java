package io.postwatch.controller.monitor;

import io.postwatch.controller.shared.id.ComponentId;
import io.postwatch.controller.shared.id.LocationId;
import io.postwatch.controller.shared.id.MonitorId;
import io.postwatch.controller.shared.id.TenantId;
import java.util.ArrayList;
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
        return jdbc.sql("SELECT " + MonitorColumns.SELECTED
                        + " FROM monitor m WHERE m.tenant_id = ? AND m.monitor_id = ?")
                .params(tenant.value(), id.value())
                .query(MonitorColumns::read)
                .optional();
    }

    /** As find, and nobody else changes it until the transaction ends. */
    Optional<MonitorDefinition> lock(TenantId tenant, MonitorId id) {
        return jdbc.sql("SELECT " + MonitorColumns.SELECTED
                        + " FROM monitor m WHERE m.tenant_id = ? AND m.monitor_id = ? FOR UPDATE")
                .params(tenant.value(), id.value())
                .query(MonitorColumns::read)
                .optional();
    }

    List<MonitorDefinition> find(Collection<MonitorKey> keys) {
        return jdbc.sql("SELECT " + MonitorColumns.SELECTED + """
                         FROM unnest(?::uuid[], ?::uuid[]) AS w (tenant_id, monitor_id)
                        JOIN monitor m ON m.tenant_id = w.tenant_id AND m.monitor_id = w.monitor_id
                        """)
                .params(
                        keys.stream().map(key -> key.tenant().value()).toArray(UUID[]::new),
                        keys.stream().map(key -> key.monitor().value()).toArray(UUID[]::new))
                .query(MonitorColumns::read)
                .list();
    }

    /** Those that are not paused and run at the location; of all tenants where none is named. */
    List<MonitorDefinition> runningAt(@Nullable TenantId tenant, LocationId location, Reach reach) {
        return jdbc.sql("SELECT " + MonitorColumns.SELECTED + " FROM monitor m WHERE NOT m.paused AND "
                        + (tenant == null ? "" : "m.tenant_id = :tenant AND ") + runsAt(reach))
                .params(
                        tenant == null
                                ? Map.of("location", location.value())
                                : Map.of("location", location.value(), "tenant", tenant.value()))
                .query(MonitorColumns::read)
                .list();
    }

    /** Those of the tenant that log in or name a recipient. */
    List<MonitorDefinition> needingProof(TenantId tenant) {
        return jdbc.sql("SELECT " + MonitorColumns.SELECTED + """
                         FROM monitor m
                        WHERE m.tenant_id = ? AND (m.username IS NOT NULL OR m.options ->> 'recipient' IS NOT NULL)
                        """)
                .param(tenant.value())
                .query(MonitorColumns::read)
                .list();
    }

    /** How many of any tenant list the location. */
    int countListing(LocationId location) {
        return jdbc.sql("SELECT count(*) FROM monitor_location WHERE location_id = ?")
                .param(location.value())
                .query(Integer.class)
                .single();
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
                .query((row, number) -> new LocationSelection(
                        row.getBoolean("all_public"), MonitorColumns.locations(row.getArray("location_ids"))))
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
        String sql =
                "SELECT " + MonitorColumns.SELECTED + ", " + order.keyColumn() + " AS list_key FROM monitor m WHERE "
                        + String.join(" AND ", conditions) + " ORDER BY " + order.orderBy() + " LIMIT :limit";
        return jdbc.sql(sql)
                .params(params)
                .query((row, number) -> new KeyedMonitor(MonitorColumns.read(row, number), row.getString("list_key")))
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
        Map<String, @Nullable Object> params = MonitorColumns.of(monitor);
        params.put("created", MonitorColumns.at(monitor.createdAt()));
        jdbc.sql("""
                        INSERT INTO monitor (
                            tenant_id, monitor_id, component_id, name, type, host, port, security, address_family, username,
                            auth_mechanism, allow_plaintext, password_secret_id, local_secret, period_seconds, timeout_seconds,
                            warning_seconds, error_seconds, certificate_warning_days, certificate_error_days,
                            certificate_report_only, secret_kind, options, all_public, tags, paused, revision, created_at,
                            updated_at)
                        VALUES (
                            :tenant, :id, :component, :name, :type, :host, :port, :security, :family, :username::text,
                            :mechanism::text, :allowPlaintext, :password::uuid, :localSecret::text, :period, :timeout,
                            :warning::integer, :error::integer, :certificateWarning, :certificateError,
                            :reportOnly, :secretKind::text, :options::jsonb, :allPublic, :tags::text[], :paused, :revision, :created,
                            :updated)
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
                            password_secret_id = :password::uuid, local_secret = :localSecret::text, period_seconds = :period, timeout_seconds = :timeout,
                            warning_seconds = :warning::integer, error_seconds = :error::integer,
                            certificate_warning_days = :certificateWarning, certificate_error_days = :certificateError,
                            certificate_report_only = :reportOnly, secret_kind = :secretKind::text,
                            options = :options::jsonb, all_public = :allPublic, tags = :tags::text[],
                            paused = :paused, revision = :revision, updated_at = :updated
                        WHERE tenant_id = :tenant AND monitor_id = :id
                        """).params(MonitorColumns.of(monitor)).update();
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
