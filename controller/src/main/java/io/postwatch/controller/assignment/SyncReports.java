package io.postwatch.controller.assignment;

import io.postwatch.controller.liveness.AgentSession;
import io.postwatch.controller.liveness.SessionLedger;
import io.postwatch.controller.monitor.MonitorKey;
import io.postwatch.controller.scope.SystemTransactions;
import io.postwatch.controller.shared.Bytes;
import io.postwatch.controller.shared.id.AgentId;
import io.postwatch.controller.shared.id.MonitorId;
import io.postwatch.controller.shared.id.SeriesId;
import io.postwatch.controller.shared.id.TenantId;
import io.postwatch.controller.web.events.EventHub;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/** What agents say that they run, and what not. Safe for all threads. */
@Component
public class SyncReports {
    /** Said by the controller; an agent's own reasons are others. */
    private static final String PASSWORD_UNREADABLE = "password-unreadable";

    private final SystemTransactions transactions;
    private final JdbcClient jdbc;
    private final SessionLedger ledger;
    private final EventHub hub;

    SyncReports(SystemTransactions transactions, JdbcClient jdbc, SessionLedger ledger, EventHub hub) {
        this.transactions = transactions;
        this.jdbc = jdbc;
        this.ledger = ledger;
        this.hub = hub;
    }

    /** The agent runs the state of this revision, but for what it rejects. What a session says that was overtaken is ignored. */
    public void applied(AgentSession session, long revision, Bytes hash, List<RejectedOrder> rejected) {
        transactions.run(() -> {
            if (!ledger.applied(session, revision, hash)) {
                return;
            }
            List<MonitorKey> before = jdbc.sql("""
                    DELETE FROM rejected_assignment r USING assignment a
                    WHERE r.agent_id = ? AND a.tenant_id = r.tenant_id AND a.series = r.series
                        AND (r.reason <> ? OR r.revision < a.revision)
                    RETURNING a.tenant_id, a.monitor_id
                    """)
                    .params(session.agent().value(), PASSWORD_UNREADABLE)
                    .query(SyncReports::key)
                    .list();
            Set<MonitorKey> changed = new HashSet<>(before);
            changed.addAll(write(session.agent(), rejected));
            hub.publish(session.tenant(), "agent", session.agent(), revision);
            changed.forEach(key -> hub.publish(key.tenant(), "monitor", key.monitor(), 0));
        });
    }

    /**
     * These, and no others that the agent is to run, can't be told because their passwords can't be read: shown like a
     * rejection, until what the agent is to run can be told. Part of the caller's transaction.
     */
    void unreadable(AgentId agent, List<PlacementRow> unreadable) {
        Long[] series = unreadable.stream().map(row -> row.series().value()).toArray(Long[]::new);
        Set<MonitorKey> changed = new HashSet<>(jdbc.sql("""
                DELETE FROM rejected_assignment r USING assignment a
                WHERE r.agent_id = ? AND a.tenant_id = r.tenant_id AND a.series = r.series
                    AND r.reason = ? AND r.series <> ALL (?)
                RETURNING a.tenant_id, a.monitor_id
                """)
                .params(agent.value(), PASSWORD_UNREADABLE, series)
                .query(SyncReports::key)
                .list());
        if (!unreadable.isEmpty()) {
            changed.addAll(jdbc.sql("""
                    INSERT INTO rejected_assignment AS r (tenant_id, series, agent_id, revision, reason, message)
                    SELECT tenant_id, series, agent_id, revision, ?, ? FROM assignment
                    WHERE agent_id = ? AND series = ANY (?)
                    ON CONFLICT (tenant_id, series, agent_id) DO UPDATE
                    SET revision = excluded.revision, reason = excluded.reason, message = excluded.message
                    WHERE (r.revision, r.reason) <> (excluded.revision, excluded.reason)
                    RETURNING r.tenant_id, (SELECT monitor_id FROM series s WHERE s.tenant_id = r.tenant_id
                        AND s.id = r.series) AS monitor_id
                    """)
                    .params(PASSWORD_UNREADABLE, Logins.UNREADABLE, agent.value(), series)
                    .query(SyncReports::key)
                    .list());
        }
        changed.forEach(key -> hub.publish(key.tenant(), "monitor", key.monitor(), 0));
    }

    private static MonitorKey key(ResultSet row, int number) throws SQLException {
        return new MonitorKey(
                new TenantId(row.getObject("tenant_id", UUID.class)),
                new MonitorId(row.getObject("monitor_id", UUID.class)));
    }

    /** In one statement, however many there are; of what the agent is not to run nothing is written. */
    private List<MonitorKey> write(AgentId agent, List<RejectedOrder> rejected) {
        Map<SeriesId, RejectedOrder> last = new LinkedHashMap<>();
        rejected.forEach(order -> last.put(order.series(), order));
        if (last.isEmpty()) {
            return List.of();
        }
        Collection<RejectedOrder> orders = last.values();
        return jdbc.sql("""
                INSERT INTO rejected_assignment AS r (tenant_id, series, agent_id, revision, reason, message)
                SELECT a.tenant_id, a.series, a.agent_id, told.revision, told.reason, told.message
                FROM unnest(?, ?, ?, ?) AS told (series, revision, reason, message)
                    JOIN assignment a ON a.agent_id = ? AND a.series = told.series
                ON CONFLICT (tenant_id, series, agent_id) DO UPDATE
                SET revision = excluded.revision, reason = excluded.reason, message = excluded.message
                RETURNING r.tenant_id, (SELECT monitor_id FROM series s WHERE s.tenant_id = r.tenant_id
                    AND s.id = r.series) AS monitor_id
                """)
                .params(
                        orders.stream().map(order -> order.series().value()).toArray(Long[]::new),
                        orders.stream().map(RejectedOrder::revision).toArray(Long[]::new),
                        orders.stream().map(order -> order.reason().code()).toArray(String[]::new),
                        orders.stream().map(RejectedOrder::message).toArray(String[]::new),
                        agent.value())
                .query(SyncReports::key)
                .list();
    }
}
