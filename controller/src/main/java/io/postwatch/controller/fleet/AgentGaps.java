package io.postwatch.controller.fleet;

import io.postwatch.controller.scope.Rows;
import io.postwatch.controller.shared.AgentId;
import io.postwatch.controller.shared.TenantId;
import io.postwatch.controller.web.Cursor;
import java.sql.Timestamp;
import java.time.Instant;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/** What agents told of results that they lost. Written with the batches that tell it. Every method is part of the tenant's transaction. */
@Component
class AgentGaps {
    private final JdbcClient jdbc;

    AgentGaps(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    /** How many gaps an agent told of, and the last of them. */
    record Told(int count, GapView last) {}

    /** Of these agents, those that told of any. */
    Map<AgentId, Told> of(TenantId tenant, Collection<AgentId> agents) {
        Map<AgentId, Told> told = new HashMap<>();
        jdbc.sql("""
                SELECT DISTINCT ON (agent_id) *, count(*) OVER (PARTITION BY agent_id) AS gaps FROM spool_gap
                WHERE tenant_id = ? AND agent_id = ANY (?)
                ORDER BY agent_id, told_at DESC, spool_id DESC, lane DESC, sequence DESC
                """)
                .params(tenant.value(), agents.stream().map(AgentId::value).toArray(UUID[]::new))
                .query(row -> {
                    told.put(
                            new AgentId(row.getObject("agent_id", UUID.class)),
                            new Told(row.getInt("gaps"), GapView.of(row)));
                });
        return told;
    }

    /** A gap and its place in the list. */
    record Listed(GapView view, Cursor position) {}

    /** The last told first; those told before {@code after}. */
    List<Listed> list(TenantId tenant, AgentId agent, @Nullable Cursor after, int limit) {
        Instant told = after == null ? null : after.instant(0);
        UUID spool = after == null ? null : after.uuid(1);
        Long lane = after == null ? null : after.number(2);
        Long sequence = after == null ? null : after.number(3);
        return jdbc.sql("""
                SELECT * FROM spool_gap WHERE tenant_id = ? AND agent_id = ?
                    AND (?::timestamptz IS NULL
                        OR (told_at, spool_id, lane, sequence) < (?::timestamptz, ?::uuid, ?::bigint, ?::bigint))
                ORDER BY told_at DESC, spool_id DESC, lane DESC, sequence DESC LIMIT ?
                """)
                .param(tenant.value())
                .param(agent.value())
                .param(told == null ? null : Timestamp.from(told))
                .param(told == null ? null : Timestamp.from(told))
                .param(spool)
                .param(lane)
                .param(sequence)
                .param(limit)
                .query((row, n) -> new Listed(
                        GapView.of(row),
                        Cursor.at(
                                Rows.requiredInstant(row, "told_at"),
                                row.getObject("spool_id", UUID.class),
                                row.getShort("lane"),
                                row.getLong("sequence"))))
                .list();
    }
}
