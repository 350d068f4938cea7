package io.postwatch.controller.fleet;

import io.postwatch.controller.scope.Rows;
import io.postwatch.controller.shared.id.AgentId;
import io.postwatch.controller.shared.id.LocationId;
import io.postwatch.controller.shared.id.TenantId;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/** A tenant's agents as people see them. Every method is part of the tenant's transaction. */
@Component
class AgentList {
    private static final UUID FIRST = new UUID(0, 0);

    private final JdbcClient jdbc;
    private final AgentGaps gaps;
    private final ObjectProvider<AgentWork> work;

    AgentList(JdbcClient jdbc, AgentGaps gaps, ObjectProvider<AgentWork> work) {
        this.jdbc = jdbc;
        this.gaps = gaps;
        this.work = work;
    }

    /** By age; those made after the agent {@code after}. */
    List<AgentView> list(TenantId tenant, @Nullable LocationId location, @Nullable UUID after, int limit) {
        return views(
                tenant,
                jdbc.sql("""
                        SELECT a.*, l.name AS location_name FROM agent a
                        JOIN location l ON l.tenant_id = a.tenant_id AND l.location_id = a.location_id
                        WHERE a.tenant_id = ? AND a.agent_id > ? AND (?::uuid IS NULL OR a.location_id = ?::uuid)
                        ORDER BY a.agent_id LIMIT ?
                        """)
                        .param(tenant.value())
                        .param(after == null ? FIRST : after)
                        .param(location == null ? null : location.value())
                        .param(location == null ? null : location.value())
                        .param(limit)
                        .query(AgentList::row)
                        .list());
    }

    Optional<AgentView> find(TenantId tenant, AgentId agent) {
        return views(
                        tenant,
                        jdbc.sql("""
                                SELECT a.*, l.name AS location_name FROM agent a
                                JOIN location l ON l.tenant_id = a.tenant_id AND l.location_id = a.location_id
                                WHERE a.tenant_id = ? AND a.agent_id = ?
                                """)
                                .params(tenant.value(), agent.value())
                                .query(AgentList::row)
                                .list())
                .stream()
                .findFirst();
    }

    /** What a change needs to know; the row is locked. */
    record Locked(LocationId location, String name, AgentState state, boolean inMaintenance, long revision) {}

    Optional<Locked> lock(TenantId tenant, AgentId agent) {
        return jdbc.sql("""
                SELECT location_id, name, revision, refused_at, revoked_at, cloned_at, awaiting_approval_since, session_id,
                    connected_at, maintenance_since FROM agent
                WHERE tenant_id = ? AND agent_id = ? FOR UPDATE
                """)
                .params(tenant.value(), agent.value())
                .query((row, n) -> new Locked(
                        new LocationId(row.getObject("location_id", UUID.class)),
                        row.getString("name"),
                        state(row),
                        row.getTimestamp("maintenance_since") != null,
                        row.getLong("revision")))
                .optional();
    }

    /** False where another agent of the location has the name. The caller holds the location's lock. */
    boolean rename(TenantId tenant, AgentId agent, Locked before, String name, Instant now) {
        boolean taken = jdbc.sql("""
                SELECT 1 FROM agent WHERE tenant_id = ? AND location_id = ? AND name = ? AND agent_id <> ?
                """)
                .params(tenant.value(), before.location().value(), name, agent.value())
                .query(Integer.class)
                .optional()
                .isPresent();
        if (taken) {
            return false;
        }
        jdbc.sql("UPDATE agent SET name = ?, revision = ?, updated_at = ? WHERE tenant_id = ? AND agent_id = ?")
                .params(name, before.revision() + 1, Timestamp.from(now), tenant.value(), agent.value())
                .update();
        return true;
    }

    void revoke(TenantId tenant, AgentId agent, Locked before, Instant now) {
        jdbc.sql("""
                UPDATE agent SET revoked_at = ?, session_id = NULL, session_controller = NULL,
                    session_epoch = session_epoch + 1, ended_at = ?, revision = ?, updated_at = ?
                WHERE tenant_id = ? AND agent_id = ?
                """)
                .params(
                        Timestamp.from(now),
                        Timestamp.from(now),
                        before.revision() + 1,
                        Timestamp.from(now),
                        tenant.value(),
                        agent.value())
                .update();
    }

