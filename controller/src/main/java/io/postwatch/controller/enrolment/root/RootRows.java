package io.postwatch.controller.enrolment.root;

import io.postwatch.controller.home.KekId;
import io.postwatch.controller.scope.Rows;
import io.postwatch.controller.secret.KeyWrapping;
import io.postwatch.controller.secret.WrappedKey;
import io.postwatch.controller.shared.Bytes;
import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.spec.PKCS8EncodedKeySpec;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/**
 * The roots in the database: those that have a key, which a key-encryption key wraps, and those that are retired. Inside a system
 * transaction of the caller.
 */
@Component
public class RootRows {
    public static final String TABLE = "certificate_authority";
    private static final byte[] WRAP_CONTEXT = "certificate-authority".getBytes(StandardCharsets.US_ASCII);

    private final JdbcClient jdbc;
    private final KeyWrapping wrapping;

    RootRows(JdbcClient jdbc, KeyWrapping wrapping) {
        this.jdbc = jdbc;
        this.wrapping = wrapping;
    }

    /** A root with its key, which a retired one has no more. */
    public record StoredRoot(PlatformRoot root, @Nullable WrappedKey key) {}

    /** The oldest first; none before the first start. */
    public List<StoredRoot> read() {
        return jdbc.sql("""
                        SELECT number, certificate, issues_from, false AS retired, wrapped_key,
                            coalesce(kek_id, (SELECT key_check FROM platform)) AS kek_id
                        FROM certificate_authority
                        UNION ALL SELECT number, certificate, issues_from, true, NULL, NULL FROM former_root
                        ORDER BY number
                        """).query(RootRows::stored).list();
    }

    /** As {@link #read}; and nobody else changes them until the transaction ends. */
    List<StoredRoot> lock() {
        jdbc.sql("SELECT number FROM certificate_authority ORDER BY number FOR UPDATE")
                .query((row, n) -> row.getLong("number"))
                .list();
        return read();
    }

    private static StoredRoot stored(ResultSet row, int number) throws SQLException {
        X509Certificate certificate = certificate(row.getBytes("certificate"));
        Instant issuesFrom = Rows.instant(row, "issues_from");
        boolean byItself = isByItself(certificate);
        byte[] key = row.getBytes("wrapped_key");
        return new StoredRoot(
                new PlatformRoot(
                        row.getLong("number"),
                        certificate,
                        // A release before, which knows one root, doesn't write it.
                        issuesFrom == null && byItself
                                ? certificate.getNotBefore().toInstant()
                                : issuesFrom,
                        row.getBoolean("retired")),
                key == null ? null : new WrappedKey(KekId.of(row.getBytes("kek_id")), Bytes.of(key)));
    }

    private static boolean isByItself(X509Certificate certificate) {
        try {
            certificate.verify(certificate.getPublicKey());
            return true;
        } catch (GeneralSecurityException byAnother) {
            return false;
        }
    }

    private static X509Certificate certificate(byte[] der) {
        try {
            return (X509Certificate)
                    CertificateFactory.getInstance("X.509").generateCertificate(new ByteArrayInputStream(der));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("A certificate of the platform's authority is unreadable", e);
        }
    }

    /** As for {@link KeyWrapping#wrap}; first in its transaction, where it locks other rows too. */
    public WrappedKey wrap(PrivateKey key) {
        return wrapping.wrap(key.getEncoded(), WRAP_CONTEXT);
    }

    /** Needs no transaction. */
    public PrivateKey unwrap(WrappedKey key) {
        try {
            return KeyFactory.getInstance("EC")
                    .generatePrivate(new PKCS8EncodedKeySpec(wrapping.unwrap(key, WRAP_CONTEXT)));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("The key of the platform's authority is unreadable", e);
        }
    }

