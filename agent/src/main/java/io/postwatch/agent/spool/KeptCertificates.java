package io.postwatch.agent.spool;

import io.postwatch.agent.probe.certificate.CapturedCertificate;
import io.postwatch.agent.probe.certificate.Fingerprint;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * The certificates that the controller may ask for: each once, those seen last. Works in the transaction of its caller, and
 * is used by one thread at a time.
 */
final class KeptCertificates {

    /** Within this time a certificate that is seen again costs nothing. */
    private static final Duration KNOWN = Duration.ofHours(1);

    private final SpoolStatements statements;
    private final InstantSource clock;
    private final int most;

    /** When those that are surely in the file were written there. */
    private final Map<Fingerprint, Long> known = new HashMap<>();

    KeptCertificates(SpoolStatements statements, InstantSource clock, int most) {
        this.statements = statements;
        this.clock = clock;
        this.most = most;
    }

    void keep(CapturedCertificate certificate) throws SQLException {
        long now = clock.millis();
        Long seen = known.get(certificate.fingerprint());
        if (seen != null && now - seen < KNOWN.toMillis()) {
            return;
        }
        statements.update(
                "INSERT INTO certificate (fingerprint, der, seen_at) VALUES (?, ?, ?)"
                        + " ON CONFLICT (fingerprint) DO UPDATE SET seen_at = excluded.seen_at",
                certificate.fingerprint().hex(),
                certificate.der(),
                now);
        statements.update(
                "DELETE FROM certificate WHERE fingerprint IN (SELECT fingerprint FROM certificate"
                        + " ORDER BY seen_at DESC, rowid DESC LIMIT -1 OFFSET ?)",
                most);
        if (known.size() >= most) {
            known.clear();
        }
        known.put(certificate.fingerprint(), now);
    }

    Optional<byte[]> find(Fingerprint fingerprint) throws SQLException {
        try (ResultSet rows = statements
                .with("SELECT der FROM certificate WHERE fingerprint = ?", fingerprint.hex())
                .executeQuery()) {
            return rows.next() ? Optional.of(rows.getBytes(1)) : Optional.empty();
        }
    }

    /** A transaction was rolled back: what it wrote is not in the file. */
    void forgetKnown() {
        known.clear();
    }
}
