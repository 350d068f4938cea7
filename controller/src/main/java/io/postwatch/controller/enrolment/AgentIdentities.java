package io.postwatch.controller.enrolment;

import io.postwatch.controller.shared.Bytes;
import io.postwatch.controller.shared.id.AgentId;
import io.postwatch.controller.shared.id.LocationId;
import io.postwatch.controller.shared.id.TenantId;
import java.security.PublicKey;
import java.security.cert.X509Certificate;
import java.sql.Timestamp;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
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

    private final JdbcClient jdbc;
    private final CertificateAuthority authority;
    private final InstantSource clock;

    AgentIdentities(JdbcClient jdbc, CertificateAuthority authority, InstantSource clock) {
        this.jdbc = jdbc;
        this.authority = authority;
        this.clock = clock;
    }

    /** Of an agent, whatever its state. */
    public record Identity(
            TenantId tenant,
            AgentId id,
            LocationId location,
            IdentityKey key,
            Bytes sealingKey,
            @Nullable String currentSerial,
            @Nullable String nextSerial,
            boolean revoked,
            String agentName,
            String locationName) {}

    Optional<Identity> findByKey(IdentityKey key) {
        return find("d.identity_key_hash = ?", key.hash());
    }

    public Optional<Identity> findById(AgentId agent) {
        return find("d.agent_id = ?", agent.value());
    }

    private Optional<Identity> find(String condition, Object parameter) {
        return jdbc.sql("""
                SELECT a.tenant_id, a.agent_id, a.location_id, a.identity_key, a.sealing_key, a.current_serial,
                    a.next_serial, a.revoked_at, a.name, l.name AS location_name
                FROM agent_directory d
                JOIN agent a ON a.tenant_id = d.tenant_id AND a.agent_id = d.agent_id
                JOIN location l ON l.tenant_id = a.tenant_id AND l.location_id = a.location_id
                WHERE\s""" + condition)
                .param(parameter)
                .query((row, n) -> new Identity(
                        new TenantId(row.getObject("tenant_id", UUID.class)),
                        new AgentId(row.getObject("agent_id", UUID.class)),
                        new LocationId(row.getObject("location_id", UUID.class)),
                        IdentityKey.of(row.getBytes("identity_key")),
                        Bytes.of(row.getBytes("sealing_key")),
                        row.getString("current_serial"),
                        row.getString("next_serial"),
                        row.getTimestamp("revoked_at") != null,
                        row.getString("name"),
                        row.getString("location_name")))
                .optional();
    }

    /** Public agents stand in strange networks: their certificates live shorter. */
    IssuedCertificate sign(TenantId tenant, AgentId agent, PublicKey key) {
        Duration lifetime = tenant.equals(TenantId.PLATFORM) ? PUBLIC_LIFETIME : PRIVATE_LIFETIME;
        X509Certificate certificate = authority.signAgent(agent, key, lifetime);
        return new IssuedCertificate(
                List.of(Bytes.of(CertificateAuthority.encoded(certificate))),
                authority.roots().stream()
                        .map(root -> Bytes.of(CertificateAuthority.encoded(root)))
                        .toList(),
                certificate.getSerialNumber(),
                certificate.getNotAfter().toInstant());
    }

    /** A certificate of a known, unrevoked agent, and its names. */
    record Renewed(String agentName, String locationName, IssuedCertificate certificate) {}

    /** Puts a new certificate into the second slot; empty where the agent was revoked meanwhile. */
    Optional<Renewed> renew(TenantId tenant, AgentId agent, PublicKey key) {
        IssuedCertificate certificate = sign(tenant, agent, key);
        int updated = jdbc.sql("""
                UPDATE agent SET next_serial = ?, next_not_after = ?, updated_at = ?
                WHERE tenant_id = ? AND agent_id = ? AND revoked_at IS NULL
                """)
                .params(
                        certificate.serial().toString(16),
                        Timestamp.from(certificate.notAfter()),
                        Timestamp.from(clock.instant()),
                        tenant.value(),
                        agent.value())
                .update();
        if (updated == 0) {
            return Optional.empty();
        }
        Identity identity = findById(agent).orElseThrow();
        return Optional.of(new Renewed(identity.agentName(), identity.locationName(), certificate));
    }

    /** The certificate of the second slot is in use now. */
    public void promoteNextCertificate(Identity identity, String serial) {
        jdbc.sql("""
                UPDATE agent SET current_serial = next_serial, current_not_after = next_not_after, next_serial = NULL,
                    next_not_after = NULL
                WHERE tenant_id = ? AND agent_id = ? AND next_serial = ?
                """)
                .params(identity.tenant().value(), identity.id().value(), serial)
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

    void insert(
            TenantId tenant,
            LocationId location,
            AgentId agent,
            String name,
            IdentityKey identity,
            Enrolment.Application application,
            IssuedCertificate certificate) {
        Instant now = clock.instant();
        jdbc.sql("""
                INSERT INTO agent (tenant_id, agent_id, location_id, name, identity_key, sealing_key, next_serial,
                    next_not_after, version, hostname, os, arch, ipv4, ipv6, check_types, auth_mechanisms,
                    max_runs_per_second, session_epoch, spool_rows, runs_per_minute, schedule_lag_micros,
                    clock_offset_millis, resident_bytes, assignments, wanted_revision, applied_revision, applied_hash,
                    revision, created_at, updated_at)
                VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, '', '', '', false, false, '{}', '{}', 0, 0, 0, 0, 0, 0, 0, 0, 1, 0, '',
                    1, ?, ?)
                """)
                .params(
                        tenant.value(),
                        agent.value(),
                        location.value(),
                        name,
                        identity.bytes(),
                        application.sealingKey().toArray(),
                        certificate.serial().toString(16),
                        Timestamp.from(certificate.notAfter()),
                        bounded(application.version()),
                        Timestamp.from(now),
                        Timestamp.from(now))
                .update();
    }

    private static String bounded(String version) {
        String clean = version.replaceAll("\\p{Cntrl}", "");
        return clean.length() > 64 ? clean.substring(0, 64) : clean;
    }
}