    /** The first of a platform. Nothing where another controller was faster. */
    public void insertFirst(X509Certificate certificate, WrappedKey key, Instant now) {
        // A release before looks for its slot.
        jdbc.sql("""
                INSERT INTO certificate_authority (number, slot, certificate, wrapped_key, kek_id, created_at, issues_from)
                SELECT coalesce(max(number), 0) + 1, 'current', ?, ?, ?, ?, ?
                FROM (SELECT number FROM certificate_authority UNION ALL SELECT number FROM former_root) all_of_them
                ON CONFLICT DO NOTHING
                """)
                .params(
                        PlatformRoot.encoded(certificate),
                        key.wrapped().toArray(),
                        key.by().bytes(),
                        Timestamp.from(now),
                        Timestamp.from(now))
                .update();
    }

    void insertNext(PlatformRoot next, WrappedKey key, Instant now) {
        jdbc.sql("""
                INSERT INTO certificate_authority (number, certificate, wrapped_key, kek_id, created_at)
                VALUES (?, ?, ?, ?, ?)
                """)
                .params(
                        next.number(),
                        PlatformRoot.encoded(next.certificate()),
                        key.wrapped().toArray(),
                        key.by().bytes(),
                        Timestamp.from(now))
                .update();
    }

    void issueFrom(PlatformRoot next, Instant from) {
        jdbc.sql("UPDATE certificate_authority SET issues_from = ? WHERE number = ?")
                .params(Timestamp.from(from), next.number())
                .update();
    }

    /** Its key is gone for good; its certificate stays. */
    void retire(PlatformRoot former, Instant now) {
        jdbc.sql("""
                INSERT INTO former_root (number, certificate, issues_from, retired_at)
                SELECT number, certificate, ?, ? FROM certificate_authority WHERE number = ?
                """)
                .params(Timestamp.from(issuedFrom(former)), Timestamp.from(now), former.number())
                .update();
        jdbc.sql("DELETE FROM certificate_authority WHERE number = ?")
                .param(former.number())
                .update();
    }

    private static Instant issuedFrom(PlatformRoot former) {
        Instant from = former.issuesFrom();
        return from == null ? former.validFrom() : from;
    }

    /** See {@link io.postwatch.controller.secret.WrappedKeyStore#rewrap}. */
    public int rewrap(Set<KekId> former) {
        record Wrapped(long number, WrappedKey key) {}
        List<Wrapped> roots = jdbc.sql("""
                        SELECT number, wrapped_key, kek_id FROM certificate_authority
                        WHERE kek_id = ANY (?) AND kek_id <> (SELECT key_check FROM platform)
                        ORDER BY number FOR NO KEY UPDATE SKIP LOCKED
                        """)
                .param(former.stream().map(KekId::bytes).toArray(byte[][]::new))
                .query((row, n) -> new Wrapped(
                        row.getLong("number"),
                        new WrappedKey(KekId.of(row.getBytes("kek_id")), Bytes.of(row.getBytes("wrapped_key")))))
                .list();
        for (Wrapped root : roots) {
            WrappedKey anew = wrapping.wrap(wrapping.unwrap(root.key(), WRAP_CONTEXT), WRAP_CONTEXT);
            jdbc.sql("UPDATE certificate_authority SET wrapped_key = ?, kek_id = ? WHERE number = ?")
                    .params(anew.wrapped().toArray(), anew.by().bytes(), root.number())
                    .update();
        }
        return roots.size();
    }

    /** How many agents that may be let in trust a key, by its hash; and how many there are, under no hash. */
    List<TrustCount> trustedByAgents() {
        return jdbc.sql("""
                        SELECT t.key_hash, count(*) AS agents
                        FROM agent a CROSS JOIN LATERAL (
                            SELECT DISTINCT key_hash FROM unnest(a.trusted_roots) AS r (key_hash)
                            UNION ALL SELECT NULL) t
                        WHERE a.revoked_at IS NULL AND a.refused_at IS NULL AND a.awaiting_approval_since IS NULL
                        GROUP BY t.key_hash
                        """)
                .query((row, n) -> {
                    byte[] hash = row.getBytes("key_hash");
                    return new TrustCount(hash == null ? Bytes.EMPTY : Bytes.of(hash), row.getLong("agents"));
                })
                .list();
    }

    /** @param keyHash empty: all of them */
    record TrustCount(Bytes keyHash, long agents) {}
}
