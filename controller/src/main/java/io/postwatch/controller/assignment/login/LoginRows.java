package io.postwatch.controller.assignment.login;

import io.postwatch.controller.monitor.MonitorKey;
import io.postwatch.controller.scope.Rows;
import io.postwatch.controller.shared.Bytes;
import io.postwatch.controller.shared.Digests;
import io.postwatch.controller.shared.id.AgentId;
import io.postwatch.controller.shared.id.MonitorId;
import io.postwatch.controller.shared.id.SeriesId;
import io.postwatch.controller.shared.id.TenantId;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedCollection;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/** Leases and refusals as rows. Every method is part of the caller's transaction. */
@Component
class LoginRows {
    /** Of {@code monitor m}; one that was never edited since there are names has none of its own. */
    private static final String CREDENTIAL = "coalesce(m.credential_id, m.password_secret_id, m.monitor_id)";

    private final JdbcClient jdbc;

    LoginRows(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    /**
     * How the runs of a series log in.
     *
     * @param held a refusal of the credential was told of, whose result is still to come
     */
    record SeriesLogin(Credential credential, Bytes mailbox, LoginTrust trust, boolean held) {}

    /** Empty where the agent does not run the series, or it has no login any more. */
    Optional<SeriesLogin> ofSeries(AgentId agent, SeriesId series) {
        return jdbc.sql("SELECT m.tenant_id, m.host, m.username, " + CREDENTIAL + """
                         AS credential_id, t.refusals, t.refused_at, t.suspended_at,
                            coalesce(t.held_until > transaction_timestamp(), false) AS held
                        FROM series s
                        JOIN assignment p ON p.tenant_id = s.tenant_id AND p.series = s.id AND p.agent_id = ?
                        JOIN monitor m ON m.tenant_id = p.tenant_id AND m.monitor_id = p.monitor_id
                        LEFT JOIN login_trust t ON t.tenant_id = m.tenant_id AND t.credential_id =\s""" + CREDENTIAL
                        + " WHERE s.id = ? AND m.username IS NOT NULL AND NOT m.paused")
                .params(agent.value(), series.value())
                .query((row, n) -> new SeriesLogin(
                        credential(row),
                        mailbox(row.getString("host"), row.getString("username")),
                        trust(row),
                        row.getBoolean("held")))
                .optional();
    }

    private static Bytes mailbox(String host, String username) {
        return Bytes.of(Digests.sha256(host + "\0" + username));
    }

    /** Takes the lease, or keeps it; false where another run has it. By the database's clock. */
    boolean take(Credential credential, Bytes mailbox, UUID lease, AgentId agent, Duration lasting) {
        return jdbc.sql("""
                        INSERT INTO login_lease AS l (tenant_id, mailbox, lease_id, credential_id, agent_id, lease_until)
                        VALUES (?, ?, ?, ?, ?, transaction_timestamp() + make_interval(secs => ?))
                        ON CONFLICT (tenant_id, mailbox) DO UPDATE
                        SET lease_id = excluded.lease_id, credential_id = excluded.credential_id,
                            agent_id = excluded.agent_id, lease_until = excluded.lease_until
                        WHERE l.lease_until <= transaction_timestamp()
                            OR (l.agent_id = excluded.agent_id AND l.lease_id = excluded.lease_id)
                        """)
                        .params(
                                credential.tenant().value(),
                                mailbox.toArray(),
                                lease,
                                credential.id(),
                                agent.value(),
                                lasting.toMillis() / 1e3)
                        .update()
                > 0;
    }

    void release(AgentId agent, UUID lease) {
        jdbc.sql("DELETE FROM login_lease WHERE agent_id = ? AND lease_id = ?")
                .params(agent.value(), lease)
                .update();
    }

    /** The same, and nobody logs in by its credential for so long. */
    void releaseHolding(AgentId agent, UUID lease, Duration lasting) {
        jdbc.sql("""
                        WITH released AS (
                            DELETE FROM login_lease WHERE agent_id = ? AND lease_id = ? RETURNING tenant_id, credential_id)
                        INSERT INTO login_trust (tenant_id, credential_id, refusals, held_until)
                        SELECT tenant_id, credential_id, 0, transaction_timestamp() + make_interval(secs => ?) FROM released
                        ON CONFLICT (tenant_id, credential_id) DO UPDATE SET held_until = excluded.held_until
                        """).params(agent.value(), lease, lasting.toMillis() / 1e3).update();
    }

    /** Leases that ended long ago, and what is known of credentials that no monitor has any more. */
    void forgetOld() {
        jdbc.sql("DELETE FROM login_lease WHERE lease_until < transaction_timestamp() - interval '1 hour'")
                .update();
        jdbc.sql("DELETE FROM login_trust t WHERE NOT EXISTS (SELECT 1 FROM monitor m WHERE m.tenant_id = t.tenant_id"
                        + " AND m.username IS NOT NULL AND " + CREDENTIAL + " = t.credential_id)")
                .update();
    }

    /** The credential of a monitor, at one revision of it. */
    record MonitorLogin(Credential credential, long revision) {}

    /** Of those of these that log in. */
    Map<MonitorKey, MonitorLogin> ofMonitors(Collection<MonitorKey> keys) {
        Map<MonitorKey, MonitorLogin> logins = new HashMap<>();
        jdbc.sql("SELECT m.tenant_id, m.monitor_id, m.revision, " + CREDENTIAL + """
                         AS credential_id
                        FROM unnest(?::uuid[], ?::uuid[]) AS w (tenant_id, monitor_id)
                        JOIN monitor m ON m.tenant_id = w.tenant_id AND m.monitor_id = w.monitor_id
                        WHERE m.username IS NOT NULL
                        """)
                .params(
                        keys.stream().map(key -> key.tenant().value()).toArray(UUID[]::new),
                        keys.stream().map(key -> key.monitor().value()).toArray(UUID[]::new))
                .query(row -> {
                    logins.put(
                            new MonitorKey(
                                    new TenantId(row.getObject("tenant_id", UUID.class)),
                                    new MonitorId(row.getObject("monitor_id", UUID.class))),
                            new MonitorLogin(credential(row), row.getLong("revision")));
                });
        return logins;
    }

    /** Makes rows where there are none, so that they can be locked. */
    void insert(SequencedCollection<Credential> credentials) {
        jdbc.sql("""
                        INSERT INTO login_trust (tenant_id, credential_id, refusals)
                        SELECT w.tenant_id, w.credential_id, 0 FROM unnest(?::uuid[], ?::uuid[]) AS w (tenant_id, credential_id)
                        ON CONFLICT (tenant_id, credential_id) DO NOTHING
                        """).params(tenants(credentials), ids(credentials)).update();
    }

    /** Of those of these that have a row, which nobody else changes until the transaction ends. */
    Map<Credential, LoginTrust> lock(SequencedCollection<Credential> credentials) {
        Map<Credential, LoginTrust> found = new HashMap<>();
        jdbc.sql("""
                        SELECT t.tenant_id, t.credential_id, t.refusals, t.refused_at, t.suspended_at FROM login_trust t
                        JOIN unnest(?::uuid[], ?::uuid[]) AS w (tenant_id, credential_id)
                            ON w.tenant_id = t.tenant_id AND w.credential_id = t.credential_id
                        ORDER BY t.tenant_id, t.credential_id FOR UPDATE OF t
                        """).params(tenants(credentials), ids(credentials)).query(row -> {
            found.put(credential(row), trust(row));
        });
        return found;
    }

    void write(Credential credential, LoginTrust trust) {
        switch (trust) {
            case LoginTrust.Trusted _ ->
                jdbc.sql("DELETE FROM login_trust WHERE tenant_id = ? AND credential_id = ?")
                        .params(credential.tenant().value(), credential.id())
                        .update();
            case LoginTrust.Refused(int times, Instant lastAt) -> write(credential, times, lastAt, null);
            case LoginTrust.Suspended(Instant since) -> write(credential, LoginTrust.SUSPENDING_REFUSALS, since, since);
        }
    }

    private void write(Credential credential, int refusals, Instant refusedAt, @Nullable Instant suspendedAt) {
        jdbc.sql("""
                        UPDATE login_trust SET refusals = ?, refused_at = ?, suspended_at = ?::timestamptz
                        WHERE tenant_id = ? AND credential_id = ?
                        """)
                .param(refusals)
                .param(at(refusedAt))
                .param(suspendedAt == null ? null : at(suspendedAt))
                .param(credential.tenant().value())
                .param(credential.id())
                .update();
    }

    /** A monitor and its name. */
    record Named(MonitorId id, String name) {}

    /** Those that log in by it. */
    List<Named> monitors(Credential credential) {
        return jdbc.sql(
                        "SELECT m.monitor_id, m.name FROM monitor m WHERE m.tenant_id = ? AND m.username IS NOT NULL AND "
                                + CREDENTIAL + " = ? ORDER BY m.monitor_id")
                .params(credential.tenant().value(), credential.id())
                .query((row, n) -> new Named(new MonitorId(row.getObject(1, UUID.class)), row.getString(2)))
                .list();
    }

    Map<MonitorId, Instant> suspended(TenantId tenant, Collection<MonitorId> monitors) {
        Map<MonitorId, Instant> suspended = new HashMap<>();
        jdbc.sql(
                        "SELECT m.monitor_id, t.suspended_at FROM login_trust t JOIN monitor m ON m.tenant_id = t.tenant_id AND "
                                + CREDENTIAL + " = t.credential_id WHERE t.tenant_id = ? AND t.suspended_at IS NOT NULL"
                                + " AND m.username IS NOT NULL AND m.monitor_id = ANY (?)")
                .params(tenant.value(), monitors.stream().map(MonitorId::value).toArray(UUID[]::new))
                .query(row -> {
                    suspended.put(
                            new MonitorId(row.getObject("monitor_id", UUID.class)),
                            Rows.requiredInstant(row, "suspended_at"));
                });
        return suspended;
    }

    private static Credential credential(ResultSet row) throws SQLException {
        return new Credential(
                new TenantId(row.getObject("tenant_id", UUID.class)), row.getObject("credential_id", UUID.class));
    }

    private static LoginTrust trust(ResultSet row) throws SQLException {
        Instant suspendedAt = Rows.instant(row, "suspended_at");
        Instant refusedAt = Rows.instant(row, "refused_at");
        if (suspendedAt != null) {
            return new LoginTrust.Suspended(suspendedAt);
        }
        return refusedAt == null ? new LoginTrust.Trusted() : new LoginTrust.Refused(row.getInt("refusals"), refusedAt);
    }

    private static OffsetDateTime at(Instant instant) {
        return instant.atOffset(ZoneOffset.UTC);
    }

    private static UUID[] tenants(Collection<Credential> credentials) {
        return credentials.stream().map(one -> one.tenant().value()).toArray(UUID[]::new);
    }

    private static UUID[] ids(Collection<Credential> credentials) {
        return credentials.stream().map(Credential::id).toArray(UUID[]::new);
    }
}
