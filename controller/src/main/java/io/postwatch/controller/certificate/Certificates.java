package io.postwatch.controller.certificate;

import io.postwatch.controller.run.CertificateView;
import io.postwatch.controller.shared.Fingerprint;
import io.postwatch.controller.shared.TenantId;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/** The certificates servers presented, each once per tenant. Every method works in its caller's transaction. */
@Component
public class Certificates {
    private final JdbcClient jdbc;
    private final InstantSource clock;

    Certificates(JdbcClient jdbc, InstantSource clock) {
        this.jdbc = jdbc;
        this.clock = clock;
    }

    /** Which of these the tenant has no DER of yet. */
    public Set<Fingerprint> unknown(TenantId tenant, Collection<Fingerprint> fingerprints) {
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
     * {@link CertificateView#MAX_DER_BYTES} is left out. For a tenant, only what its own runs have named may be stored.
     *
     * @return the fingerprints of all that are now known
     */
    public Set<Fingerprint> store(TenantId tenant, Collection<byte[]> certificates) {
        Map<String, byte[]> byFingerprint = new TreeMap<>();
        for (byte[] der : certificates) {
            if (der.length > 0 && der.length <= CertificateView.MAX_DER_BYTES) {
                byFingerprint.put(CertificateView.fingerprint(der).hex(), der);
            }
        }
        Set<Fingerprint> known = new LinkedHashSet<>();
        byFingerprint.keySet().forEach(hex -> known.add(new Fingerprint(hex)));
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
                            byFingerprint.values().toArray(byte[][]::new))
                    .update();
        }
        return known;
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
