package io.postwatch.controller.fleet;

import io.postwatch.controller.scope.Rows;
import io.postwatch.controller.shared.id.AgentId;
import io.postwatch.controller.shared.id.TenantId;
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
    /** An agent may tell of any number; more would tell people nothing more. */
    static final int MOST_COUNTED = 1_000;

    private final JdbcClient jdbc;

    AgentGaps(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    /** How many gaps an agent told of, up to {@link #MOST_COUNTED}, and the last of them. */
    record Told(int count, GapView last) {}

    /** Of these agents, those that told of any. */
    Map<AgentId, Told> of(TenantId tenant, Collection<AgentId> agents) {
        Map<AgentId, Told> told = new HashMap<>();
        jdbc.sql("""
                SELECT last.*, (
                    SELECT count(*) FROM (
                        SELECT FROM spool_gap g WHERE g.tenant_id = last.tenant_id AND g.agent_id = last.agent_id
                        LIMIT ?) AS counted) AS gaps
                FROM unnest(?::uuid[]) AS asked (agent_id)
                CROSS JOIN LATERAL (
                    SELECT * FROM spool_gap g WHERE g.tenant_id = ? AND g.agent_id = asked.agent_id
                    ORDER BY told_at DESC, spool_id DESC, lane DESC, sequence DESC LIMIT 1) AS last
                """)
                .params(MOST_COUNTED, agents.stream().map(AgentId::value).toArray(UUID[]::new), tenant.value())
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
