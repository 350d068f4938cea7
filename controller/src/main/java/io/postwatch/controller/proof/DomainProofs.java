package io.postwatch.controller.proof;

import io.postwatch.controller.scope.Rows;
import io.postwatch.controller.shared.id.TenantId;
import java.security.SecureRandom;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/** What tenants have proven, as rows. Every method is part of the caller's transaction, the tenant's or the system's. */
@Component
public class DomainProofs {
    private static final String TEXT = "postwatch-domain-verification=";
    private static final int RANDOM_BYTES = 24;

    private final JdbcClient jdbc;
    private final InstantSource clock;
    private final SecureRandom random = new SecureRandom();

    DomainProofs(JdbcClient jdbc, InstantSource clock) {
        this.jdbc = jdbc;
        this.clock = clock;
    }

    /** A claim with a text of its own; the one that is there where the tenant has claimed it before. */
    public DomainProof claim(TenantId tenant, MailDomain domain) {
        DomainProof fresh = DomainProof.claimed(tenant, domain, freshText(), clock.instant());
        jdbc.sql("""
                INSERT INTO domain_proof (tenant_id, domain, text, claimed_at) VALUES (?, ?, ?, ?)
                ON CONFLICT (tenant_id, domain) DO NOTHING
                """)
                .params(tenant.value(), domain.value(), fresh.text(), Timestamp.from(fresh.claimedAt()))
                .update();
        return find(tenant, domain).orElseThrow();
    }

    private String freshText() {
        byte[] bytes = new byte[RANDOM_BYTES];
        random.nextBytes(bytes);
        return TEXT + Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    }

    public Optional<DomainProof> find(TenantId tenant, MailDomain domain) {
        return jdbc.sql("SELECT * FROM domain_proof WHERE tenant_id = ? AND domain = ?")
                .params(tenant.value(), domain.value())
                .query(DomainProofs::proof)
                .optional();
    }

    /** By name. */
    public List<DomainProof> list(TenantId tenant) {
        return jdbc.sql("SELECT * FROM domain_proof WHERE tenant_id = ? ORDER BY domain")
                .param(tenant.value())
                .query(DomainProofs::proof)
                .list();
    }

    /** What the tenant has proven and not lost since. */
    public Set<MailDomain> proven(TenantId tenant) {
        Instant now = clock.instant();
        return list(tenant).stream()
                .filter(proof -> proof.state(now) == ProofState.PROVEN)
                .map(DomainProof::domain)
                .collect(Collectors.toSet());
    }

    /** After agents were asked for the text. Empty where the claim was withdrawn meanwhile. */
    public Optional<DomainProof> judge(TenantId tenant, MailDomain domain, ChallengeVerdict verdict) {
        return jdbc.sql("SELECT * FROM domain_proof WHERE tenant_id = ? AND domain = ? FOR UPDATE")
                .params(tenant.value(), domain.value())
                .query(DomainProofs::proof)
                .optional()
                .map(before -> {
                    DomainProof after = before.after(verdict, clock.instant());
                    write(after);
                    return after;
                });
    }

    private void write(DomainProof proof) {
        jdbc.sql("""
                UPDATE domain_proof SET proven_at = ?::timestamptz, checked_at = ?::timestamptz, seen_at = ?::timestamptz,
                    missing_since = ?::timestamptz
                WHERE tenant_id = ? AND domain = ?
                """)
                .param(timestamp(proof.provenAt()))
                .param(timestamp(proof.checkedAt()))
                .param(timestamp(proof.seenAt()))
                .param(timestamp(proof.missingSince()))
                .param(proof.tenant().value())
                .param(proof.domain().value())
                .update();
    }

    /** The claim and what was proven of it. False where there is none. */
    public boolean withdraw(TenantId tenant, MailDomain domain) {
        return jdbc.sql("DELETE FROM domain_proof WHERE tenant_id = ? AND domain = ?")
                        .params(tenant.value(), domain.value())
                        .update()
                == 1;
    }

    private static @Nullable Timestamp timestamp(@Nullable Instant instant) {
        return instant == null ? null : Timestamp.from(instant);
    }

    private static DomainProof proof(ResultSet row, int number) throws SQLException {
        return new DomainProof(
                new TenantId(row.getObject("tenant_id", UUID.class)),
                new MailDomain(row.getString("domain")),
                row.getString("text"),
                Rows.requiredInstant(row, "claimed_at"),
                Rows.instant(row, "proven_at"),
                Rows.instant(row, "checked_at"),
                Rows.instant(row, "seen_at"),
                Rows.instant(row, "missing_since"));
    }
}
