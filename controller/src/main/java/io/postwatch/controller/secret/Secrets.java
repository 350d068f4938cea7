package io.postwatch.controller.secret;

import io.postwatch.controller.shared.id.IdSource;
import io.postwatch.controller.shared.id.SecretId;
import io.postwatch.controller.shared.id.TenantId;
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
 * Secrets of tenants, encrypted at rest: each with its tenant's data key (AES-256-GCM), which a key-encryption key
 * wraps. Every method runs inside the caller's transaction, of the tenant or of the system, and is safe for all threads.
 * A ciphertext opens for its own tenant and id only.
 */
@Component
public class Secrets {
    private static final Logger LOG = LoggerFactory.getLogger(Secrets.class);

    private final JdbcClient jdbc;
    private final DataKeys keys;
    private final IdSource ids;
    private final InstantSource clock;

    Secrets(JdbcClient jdbc, DataKeys keys, IdSource ids, InstantSource clock) {
        this.jdbc = jdbc;
        this.keys = keys;
        this.ids = ids;
        this.clock = clock;
    }

    /** Keeps a new secret. */
    public SecretId store(TenantId tenant, byte[] plaintext) {
        SecretId id = new SecretId(ids.next());
        DataKey key = keys.newest(tenant);
        jdbc.sql("""
                        INSERT INTO secret (tenant_id, secret_id, data_key_id, ciphertext, created_at, updated_at)
                        VALUES (?, ?, ?, ?, ?, ?)
                        """)
                .params(
                        tenant.value(),
                        id.value(),
                        key.id(),
                        key.encrypt(plaintext, DataKey.context(tenant.value(), id.value())),
                        now(),
                        now())
                .update();
        return id;
    }

    /** Puts another secret in the place of one; throws {@link IllegalArgumentException} where there is none. */
    public void replace(TenantId tenant, SecretId id, byte[] plaintext) {
        DataKey key = keys.newest(tenant);
        int replaced = jdbc.sql("""
                        UPDATE secret SET data_key_id = ?, ciphertext = ?, updated_at = ?
                        WHERE tenant_id = ? AND secret_id = ?
                        """)
                .params(
                        key.id(),
                        key.encrypt(plaintext, DataKey.context(tenant.value(), id.value())),
                        now(),
                        tenant.value(),
                        id.value())
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
     * read, of which the log tells. Where only this controller can't read it, since it lacks a key-encryption key, all fails. System transaction only, where more than one tenant is named.
     */
    public Map<SecretId, byte[]> openAll(Map<SecretId, TenantId> wanted) {
        Map<SecretId, byte[]> opened = new HashMap<>();
        if (wanted.isEmpty()) {
            return opened;
        }
        List<Map.Entry<SecretId, TenantId>> all = List.copyOf(wanted.entrySet());
        jdbc.sql("""
                        SELECT s.tenant_id, s.secret_id, s.ciphertext, k.data_key_id, k.wrapped,
                            coalesce(k.kek_id, p.key_check) AS kek_id, k.kek_id = ANY (p.given_up_keks) AS given_up
                        FROM unnest(?::uuid[], ?::uuid[]) AS w (tenant_id, secret_id)
                        JOIN secret s ON s.tenant_id = w.tenant_id AND s.secret_id = w.secret_id
                        JOIN data_key k ON k.tenant_id = s.tenant_id AND k.data_key_id = s.data_key_id
                        CROSS JOIN platform p
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
                                keys.open(keys.stored(row))
                                        .decrypt(row.getBytes(3), DataKey.context(tenant.value(), id.value())));
                    } catch (IllegalStateException unreadable) {
                        // One that was damaged must not keep the others back.
                        LOG.error("Secret {} of tenant {} is left out: {}", id, tenant, unreadable.getMessage());
                    }
                });
        return opened;
    }

    private OffsetDateTime now() {
        return clock.instant().atOffset(ZoneOffset.UTC);
    }
}