    /** From now on it is let in as any other. */
    void approve(TenantId tenant, AgentId agent, Locked before, Instant now) {
        jdbc.sql("""
                UPDATE agent SET awaiting_approval_since = NULL, revision = ?, updated_at = ?
                WHERE tenant_id = ? AND agent_id = ?
                """)
                .params(before.revision() + 1, Timestamp.from(now), tenant.value(), agent.value())
                .update();
    }

    /** As one that is revoked, but that it was never let in. */
    void refuse(TenantId tenant, AgentId agent, Locked before, Instant now) {
        jdbc.sql("""
                UPDATE agent SET refused_at = ?, revoked_at = ?, awaiting_approval_since = NULL, revision = ?, updated_at = ?
                WHERE tenant_id = ? AND agent_id = ?
                """)
                .params(
                        Timestamp.from(now),
                        Timestamp.from(now),
                        before.revision() + 1,
                        Timestamp.from(now),
                        tenant.value(),
                        agent.value())
                .update();
    }

    /** Into maintenance at {@code since}, or, where that is null, back. */
    void setMaintenance(TenantId tenant, AgentId agent, Locked before, @Nullable Instant since, Instant now) {
        jdbc.sql("UPDATE agent SET maintenance_since = ?, revision = ?, updated_at = ?"
                        + " WHERE tenant_id = ? AND agent_id = ?")
                .param(since == null ? null : Timestamp.from(since))
                .param(before.revision() + 1)
                .param(Timestamp.from(now))
                .param(tenant.value())
                .param(agent.value())
                .update();
    }

    /** How many other agents of the location are connected and not in maintenance. */
    int othersAtWork(TenantId tenant, LocationId location, AgentId agent) {
        return jdbc.sql("""
                SELECT count(*) FROM agent WHERE tenant_id = ? AND location_id = ? AND agent_id <> ?
                    AND session_id IS NOT NULL AND maintenance_since IS NULL AND revoked_at IS NULL
                """)
                .params(tenant.value(), location.value(), agent.value())
                .query(Integer.class)
                .single();
    }

    void delete(TenantId tenant, AgentId agent) {
        jdbc.sql("DELETE FROM agent_directory WHERE tenant_id = ? AND agent_id = ?")
                .params(tenant.value(), agent.value())
                .update();
        jdbc.sql("DELETE FROM former_agent_key WHERE tenant_id = ? AND agent_id = ?")
                .params(tenant.value(), agent.value())
                .update();
        jdbc.sql("DELETE FROM agent WHERE tenant_id = ? AND agent_id = ?")
                .params(tenant.value(), agent.value())
                .update();
    }

    /** With the revoked ones. */
    int countAll(TenantId tenant, LocationId location) {
        return jdbc.sql("SELECT count(*) FROM agent WHERE tenant_id = ? AND location_id = ?")
                .params(tenant.value(), location.value())
                .query(Integer.class)
                .single();
    }

    private List<AgentView> views(TenantId tenant, List<Row> rows) {
        AgentWork known = work.getIfAvailable();
        List<AgentId> ids = rows.stream().map(row -> new AgentId(row.view.id())).toList();
        Map<AgentId, AgentWork.Work> works = known == null || ids.isEmpty() ? Map.of() : known.of(tenant, ids);
        Map<AgentId, AgentGaps.Told> told = ids.isEmpty() ? Map.of() : gaps.of(tenant, ids);
        return rows.stream()
                .map(row -> {
                    AgentId agent = new AgentId(row.view.id());
                    AgentWork.Work its = works.getOrDefault(agent, AgentWork.Work.NONE);
                    // What a public agent runs is its tenants' business: how much it is, it told itself.
                    int assignments = tenant.equals(TenantId.PLATFORM) ? row.view.assignments() : its.assignments();
                    return row.with(its, assignments, told.get(agent));
                })
                .toList();
    }

