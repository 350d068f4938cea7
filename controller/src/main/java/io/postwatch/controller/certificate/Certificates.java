package io.postwatch.controller.certificate;

import io.postwatch.controller.run.CertificateView;
import io.postwatch.controller.shared.Fingerprint;
import io.postwatch.controller.shared.id.TenantId;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/** The certificates servers presented, each once per tenant. Every method works in its caller's transaction. */
@Component
public class Certificates {
    private final JdbcClient jdbc;
    private final InstantSource clock;
    private final DailyAllowance allowance;

    @Autowired
    Certificates(JdbcClient jdbc, InstantSource clock) {
        this(jdbc, clock, DailyAllowance.BYTES);
    }

    Certificates(JdbcClient jdbc, InstantSource clock, long bytesPerDay) {
        this.jdbc = jdbc;
        this.clock = clock;
        this.allowance = new DailyAllowance(clock, bytesPerDay);
    }

    /** Which of these to ask for: those the tenant has no DER of yet, and none once its allowance for the day is spent. */
    public Set<Fingerprint> wanted(TenantId tenant, Collection<Fingerprint> fingerprints) {
        if (allowance.spent(tenant)) {
            return Set.of();
        }
        Set<Fingerprint> unknown = new LinkedHashSet<>(fingerprints);
        if (!unknown.isEmpty()) {
            jdbc.sql("""
                            SELECT encode(fingerprint, 'hex') FROM certificate
                            WHERE tenant_id = ? AND fingerprint IN (SELECT decode(h, 'hex') FROM unnest(?::text[]) h)
                            """)
                    .params(tenant.value(), hex(unknown))
                    .query(String.class)
                    .list()
                    .forEach(hex -> unknown.remove(new Fingerprint(hex)));
        }
        return unknown;
    }

    /**
     * Keeps certificates under the fingerprint of their bytes; those known stay as they are. Bytes that are no
     * certificate are kept too, so that nobody asks for them again: they are never shown. What is empty or larger than
     * {@link CertificateView#MAX_DER_BYTES} is left out, and so is what exceeds the tenant's allowance for the day. For a
     * tenant, only what its own runs have named may be stored.
     *
     * @return the fingerprints of those that are now known
     */
    public Set<Fingerprint> store(TenantId tenant, Collection<byte[]> certificates) {
        Map<String, byte[]> byFingerprint = new TreeMap<>();
        for (byte[] der : certificates) {
            if (der.length > 0 && der.length <= CertificateView.MAX_DER_BYTES) {
                byFingerprint.put(CertificateView.fingerprint(der).hex(), der);
            }
        }
        if (byFingerprint.isEmpty()) {
            return Set.of();
        }
        List<byte[]> kept = allowance.take(tenant, byFingerprint.values(), since -> storedSince(tenant, since));
        Set<Fingerprint> known = new LinkedHashSet<>();
        kept.forEach(der -> known.add(CertificateView.fingerprint(der)));
        if (!known.isEmpty()) {
            jdbc.sql("""
                            INSERT INTO certificate (tenant_id, fingerprint, der, first_seen_at)
                            SELECT ?, decode(hex, 'hex'), der, ? FROM unnest(?::text[], ?::bytea[]) n(hex, der)
                            ON CONFLICT (tenant_id, fingerprint) DO NOTHING
                            """)
                    .params(
                            tenant.value(),
                            clock.instant().atOffset(ZoneOffset.UTC),
                            hex(known),
                            kept.toArray(byte[][]::new))
                    .update();
        }
        return known;
    }

    private long storedSince(TenantId tenant, Instant since) {
        return jdbc.sql("""
                        SELECT coalesce(sum(octet_length(der) + ?), 0) FROM certificate
                        WHERE tenant_id = ? AND first_seen_at >= ?
                        """)
                .params(DailyAllowance.ROW_BYTES, tenant.value(), since.atOffset(ZoneOffset.UTC))
                .query(Long.class)
                .single();
    }

    /** Those that are known and readable, for people. */
    public Map<Fingerprint, CertificateView> find(TenantId tenant, Collection<Fingerprint> fingerprints) {
        Map<Fingerprint, CertificateView> found = new HashMap<>();
        if (fingerprints.isEmpty()) {
            return found;
        }
        List<byte[]> ders = jdbc.sql("""
                        SELECT der FROM certificate
                        WHERE tenant_id = ? AND fingerprint IN (SELECT decode(h, 'hex') FROM unnest(?::text[]) h)
                        """)
                .params(tenant.value(), hex(new LinkedHashSet<>(fingerprints)))
                .query((row, number) -> row.getBytes(1))
                .list();
        for (byte[] der : ders) {
            CertificateView.read(der).ifPresent(view -> found.put(new Fingerprint(view.fingerprint()), view));
        }
        return found;
    }

    private static String[] hex(Set<Fingerprint> fingerprints) {
        return fingerprints.stream().map(Fingerprint::hex).toArray(String[]::new);
    }
}
