package io.postwatch.controller.fleet;

import io.postwatch.controller.scope.Rows;
import io.postwatch.controller.shared.AuthMechanism;
import io.postwatch.controller.shared.Bytes;
import io.postwatch.controller.shared.LocalSecretName;
import io.postwatch.controller.shared.MonitorType;
import io.postwatch.controller.shared.id.AgentId;
import io.postwatch.controller.shared.id.LocationId;
import io.postwatch.controller.shared.id.TenantId;
import java.sql.Array;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/** Agents as placement sees them. Every method is part of the caller's transaction. */
@Component
public class Agents {
    private static final String COLUMNS = "tenant_id, agent_id, location_id, session_id IS NOT NULL AS connected,"
            + " maintenance_since IS NOT NULL AS in_maintenance, max_runs_per_second, sealing_key, check_types, auth_mechanisms, local_secrets, ipv4, ipv6,"
            + " connected_at, lost_at";

    private final JdbcClient jdbc;

    Agents(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    /** Of a location that the tenant owns or that is public; without the revoked ones and those that wait for approval. */
    public List<PlacedAgent> at(TenantId tenant, LocationId location) {
        return jdbc.sql("SELECT " + COLUMNS + " FROM agent"
                        + " WHERE tenant_id IN (?, ?) AND location_id = ? AND revoked_at IS NULL"
                        + " AND awaiting_approval_since IS NULL ORDER BY agent_id")
                .params(tenant.value(), TenantId.PLATFORM.value(), location.value())
                .query(Agents::agent)
                .list();
    }

    /** Empty where it is not known or revoked. */
    public Optional<PlacedAgent> find(TenantId tenant, AgentId agent) {
        return jdbc.sql("SELECT " + COLUMNS + " FROM agent WHERE tenant_id = ? AND agent_id = ? AND revoked_at IS NULL")
                .params(tenant.value(), agent.value())
                .query(Agents::agent)
                .optional();
    }

    /** Counts a change of what the agent is to run; answers the new count. System transaction only. */
    public long raiseWantedRevision(TenantId owner, AgentId agent) {
        return jdbc.sql("""
                UPDATE agent SET wanted_revision = wanted_revision + 1 WHERE tenant_id = ? AND agent_id = ?
                RETURNING wanted_revision
                """)
                .params(owner.value(), agent.value())
                .query(Long.class)
                .optional()
                // Deleted: nobody waits for it.
                .orElse(0L);
    }

    /**
     * The count of changes of what an agent is to run. Until the transaction ends nobody changes it, so what is read
     * after it belongs to it. System transaction only.
     */
    public Optional<Long> holdWantedRevision(TenantId owner, AgentId agent) {
        return jdbc.sql("SELECT wanted_revision FROM agent WHERE tenant_id = ? AND agent_id = ? FOR SHARE")
                .params(owner.value(), agent.value())
                .query(Long.class)
                .optional();
    }

    /** How far each of these agents of the tenant, or of the platform, is. */
    public List<Progress> progress(TenantId tenant, Collection<AgentId> agents) {
        return jdbc.sql("""
                SELECT agent_id, session_id IS NOT NULL AS connected, applied_revision FROM agent
                WHERE tenant_id IN (?, ?) AND agent_id = ANY (?) AND revoked_at IS NULL
                """)
                .params(
                        tenant.value(),
                        TenantId.PLATFORM.value(),
                        agents.stream().map(AgentId::value).toArray(UUID[]::new))
                .query((row, n) -> new Progress(
                        new AgentId(row.getObject("agent_id", UUID.class)),
                        row.getBoolean("connected"),
                        row.getLong("applied_revision")))
                .list();
    }

    /** What an agent has applied. */
    public record Progress(AgentId agent, boolean connected, long appliedRevision) {}

    private static PlacedAgent agent(ResultSet row, int number) throws SQLException {
        return new PlacedAgent(
                new TenantId(row.getObject("tenant_id", UUID.class)),
                new AgentId(row.getObject("agent_id", UUID.class)),
                new LocationId(row.getObject("location_id", UUID.class)),
                row.getBoolean("connected"),
                row.getBoolean("in_maintenance"),
                row.getInt("max_runs_per_second"),
                Bytes.of(row.getBytes("sealing_key")),
                names(row.getArray("check_types"), MonitorType::valueOf),
                names(row.getArray("auth_mechanisms"), AuthMechanism::valueOf),
                names(row.getArray("local_secrets"), LocalSecretName::new),
                row.getBoolean("ipv4"),
                row.getBoolean("ipv6"),
                Rows.instant(row, "connected_at"),
                Arrays.stream((Timestamp[]) row.getArray("lost_at").getArray())
                        .map(Timestamp::toInstant)
                        .toList());
    }

    static <E> Set<E> names(Array array, Function<String, E> parse) throws SQLException {
        return Arrays.stream((String[]) array.getArray()).map(parse).collect(Collectors.toSet());
    }
}
