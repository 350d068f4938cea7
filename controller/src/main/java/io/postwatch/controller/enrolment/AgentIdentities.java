package io.postwatch.controller.enrolment;

import io.postwatch.controller.enrolment.CertificateSlots.Slot;
import io.postwatch.controller.scope.Rows;
import io.postwatch.controller.shared.Bytes;
import io.postwatch.controller.shared.id.AgentId;
import io.postwatch.controller.shared.id.LocationId;
import io.postwatch.controller.shared.id.TenantId;
import java.security.PublicKey;
import java.security.cert.X509Certificate;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/**
 * Which keys and certificates an agent has. Called inside a system transaction. A certificate is good while its serial
 * is in one of two slots: the one in use, and the one that was issued last and not used yet. Renewal writes the second,
 * the first session with it makes it the first; whichever of both an agent still has after a crash lets it in.
 */
@Component
public class AgentIdentities {
    private static final Duration PRIVATE_LIFETIME = Duration.ofDays(7);
    private static final Duration PUBLIC_LIFETIME = Duration.ofHours(24);
    private static final Duration AHEAD_ON_RECORD_AGAIN = Duration.ofHours(1);

    private final JdbcClient jdbc;
    private final CertificateAuthority authority;
    private final InstantSource clock;

    AgentIdentities(JdbcClient jdbc, CertificateAuthority authority, InstantSource clock) {
        this.jdbc = jdbc;
        this.authority = authority;
        this.clock = clock;
    }

    /** Of an agent, whatever its state. {@code lockout}: why it is not let in; null where it is. */
    public record Identity(
            TenantId tenant,
            AgentId id,
            LocationId location,
            IdentityKey key,
            Bytes sealingKey,
            CertificateSlots slots,
            @Nullable Lockout lockout,
            String agentName,
            String locationName) {}

    /**
     * Its row is locked until the transaction ends, so that what is decided by it still holds when it is written. Absent
     * where another host took the agent's place while its row was waited for.
     */
    Optional<Identity> lockByKey(IdentityKey key) {
        // The row of the agent is read anew after a wait, that of the directory is not.
        return lock("d.identity_key_hash = ?", key.hash())
                .filter(found -> Arrays.equals(found.key().bytes(), key.bytes()));
    }

    /** As {@link #lockByKey}. */
    public Optional<Identity> lockById(AgentId agent) {
        return lock("d.agent_id = ?", agent.value());
    }

    private Optional<Identity> lock(String condition, Object parameter) {
        return jdbc.sql("""
                SELECT a.tenant_id, a.agent_id, a.location_id, a.identity_key, a.sealing_key, a.current_serial,
                    a.current_not_after, a.current_generation, a.current_tls_key, a.generation_since, a.next_serial,
                    a.next_not_after, a.next_generation, a.next_tls_key, a.revoked_at, a.refused_at, a.cloned_at,
                    a.awaiting_approval_since, a.name, l.name AS location_name
                FROM agent_directory d
                JOIN agent a ON a.tenant_id = d.tenant_id AND a.agent_id = d.agent_id
                JOIN location l ON l.tenant_id = a.tenant_id AND l.location_id = a.location_id
                WHERE\s""" + condition + " FOR NO KEY UPDATE OF a")
                .param(parameter)
                .query((row, n) -> new Identity(
                        new TenantId(row.getObject("tenant_id", UUID.class)),
                        new AgentId(row.getObject("agent_id", UUID.class)),
                        new LocationId(row.getObject("location_id", UUID.class)),
                        IdentityKey.of(row.getBytes("identity_key")),
                        Bytes.of(row.getBytes("sealing_key")),
                        new CertificateSlots(
                                slot(row, "current"), slot(row, "next"), Rows.instant(row, "generation_since")),
                        lockout(row),
                        row.getString("name"),
                        row.getString("location_name")))
                .optional();
    }

    private static @Nullable Slot slot(ResultSet row, String name) throws SQLException {
        String serial = row.getString(name + "_serial");
        if (serial == null) {
            return null;
        }
        byte[] tlsKey = row.getBytes(name + "_tls_key");
        return new Slot(
                row.getLong(name + "_generation"),
                serial,
                tlsKey == null ? null : Bytes.of(tlsKey),
                Rows.requiredInstant(row, name + "_not_after"));
    }

    /** Of a row with the times of all of them. */
    public static @Nullable Lockout lockout(ResultSet row) throws SQLException {
        if (row.getTimestamp("refused_at") != null) {
            return Lockout.REFUSED;
        }
        if (row.getTimestamp("revoked_at") != null) {
            return Lockout.REVOKED;
        }
        if (row.getTimestamp("cloned_at") != null) {
            return Lockout.CLONED;
        }
        return row.getTimestamp("awaiting_approval_since") == null ? null : Lockout.AWAITING_APPROVAL;
    }

    /** Public agents stand in strange networks: their certificates live shorter. */
    IssuedCertificate sign(TenantId tenant, AgentId agent, PublicKey key, long generation) {
        Duration lifetime = tenant.equals(TenantId.PLATFORM) ? PUBLIC_LIFETIME : PRIVATE_LIFETIME;
        X509Certificate certificate = authority.signAgent(agent, key, lifetime);
        return new IssuedCertificate(
                encoded(List.of(certificate)),
                encoded(authority.roots()),
                encoded(authority.formerRoots()),
                certificate.getSerialNumber(),
                certificate.getNotAfter().toInstant(),
                generation,
                AgentCertificate.keyHash(key));
    }

