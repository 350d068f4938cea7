package io.postwatch.controller.secret;

import com.google.crypto.tink.subtle.AesGcmJce;
import io.postwatch.controller.home.KekProvider;
import io.postwatch.controller.shared.id.IdSource;
import io.postwatch.controller.shared.id.SecretId;
import io.postwatch.controller.shared.id.TenantId;
import java.nio.ByteBuffer;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/**
 * Secrets of tenants, encrypted at rest: each with its tenant's data key (AES-256-GCM), which the key-encryption key
 * wraps. Every method runs inside the caller's transaction, of the tenant or of the system, and is safe for all threads.
 * A ciphertext opens for its own tenant and id only.
 */
@Component
public class Secrets {
    private static final Logger LOG = LoggerFactory.getLogger(Secrets.class);
    private static final int KEY_BYTES = 32;

    private final JdbcClient jdbc;
    private final KekProvider keks;
    private final IdSource ids;
    private final InstantSource clock;

    Secrets(JdbcClient jdbc, KekProvider keks, IdSource ids, InstantSource clock) {
        this.jdbc = jdbc;
        this.keks = keks;
        this.ids = ids;
        this.clock = clock;
    }

    /** Keeps a new secret. */
    public SecretId store(TenantId tenant, byte[] plaintext) {
        SecretId id = new SecretId(ids.next());
        DataKey key = newestKey(tenant);
        jdbc.sql("""
                        INSERT INTO secret (tenant_id, secret_id, data_key_id, ciphertext, created_at, updated_at)
                        VALUES (?, ?, ?, ?, ?, ?)
                        """)
                .params(tenant.value(), id.value(), key.id(), key.encrypt(plaintext, context(tenant, id)), now(), now())
                .update();
        return id;
    }

    /** Puts another secret in the place of one; throws {@link IllegalArgumentException} where there is none. */
    public void replace(TenantId tenant, SecretId id, byte[] plaintext) {
        DataKey key = newestKey(tenant);
        int replaced = jdbc.sql("""
                        UPDATE secret SET data_key_id = ?, ciphertext = ?, updated_at = ?
                        WHERE tenant_id = ? AND secret_id = ?
                        """)
                .params(key.id(), key.encrypt(plaintext, context(tenant, id)), now(), tenant.value(), id.value())
                .update();
        if (replaced == 0) {
            throw new IllegalArgumentException("There is no secret " + id);
        }
    }

    /** Forgets a secret; one that isn't there is forgotten already. */
    public void delete(TenantId tenant, SecretId id) {
        jdbc.sql("DELETE FROM secret WHERE tenant_id = ? AND secret_id = ?")
                .params(tenant.value(), id.value())
                .update();
    }

    /**
     * Decrypts many secrets, of any tenants, with one statement. One that isn't there is absent, as is one that can't be
     * read, of which the log tells. System transaction only, where more than one tenant is named.
     */
    public Map<SecretId, byte[]> openAll(Map<SecretId, TenantId> wanted) {
        Map<SecretId, byte[]> opened = new HashMap<>();
        if (wanted.isEmpty()) {
            return opened;
        }
        List<Map.Entry<SecretId, TenantId>> all = List.copyOf(wanted.entrySet());
        jdbc.sql("""
                        SELECT s.tenant_id, s.secret_id, s.ciphertext, k.data_key_id, k.wrapped
                        FROM unnest(?::uuid[], ?::uuid[]) AS w (tenant_id, secret_id)
                        JOIN secret s ON s.tenant_id = w.tenant_id AND s.secret_id = w.secret_id
                        JOIN data_key k ON k.tenant_id = s.tenant_id AND k.data_key_id = s.data_key_id
                        """)
                .params(
                        all.stream().map(one -> one.getValue().value()).toArray(UUID[]::new),
                        all.stream().map(one -> one.getKey().value()).toArray(UUID[]::new))
                .query(row -> {
                    TenantId tenant = new TenantId(row.getObject(1, UUID.class));
                    SecretId id = new SecretId(row.getObject(2, UUID.class));
                    try {
                        opened.put(
                                id,
                                unwrap(tenant, row.getObject(4, UUID.class), row.getBytes(5))
                                        .decrypt(row.getBytes(3), context(tenant, id)));
                    } catch (IllegalStateException unreadable) {
                        // One that was damaged must not keep the others back.
                        LOG.error("Secret {} of tenant {} is left out: {}", id, tenant, unreadable.getMessage());
                    }
                });
        return opened;
    }

    private DataKey newestKey(TenantId tenant) {
        return jdbc.sql("""
                        SELECT data_key_id, wrapped FROM data_key WHERE tenant_id = ?
                        ORDER BY data_key_id DESC LIMIT 1
                        """)
                .param(tenant.value())
                .query((row, number) -> unwrap(tenant, row.getObject(1, UUID.class), row.getBytes(2)))
                .optional()
                .orElseGet(() -> makeKey(tenant));
    }

    /** Two first secrets at once make two keys, which does no harm: each secret names its own. */
    private DataKey makeKey(TenantId tenant) {
        byte[] key = new byte[KEY_BYTES];
        new SecureRandom().nextBytes(key);
        UUID id = ids.next();
        jdbc.sql("INSERT INTO data_key (tenant_id, data_key_id, wrapped, created_at) VALUES (?, ?, ?, ?)")
                .params(tenant.value(), id, keks.wrap(key, bytes(tenant.value(), id)), now())
                .update();
        return DataKey.of(id, key);
    }

    private DataKey unwrap(TenantId tenant, UUID id, byte[] wrapped) {
        return DataKey.of(id, keks.unwrap(wrapped, bytes(tenant.value(), id)));
    }

    private static byte[] context(TenantId tenant, SecretId id) {
        return bytes(tenant.value(), id.value());
    }

    private static byte[] bytes(UUID first, UUID second) {
        return ByteBuffer.allocate(32)
                .putLong(first.getMostSignificantBits())
                .putLong(first.getLeastSignificantBits())
                .putLong(second.getMostSignificantBits())
                .putLong(second.getLeastSignificantBits())
                .array();
    }

    private OffsetDateTime now() {
        return clock.instant().atOffset(ZoneOffset.UTC);
    }

    private record DataKey(UUID id, AesGcmJce cipher) {
        static DataKey of(UUID id, byte[] key) {
            try {
                return new DataKey(id, new AesGcmJce(key));
            } catch (GeneralSecurityException e) {
                throw new IllegalStateException("This JVM has no AES-256-GCM", e);
            }
        }

        byte[] encrypt(byte[] plaintext, byte[] context) {
            try {
                return cipher.encrypt(plaintext, context);
            } catch (GeneralSecurityException e) {
                throw new IllegalStateException("A secret could not be encrypted", e);
            }
        }

        byte[] decrypt(byte[] ciphertext, byte[] context) {
            try {
                return cipher.decrypt(ciphertext, context);
            } catch (GeneralSecurityException e) {
                throw new IllegalStateException("A stored secret is not what was stored", e);
            }
        }
    }
}
