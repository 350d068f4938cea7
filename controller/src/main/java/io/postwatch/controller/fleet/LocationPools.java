package io.postwatch.controller.fleet;

import io.postwatch.controller.scope.Rows;
import io.postwatch.controller.shared.id.LocationId;
import io.postwatch.controller.shared.id.TenantId;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/** How the pools of agents do. Every method is part of the caller's transaction, the tenant's or the system's. */
@Component
public class LocationPools {
    private final JdbcClient jdbc;

    LocationPools(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    /** The secrets that the hosts of agents know, by name, of every location of the tenant's own where one does. */
    public Map<LocationId, List<String>> localSecrets(TenantId tenant) {
        Map<LocationId, List<String>> names = new HashMap<>();
        jdbc.sql("""
                SELECT DISTINCT a.location_id, s.name FROM agent a CROSS JOIN LATERAL unnest(a.local_secrets) AS s (name)
                WHERE a.tenant_id = ? AND a.revoked_at IS NULL ORDER BY a.location_id, s.name
                """).params(tenant.value()).query(row -> {
            names.computeIfAbsent(
                            new LocationId(row.getObject("location_id", UUID.class)), location -> new ArrayList<>())
                    .add(row.getString("name"));
        });
        return names;
    }

    /** Of every location that the tenant sees. */
    public Map<LocationId, LocationPool> visibleTo(TenantId tenant) {
        Map<LocationId, LocationPool> pools = new HashMap<>();
        jdbc.sql("""
                SELECT l.location_id, l.silent_since, count(a.agent_id) AS agents, count(a.session_id) AS online,
                    count(a.maintenance_since) AS in_maintenance,
                    count(a.session_id) FILTER (WHERE a.maintenance_since IS NULL) AS working,
                    count(a.connected_at) FILTER (WHERE a.maintenance_since IS NULL) AS met
                FROM location l
                LEFT JOIN agent a ON a.tenant_id = l.tenant_id AND a.location_id = l.location_id
                    AND a.revoked_at IS NULL AND a.awaiting_approval_since IS NULL
                WHERE l.tenant_id IN (?, ?) GROUP BY l.tenant_id, l.location_id
                """).params(tenant.value(), TenantId.PLATFORM.value()).query(row -> {
            pools.put(
                    new LocationId(row.getObject("location_id", UUID.class)),
                    new LocationPool(
                            row.getInt("agents"),
                            row.getInt("online"),
                            row.getInt("in_maintenance"),
                            row.getInt("working"),
                            row.getInt("met"),
                            Rows.instant(row, "silent_since")));
        });
        return pools;
    }
}
