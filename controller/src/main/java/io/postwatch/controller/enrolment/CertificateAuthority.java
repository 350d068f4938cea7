package io.postwatch.controller.enrolment;

import io.postwatch.controller.enrolment.CertificateForge.Root;
import io.postwatch.controller.home.KekId;
import io.postwatch.controller.scope.SystemTransactions;
import io.postwatch.controller.secret.KeyWrapping;
import io.postwatch.controller.secret.WrappedKey;
import io.postwatch.controller.secret.WrappedKeyStore;
import io.postwatch.controller.shared.Bytes;
import io.postwatch.controller.shared.Digests;
import io.postwatch.controller.shared.id.AgentId;
import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyPair;
import java.security.PublicKey;
import java.security.SecureRandom;
import java.security.cert.CertificateEncodingException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.spec.PKCS8EncodedKeySpec;
import java.sql.Timestamp;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/**
 * The platform's own certificate authority: it says who is an agent and who is a controller. Made by the first controller
 * that needs it; its key lies in the database, wrapped by a key-encryption key, so that every controller signs alike.
 * Safe for all threads.
 */
@Component
public class CertificateAuthority implements WrappedKeyStore {
    private static final byte[] WRAP_CONTEXT = "certificate-authority".getBytes(StandardCharsets.US_ASCII);

    private final SystemTransactions transactions;
    private final JdbcClient jdbc;
    private final KeyWrapping wrapping;
    private final InstantSource clock;
    private final CertificateForge forge = new CertificateForge(new SecureRandom());
    private volatile @Nullable Root loaded;

    CertificateAuthority(SystemTransactions transactions, JdbcClient jdbc, KeyWrapping wrapping, InstantSource clock) {
        this.transactions = transactions;
        this.jdbc = jdbc;
        this.wrapping = wrapping;
        this.clock = clock;
    }

    /** What agents are to trust a controller by, and controllers an agent. */
    public List<X509Certificate> roots() {
        return List.of(root().certificate());
    }

    /** SHA-256 of the root's SubjectPublicKeyInfo, which enrolment tokens carry. */
    byte[] keyHash() {
        return Digests.sha256(root().certificate().getPublicKey().getEncoded());
    }

    /** Leaf first, without the root. */
    X509Certificate signAgent(AgentId agent, PublicKey key, Duration lifetime) {
        return forge.signAgent(root(), agent, key, clock.instant(), lifetime);
    }

    /** A new key and a certificate for it, with the root, by whose hash an agent that enrols knows the platform. */
    ServerIdentity signController(List<String> dnsNames, Duration lifetime) {
        KeyPair keys = forge.makeKeys();
        Root root = root();
        X509Certificate leaf = forge.signController(root, dnsNames, keys.getPublic(), clock.instant(), lifetime);
        return new ServerIdentity(keys.getPrivate(), List.of(leaf, root.certificate()));
    }

    private Root root() {
        Root known = loaded;
        if (known == null) {
            known = find().orElseGet(this::make);
            loaded = known;
        }
        return known;
    }

    private Root make() {
        Instant now = clock.instant();
        KeyPair keys = forge.makeKeys();
        X509Certificate certificate = forge.signRoot(keys, now);
        // Where two controllers start at once, one row wins and both use it.
        transactions.run(() -> {
            WrappedKey wrapped = wrapping.wrap(keys.getPrivate().getEncoded(), WRAP_CONTEXT);
            jdbc.sql("""
                    INSERT INTO certificate_authority (slot, certificate, wrapped_key, kek_id, created_at)
                    VALUES ('current', ?, ?, ?, ?) ON CONFLICT (slot) DO NOTHING
                    """)
                    .params(
                            encoded(certificate),
                            wrapped.wrapped().toArray(),
                            wrapped.by().bytes(),
                            Timestamp.from(now))
                    .update();
        });
        return find().orElseThrow();
    }

    private Optional<Root> find() {
        return transactions.call(() -> jdbc.sql("""
                        SELECT a.certificate, a.wrapped_key, coalesce(a.kek_id, p.key_check) AS kek_id
                        FROM certificate_authority a CROSS JOIN platform p WHERE a.slot = 'current'
                        """)
                .query((row, n) -> root(
                        row.getBytes("certificate"),
                        new WrappedKey(KekId.of(row.getBytes("kek_id")), Bytes.of(row.getBytes("wrapped_key")))))
                .optional());
    }

    private Root root(byte[] certificate, WrappedKey wrappedKey) {
        try {
            return new Root(
                    KeyFactory.getInstance("EC")
                            .generatePrivate(new PKCS8EncodedKeySpec(wrapping.unwrap(wrappedKey, WRAP_CONTEXT))),
                    (X509Certificate) CertificateFactory.getInstance("X.509")
                            .generateCertificate(new ByteArrayInputStream(certificate)));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("The platform's certificate authority is unreadable", e);
        }
    }

    @Override
    public String table() {
        return "certificate_authority";
    }

    @Override
    public int rewrap(Set<KekId> former) {
        record Slot(String name, WrappedKey key) {}
        List<Slot> slots = jdbc.sql("""
                        SELECT slot, wrapped_key, kek_id FROM certificate_authority
                        WHERE kek_id = ANY (?) AND kek_id <> (SELECT key_check FROM platform)
                        ORDER BY slot FOR NO KEY UPDATE SKIP LOCKED
                        """)
                .param(former.stream().map(KekId::bytes).toArray(byte[][]::new))
                .query((row, n) -> new Slot(
                        row.getString("slot"),
                        new WrappedKey(KekId.of(row.getBytes("kek_id")), Bytes.of(row.getBytes("wrapped_key")))))
                .list();
        for (Slot slot : slots) {
            WrappedKey anew = wrapping.wrap(wrapping.unwrap(slot.key(), WRAP_CONTEXT), WRAP_CONTEXT);
            jdbc.sql("UPDATE certificate_authority SET wrapped_key = ?, kek_id = ? WHERE slot = ?")
                    .params(anew.wrapped().toArray(), anew.by().bytes(), slot.name())
                    .update();
        }
        return slots.size();
    }

    static byte[] encoded(X509Certificate certificate) {
        try {
            return certificate.getEncoded();
        } catch (CertificateEncodingException e) {
            throw new IllegalStateException(e);
        }
    }
}
