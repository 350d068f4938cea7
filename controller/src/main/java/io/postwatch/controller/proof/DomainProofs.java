package io.postwatch.controller.proof;

import io.postwatch.controller.scope.Rows;
import io.postwatch.controller.shared.id.DomainProofId;
import io.postwatch.controller.shared.id.TenantId;
import java.security.SecureRandom;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Base64;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
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

    /**
     * A claim, and how far it is looked after.
     *
     * @param looks how many looks there were, with the one under way
     * @param nextLookAt when the next one comes by itself; null: when somebody asks
     */
    record Watched(
            DomainProof proof,
            long looks,
            boolean looking,
            @Nullable Instant nextLookAt) {}

    /** A claim with a text of its own. False where the tenant has claimed the domain before. */
    boolean claim(TenantId tenant, DomainProofId id, MailDomain domain) {
        DomainProof fresh = DomainProof.claimed(id, tenant, domain, freshText(), clock.instant());
        return jdbc.sql("""
                INSERT INTO domain_proof (tenant_id, domain, proof_id, text, claimed_at, next_look_at)
                VALUES (?, ?, ?, ?, ?, ?::timestamptz) ON CONFLICT (tenant_id, domain) DO NOTHING
                """)
                        .param(tenant.value())
                        .param(domain.value())
                        .param(id.value())
                        .param(fresh.text())
                        .param(Timestamp.from(fresh.claimedAt()))
                        .param(timestamp(LookSchedule.next(fresh, fresh.claimedAt())))
                        .update()
                == 1;
    }

    private String freshText() {
        byte[] bytes = new byte[RANDOM_BYTES];
        random.nextBytes(bytes);
        return TEXT + Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    }

    Optional<Watched> find(TenantId tenant, DomainProofId id) {
        return jdbc.sql("SELECT * FROM domain_proof WHERE tenant_id = ? AND proof_id = ?")
                .params(tenant.value(), id.value())
                .query(DomainProofs::watched)
                .optional();
    }

    /** As find, and nobody else changes it until the transaction ends. */
    Optional<Watched> lock(TenantId tenant, DomainProofId id) {
        return jdbc.sql("SELECT * FROM domain_proof WHERE tenant_id = ? AND proof_id = ? FOR UPDATE")
                .params(tenant.value(), id.value())
                .query(DomainProofs::watched)
                .optional();
    }

    /** By name, from behind a domain; null: from the first. */
    List<Watched> list(TenantId tenant, @Nullable String after, int limit) {
        return jdbc.sql("SELECT * FROM domain_proof WHERE tenant_id = ? AND domain > ? ORDER BY domain LIMIT ?")
                .params(tenant.value(), after == null ? "" : after, limit)
                .query(DomainProofs::watched)
                .list();
    }

    int count(TenantId tenant) {
        return jdbc.sql("SELECT count(*) FROM domain_proof WHERE tenant_id = ?")
                .param(tenant.value())
                .query(Integer.class)
                .single();
    }

    /** Whose time has come, of all tenants; those that wait longest first. */
    List<DomainProof> due(Instant now, int limit) {
        return jdbc.sql("""
                SELECT * FROM domain_proof WHERE next_look_at <= ? AND NOT looking ORDER BY next_look_at LIMIT ?
                """)
                .params(Timestamp.from(now), limit)
                .query((row, n) -> watched(row, n).proof())
                .list();
    }

    /** What the tenant has proven and not lost since. */
    public Set<MailDomain> proven(TenantId tenant) {
        return proven(Set.of(tenant)).getOrDefault(tenant, Set.of());
    }

    /** The same of several at once; who has proven nothing is absent. */
    public Map<TenantId, Set<MailDomain>> proven(Collection<TenantId> tenants) {
        Instant now = clock.instant();
        Map<TenantId, Set<MailDomain>> proven = new HashMap<>();
        if (!tenants.isEmpty()) {
            jdbc
                    .sql("SELECT * FROM domain_proof WHERE tenant_id = ANY (?) AND proven_at IS NOT NULL")
                    .params((Object) tenants.stream().map(TenantId::value).toArray(UUID[]::new))
                    .query((row, n) -> watched(row, n).proof())
                    .list()
                    .stream()
                    .filter(proof -> proof.state(now) == ProofState.PROVEN)
                    .forEach(proof -> proven.computeIfAbsent(proof.tenant(), _ -> new HashSet<>())
                            .add(proof.domain()));
        }
        return proven;
    }

    /** The caller holds the row's lock. */
    void write(Watched watched) {
        DomainProof proof = watched.proof();
        jdbc.sql("""
                UPDATE domain_proof SET proven_at = ?::timestamptz, checked_at = ?::timestamptz, seen_at = ?::timestamptz,
                    missing_since = ?::timestamptz, looks = ?, looking = ?, next_look_at = ?::timestamptz
                WHERE tenant_id = ? AND proof_id = ?
                """)
                .param(timestamp(proof.provenAt()))
                .param(timestamp(proof.checkedAt()))
                .param(timestamp(proof.seenAt()))
                .param(timestamp(proof.missingSince()))
                .param(watched.looks())
                .param(watched.looking())
                .param(timestamp(watched.nextLookAt()))
                .param(proof.tenant().value())
                .param(proof.id().value())
                .update();
    }

    /** The claim and what was proven of it. False where there is none. */
    boolean withdraw(TenantId tenant, DomainProofId id) {
        return jdbc.sql("DELETE FROM domain_proof WHERE tenant_id = ? AND proof_id = ?")
                        .params(tenant.value(), id.value())
                        .update()
                == 1;
    }

    private static @Nullable Timestamp timestamp(@Nullable Instant instant) {
        return instant == null ? null : Timestamp.from(instant);
    }

    private static Watched watched(ResultSet row, int number) throws SQLException {
        return new Watched(
                new DomainProof(
                        new DomainProofId(row.getObject("proof_id", UUID.class)),
                        new TenantId(row.getObject("tenant_id", UUID.class)),
                        new MailDomain(row.getString("domain")),
                        row.getString("text"),
                        Rows.requiredInstant(row, "claimed_at"),
                        Rows.instant(row, "proven_at"),
                        Rows.instant(row, "checked_at"),
                        Rows.instant(row, "seen_at"),
                        Rows.instant(row, "missing_since")),
                row.getLong("looks"),
                row.getBoolean("looking"),
                Rows.instant(row, "next_look_at"));
    }
}
