package io.postwatch.controller.enrolment;

import io.postwatch.controller.scope.Rows;
import io.postwatch.controller.shared.id.AgentId;
import io.postwatch.controller.shared.id.EnrolmentTokenId;
import io.postwatch.controller.shared.id.LocationId;
import io.postwatch.controller.shared.id.TenantId;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/** A tenant's enrolment tokens as rows. Every method is part of the tenant's transaction. */
@Component
class EnrolmentTokens {
    private static final String COLUMNS =
            "token_id, location_id, prefix, needs_approval, replaces_agent_id, revoked_at, uses_left, expires_at, created_at";
    private static final UUID LAST = new UUID(-1, -1);

    private final JdbcClient jdbc;

    EnrolmentTokens(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    /**
     * A token without its secret.
     *
     * @param needsApproval whoever comes with it waits for a person's approval
     * @param replaces whoever comes with it takes the place of this agent; null: it becomes a new one
     */
    record Row(
            UUID id,
            UUID location,
            String prefix,
            boolean needsApproval,
            @Nullable UUID replaces,
            @Nullable Instant revokedAt,
            int usesLeft,
            Instant expiresAt,
            Instant createdAt) {}

    void insert(TenantId tenant, Row token, byte[] hash) {
        jdbc.sql("""
                INSERT INTO enrolment_token (tenant_id, token_id, location_id, token_hash, prefix, needs_approval,
                    replaces_agent_id, uses_left, expires_at, created_at) VALUES (?, ?, ?, ?, ?, ?, ?::uuid, ?, ?, ?)
                """)
                .param(tenant.value())
                .param(token.id())
                .param(token.location())
                .param(hash)
                .param(token.prefix())
                .param(token.needsApproval())
                .param(token.replaces())
                .param(token.usesLeft())
                .param(Timestamp.from(token.expiresAt()))
                .param(Timestamp.from(token.createdAt()))
                .update();
        jdbc.sql("INSERT INTO enrolment_token_directory (token_hash, tenant_id, token_id) VALUES (?, ?, ?)")
                .params(hash, tenant.value(), token.id())
                .update();
    }

    /** The newest first; those made before the token {@code before}. */
    List<Row> list(TenantId tenant, @Nullable LocationId location, @Nullable UUID before, int limit) {
        return jdbc.sql("SELECT " + COLUMNS + """
                 FROM enrolment_token
                WHERE tenant_id = ? AND token_id < ? AND (?::uuid IS NULL OR location_id = ?::uuid)
                ORDER BY token_id DESC LIMIT ?
                """)
                .param(tenant.value())
                .param(before == null ? LAST : before)
                .param(location == null ? null : location.value())
                .param(location == null ? null : location.value())
                .param(limit)
                .query(EnrolmentTokens::row)
                .list();
    }

    Optional<Row> find(TenantId tenant, EnrolmentTokenId id) {
        return jdbc.sql("SELECT " + COLUMNS + " FROM enrolment_token WHERE tenant_id = ? AND token_id = ?")
                .params(tenant.value(), id.value())
                .query(EnrolmentTokens::row)
                .optional();
    }

    /** False where it was revoked before. */
    boolean revoke(TenantId tenant, EnrolmentTokenId id, Instant now) {
        return jdbc.sql("""
                UPDATE enrolment_token SET revoked_at = ? WHERE tenant_id = ? AND token_id = ? AND revoked_at IS NULL
                """)
                        .params(Timestamp.from(now), tenant.value(), id.value())
                        .update()
                == 1;
    }

    /** Of those that replace the agent, the ones that could still be used; answers how many there were. */
    int revokeReplacing(TenantId tenant, AgentId agent, Instant now) {
        return jdbc.sql("""
                UPDATE enrolment_token SET revoked_at = ?
                WHERE tenant_id = ? AND replaces_agent_id = ? AND revoked_at IS NULL AND uses_left > 0 AND expires_at > ?
                """)
                .params(Timestamp.from(now), tenant.value(), agent.value(), Timestamp.from(now))
                .update();
    }

    private static Row row(ResultSet row, int number) throws SQLException {
        return new Row(
                row.getObject("token_id", UUID.class),
                row.getObject("location_id", UUID.class),
                row.getString("prefix"),
                row.getBoolean("needs_approval"),
                row.getObject("replaces_agent_id", UUID.class),
                Rows.instant(row, "revoked_at"),
                row.getInt("uses_left"),
                Rows.requiredInstant(row, "expires_at"),
                Rows.requiredInstant(row, "created_at"));
    }
}