    private static List<Bytes> encoded(List<X509Certificate> certificates) {
        return certificates.stream()
                .map(certificate -> Bytes.of(CertificateAuthority.encoded(certificate)))
                .toList();
    }

    /**
     * Puts a new certificate into the second slot, for an agent that is let in and whose row is locked.
     *
     * @param held the generation that it says it holds; 0 where it says none
     */
    IssuedCertificate renew(Identity agent, PublicKey key, long held) {
        CertificateSlots slots = agent.slots();
        IssuedCertificate certificate = sign(agent.tenant(), agent.id(), key, slots.following(held));
        Instant now = clock.instant();
        jdbc.sql("""
                UPDATE agent SET next_serial = ?, next_not_after = ?, next_generation = ?, next_tls_key = ?,
                    expired_renewals = expired_renewals + ?, ahead_renewals = ahead_renewals + ?, updated_at = ?
                WHERE tenant_id = ? AND agent_id = ?
                """)
                .params(
                        certificate.serial().toString(16),
                        Timestamp.from(certificate.notAfter()),
                        certificate.generation(),
                        certificate.tlsKey().toArray(),
                        slots.haveExpired(now) ? 1 : 0,
                        slots.knows(held) ? 0 : 1,
                        Timestamp.from(now),
                        agent.tenant().value(),
                        agent.id().value())
                .update();
        return certificate;
    }

    /**
     * Whether a renewal with a generation that this database doesn't know goes on record: the first of an agent in an hour.
     * All of them are counted.
     */
    boolean goesOnRecordAsAhead(Identity agent) {
        Instant now = clock.instant();
        return jdbc.sql("""
                UPDATE agent SET ahead_recorded_at = ?
                WHERE tenant_id = ? AND agent_id = ? AND (ahead_recorded_at IS NULL OR ahead_recorded_at <= ?)
                """)
                        .params(
                                Timestamp.from(now),
                                agent.tenant().value(),
                                agent.id().value(),
                                Timestamp.from(now.minus(AHEAD_ON_RECORD_AGAIN)))
                        .update()
                == 1;
    }

    /** The certificate of the second slot is in use now. */
    public void promoteNextCertificate(Identity agent, AgentCertificate used) {
        jdbc.sql("""
                UPDATE agent SET current_serial = ?, current_not_after = next_not_after,
                    current_generation = coalesce(next_generation, current_generation), current_tls_key = next_tls_key,
                    generation_since = ?, next_serial = NULL, next_not_after = NULL, next_generation = NULL,
                    next_tls_key = NULL
                WHERE tenant_id = ? AND agent_id = ?
                """)
                .params(
                        used.serial().toString(16),
                        Timestamp.from(clock.instant()),
                        agent.tenant().value(),
                        agent.id().value())
                .update();
    }

    String uniqueName(TenantId tenant, LocationId location, String proposed) {
        // The row lock keeps two agents that enrol with one name at once apart.
        jdbc.sql("SELECT 1 FROM location WHERE tenant_id = ? AND location_id = ? FOR UPDATE")
                .params(tenant.value(), location.value())
                .query(Integer.class)
                .single();
        Set<String> taken = Set.copyOf(jdbc.sql("SELECT name FROM agent WHERE tenant_id = ? AND location_id = ?")
                .params(tenant.value(), location.value())
                .query((row, n) -> row.getString("name"))
                .list());
        String name = proposed;
        for (int n = 2; taken.contains(name); n++) {
            name = proposed + "-" + n;
        }
        return name;
    }

    /** Without a certificate: it waits until a person has approved it. */
    void insert(
            TenantId tenant,
            LocationId location,
            AgentId agent,
            String name,
            IdentityKey identity,
            Enrolment.Application application,
            @Nullable IssuedCertificate certificate) {
        Instant now = clock.instant();
        Timestamp at = Timestamp.from(now);
        jdbc.sql("""
                INSERT INTO agent (tenant_id, agent_id, location_id, name, identity_key, sealing_key, next_serial,
                    next_not_after, next_generation, next_tls_key, awaiting_approval_since, version, hostname, os, arch, ipv4, ipv6, check_types, auth_mechanisms,
                    max_runs_per_second, session_epoch, spool_rows, runs_per_minute, schedule_lag_micros,
                    clock_offset_millis, resident_bytes, assignments, wanted_revision, applied_revision, applied_hash,
                    revision, created_at, updated_at)
                VALUES (?, ?, ?, ?, ?, ?, ?, ?::timestamptz, ?::bigint, ?::bytea, ?::timestamptz, ?, '', '', '', false, false, '{}', '{}', 0, 0, 0, 0, 0, 0, 0, 0, 1, 0, '',
                    1, ?, ?)
                """)
                .param(tenant.value())
                .param(agent.value())
                .param(location.value())
                .param(name)
                .param(identity.bytes())
                .param(application.sealingKey().toArray())
                .param(certificate == null ? null : certificate.serial().toString(16))
                .param(certificate == null ? null : Timestamp.from(certificate.notAfter()))
                .param(certificate == null ? null : certificate.generation())
                .param(certificate == null ? null : certificate.tlsKey().toArray())
                .param(certificate == null ? at : null)
                .param(bounded(application.version()))
                .param(at)
                .param(at)
                .update();
    }

    static String bounded(String version) {
        String clean = version.replaceAll("\\p{Cntrl}", "");
        return clean.length() > 64 ? clean.substring(0, 64) : clean;
    }
}