    /** A view without the agent's work and its gaps. */
    private record Row(AgentView view) {
        AgentView with(AgentWork.Work work, int assignments, AgentGaps.@Nullable Told told) {
            AgentView.SyncView sync = view.sync();
            Long applied = sync.appliedRevision();
            return new AgentView(
                    view.id(),
                    view.locationId(),
                    view.locationName(),
                    view.name(),
                    view.state(),
                    view.maintenanceSince(),
                    view.version(),
                    view.hostname(),
                    view.os(),
                    view.ipv4(),
                    view.ipv6(),
                    view.checkTypes(),
                    view.localSecrets(),
                    view.lastSeenAt(),
                    view.connectedAt(),
                    view.certificateNotAfter(),
                    view.identity(),
                    assignments,
                    view.spoolRows(),
                    view.scheduleLagMillis(),
                    view.skippedRunsLastMinute(),
                    view.skippedRuns(),
                    view.clockOffsetMillis(),
                    view.runsPerMinute(),
                    view.blockedPorts(),
                    told == null ? null : told.last(),
                    told == null ? 0 : told.count(),
                    new AgentView.SyncView(
                            state(work, applied), applied, sync.wantedRevision(), work.pending(), work.rejected()),
                    view.revision(),
                    view.createdAt());
        }

        /** Of a lost agent only what it said last is known, and what still has to reach it. */
        private String state(AgentWork.Work work, @Nullable Long applied) {
            if (!work.rejected().isEmpty()) {
                return "rejected";
            }
            if (applied == null || applied < view.sync().wantedRevision()) {
                return "pending";
            }
            return view.state().equals(AgentState.OFFLINE.code()) ? "unknown" : "in-sync";
        }
    }

    private static AgentState state(ResultSet row) throws SQLException {
        return AgentState.of(new AgentState.Marks(
                row.getTimestamp("refused_at") != null,
                row.getTimestamp("revoked_at") != null,
                row.getTimestamp("cloned_at") != null,
                row.getTimestamp("awaiting_approval_since") != null,
                row.getObject("session_id") != null,
                row.getTimestamp("connected_at") != null));
    }

    private static AgentView.IdentityView identity(ResultSet row) throws SQLException {
        Instant cloned = Rows.instant(row, "cloned_at");
        return new AgentView.IdentityView(
                KeyFingerprint.of(row.getBytes("identity_key")),
                Rows.instant(row, "awaiting_approval_since"),
                Rows.instant(row, "replaced_at"),
                row.getLong("expired_renewals"),
                row.getLong("ahead_renewals"),
                cloned == null
                        ? null
                        : new AgentView.CopiesView(cloned, row.getString("clone_sign"), List.of((String[])
                                row.getArray("clone_addresses").getArray())));
    }

    private static Row row(ResultSet row, int number) throws SQLException {
        boolean met = row.getTimestamp("connected_at") != null;
        Instant current = Rows.instant(row, "current_not_after");
        Instant next = Rows.instant(row, "next_not_after");
        long applied = row.getLong("applied_revision");
        return new Row(new AgentView(
                row.getObject("agent_id", UUID.class),
                row.getObject("location_id", UUID.class),
                row.getString("location_name"),
                row.getString("name"),
                state(row).code(),
                Rows.instant(row, "maintenance_since"),
                row.getString("version"),
                met ? row.getString("hostname") : null,
                met ? row.getString("os") : null,
                met ? row.getBoolean("ipv4") : null,
                met ? row.getBoolean("ipv6") : null,
                Arrays.stream((String[]) row.getArray("check_types").getArray())
                        .map(type -> type.toLowerCase(Locale.ROOT))
                        .sorted()
                        .toList(),
                List.of((String[]) row.getArray("local_secrets").getArray()),
                Rows.instant(row, "last_seen_at"),
                Rows.instant(row, "connected_at"),
                current == null ? next : current,
                identity(row),
                row.getTimestamp("revoked_at") == null ? row.getInt("assignments") : 0,
                met ? row.getLong("spool_rows") : null,
                met ? row.getLong("schedule_lag_micros") / 1e3 : null,
                met ? row.getLong("skipped_last_minute") : null,
                met ? row.getLong("skipped_in_session") : null,
                met ? (double) row.getLong("clock_offset_millis") : null,
                met ? (double) row.getFloat("runs_per_minute") : null,
                List.of((Integer[]) row.getArray("blocked_ports").getArray()),
                null,
                0,
                new AgentView.SyncView(
                        "pending", applied == 0 ? null : applied, row.getLong("wanted_revision"), 0, List.of()),
                row.getLong("revision"),
                Rows.requiredInstant(row, "created_at")));
    }
}
