package io.postwatch.controller.enrolment;

import io.postwatch.controller.audit.Act;
import io.postwatch.controller.audit.Actor;
import io.postwatch.controller.audit.Audit;
import io.postwatch.controller.audit.AuditEntry;
import io.postwatch.controller.scope.Rows;
import io.postwatch.controller.shared.id.AgentId;
import io.postwatch.controller.shared.id.TenantId;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/**
 * The identity keys of hosts whose place as an agent another host has taken. Whoever comes with one is told so, once the
 * key is proven. Every method is part of a system transaction.
 */
@Component
public class FormerKeys {
    /** More have never been one agent; those of the last years. */
    private static final int MOST = 100;

    private final JdbcClient jdbc;

    private final Audit audit;
    private final InstantSource clock;

    FormerKeys(JdbcClient jdbc, Audit audit, InstantSource clock) {
        this.jdbc = jdbc;
        this.audit = audit;
        this.clock = clock;
    }

    /** A key that was this agent's until then. */
    public record FormerKey(TenantId tenant, AgentId agent, IdentityKey key, Instant replacedAt) {
        /** For the log of the host that still has it. */
        public String sentence() {
            return "Another host has taken the place of this agent, by an administrator's wish, at "
                    + replacedAt.truncatedTo(ChronoUnit.SECONDS) + "; this one is not needed any more";
        }
    }

    Optional<FormerKey> find(IdentityKey key) {
        return jdbc.sql("SELECT * FROM former_agent_key WHERE identity_key_hash = ?")
                .param(key.hash())
                .query(FormerKeys::row)
                .optional();
    }

    /** The last first. */
    public List<FormerKey> of(AgentId agent) {
        return jdbc.sql("SELECT * FROM former_agent_key WHERE agent_id = ? ORDER BY replaced_at DESC LIMIT ?")
                .params(agent.value(), MOST)
                .query(FormerKeys::row)
                .list();
    }

    /** Its host has come again and proven the key. It is on record the first time only, however often that host starts. */
    public void came(FormerKey former, String agentName, String address) {
        boolean first = jdbc.sql("""
                UPDATE former_agent_key SET told_at = ? WHERE identity_key_hash = ? AND told_at IS NULL
                """)
                        .params(Timestamp.from(clock.instant()), former.key().hash())
                        .update()
                == 1;
        if (first) {
            audit.record(AuditEntry.by(
                            Actor.SYSTEM,
                            former.tenant(),
                            Act.AGENT_CAME_AFTER_REPLACEMENT,
                            former.agent().value(),
                            agentName)
                    .with("replacedAt", former.replacedAt())
                    .from(address));
        }
    }

    void insert(FormerKey former) {
        jdbc.sql("""
                INSERT INTO former_agent_key (identity_key_hash, identity_key, tenant_id, agent_id, replaced_at)
                VALUES (?, ?, ?, ?, ?)
                """)
                .params(
                        former.key().hash(),
                        former.key().bytes(),
                        former.tenant().value(),
                        former.agent().value(),
                        Timestamp.from(former.replacedAt()))
                .update();
    }

    private static FormerKey row(ResultSet row, int number) throws SQLException {
        return new FormerKey(
                new TenantId(row.getObject("tenant_id", UUID.class)),
                new AgentId(row.getObject("agent_id", UUID.class)),
                IdentityKey.of(row.getBytes("identity_key")),
                Rows.requiredInstant(row, "replaced_at"));
    }
}
