package io.postwatch.controller.secret;

import io.postwatch.controller.audit.Act;
import io.postwatch.controller.audit.Actor;
import io.postwatch.controller.audit.Audit;
import io.postwatch.controller.audit.AuditEntry;
import io.postwatch.controller.scope.SystemTransactions;
import io.postwatch.controller.shared.Bytes;
import io.postwatch.controller.shared.id.TenantId;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.scheduling.annotation.Scheduled;
import org.springframework.stereotype.Component;

/**
 * Changes tenants to their newest data key while everything runs. That there are two keys is all that has to be known: the
 * secrets of the older one are encrypted anew, a few at a time, and a key that nothing uses any more is deleted. Each step is
 * a transaction of its own, so whoever comes next goes on where one was killed. One thread at a time; any number of
 * controllers at once.
 */
@Component
class DataKeyRotation {
    private static final Logger LOG = LoggerFactory.getLogger(DataKeyRotation.class);
    private static final int BATCH = 50;

    private final SystemTransactions transactions;
    private final JdbcClient jdbc;
    private final DataKeys keys;
    private final SecretProperties properties;
    private final Audit audit;
    private final InstantSource clock;
    /** Those that can't be read are left alone until the next start. */
    private final Set<UUID> unreadable = ConcurrentHashMap.newKeySet();

    DataKeyRotation(
            SystemTransactions transactions,
            JdbcClient jdbc,
            DataKeys keys,
            SecretProperties properties,
            Audit audit,
            InstantSource clock) {
        this.transactions = transactions;
        this.jdbc = jdbc;
        this.keys = keys;
        this.properties = properties;
        this.audit = audit;
        this.clock = clock;
    }

    private record Encrypted(UUID id, Bytes ciphertext, DataKeys.Stored key) {}

    /** By one thread. */
    @Scheduled(fixedDelayString = "PT5S")
    void look() {
        try {
            replaceOld();
            transactions.call(this::rotating).forEach(this::rotate);
        } catch (RuntimeException e) {
            LOG.warn("Data keys could not be looked after; the next look comes in seconds", e);
        }
    }

    /** Two controllers at once make two keys, of which one is deleted again. */
    private void replaceOld() {
        List<TenantId> due = transactions.call(
                () -> jdbc.sql("SELECT tenant_id FROM data_key GROUP BY tenant_id HAVING max(created_at) < ?")
                        .param(clock.instant().minus(properties.dataKeyAge()).atOffset(ZoneOffset.UTC))
                        .query((row, n) -> new TenantId(row.getObject(1, UUID.class)))
                        .list());
        for (TenantId tenant : due) {
            DataKey made = transactions.call(() -> {
                DataKey next = keys.makeNext(tenant);
                audit.record(AuditEntry.by(
                        Actor.SYSTEM,
                        tenant,
                        Act.DATA_KEY_ROTATION_BEGUN,
                        next.id(),
                        next.id().toString()));
                return next;
            });
            LOG.info("The data key of tenant {} has reached its age; its new one is {}", tenant, made.id());
        }
    }

    private List<TenantId> rotating() {
        return jdbc.sql("SELECT tenant_id FROM data_key GROUP BY tenant_id HAVING count(*) > 1 ORDER BY tenant_id")
                .query((row, n) -> new TenantId(row.getObject(1, UUID.class)))
                .list();
    }

    private void rotate(TenantId tenant) {
        try {
            long done = 0;
            int batch = transactions.call(() -> encryptAnew(tenant));
            while (batch > 0) {
                done += batch;
                batch = transactions.call(() -> encryptAnew(tenant));
            }
            int deleted = transactions.call(() -> deleteUnused(tenant));
            if (done > 0 || deleted > 0) {
                LOG.info(
                        "Encrypted {} secrets of tenant {} anew and deleted {} former data keys",
                        done,
                        tenant,
                        deleted);
            }
        } catch (RuntimeException e) {
            // One tenant must not keep the others back.
            LOG.warn("The data key of tenant {} could not be rotated; tried again in seconds", tenant, e);
        }
    }

    /** A small number of secrets; who edits or deletes one at this moment is not waited for. */
    int encryptAnew(TenantId tenant) {
        DataKey newest = keys.newest(tenant);
        List<Encrypted> batch = jdbc.sql("""
                        SELECT s.secret_id, s.ciphertext, k.tenant_id, k.data_key_id, k.wrapped,
                            coalesce(k.kek_id, p.key_check) AS kek_id, k.kek_id = ANY (p.given_up_keks) AS given_up
                        FROM secret s
                        JOIN data_key k ON k.tenant_id = s.tenant_id AND k.data_key_id = s.data_key_id
                        CROSS JOIN platform p
                        WHERE s.tenant_id = ? AND s.data_key_id <> ? AND NOT s.secret_id = ANY (?)
                        ORDER BY s.secret_id LIMIT ? FOR UPDATE OF s SKIP LOCKED
                        """)
                .params(tenant.value(), newest.id(), unreadable.toArray(UUID[]::new), BATCH)
                .query((row, n) -> encrypted(row))
                .list();
        batch.forEach(secret -> encryptAnew(tenant, secret, newest));
        return batch.size();
    }

    private Encrypted encrypted(ResultSet row) throws SQLException {
        return new Encrypted(
                row.getObject("secret_id", UUID.class), Bytes.of(row.getBytes("ciphertext")), keys.stored(row));
    }

    private void encryptAnew(TenantId tenant, Encrypted secret, DataKey newest) {
        byte[] context = DataKey.context(tenant.value(), secret.id());
        byte[] plain;
        try {
            plain = keys.open(secret.key()).decrypt(secret.ciphertext().toArray(), context);
        } catch (IllegalStateException e) {
            unreadable.add(secret.id());
            LOG.warn(
                    "Secret {} of tenant {} can't be read and stays as it is: {}", secret.id(), tenant, e.getMessage());
            return;
        }
        jdbc.sql("UPDATE secret SET data_key_id = ?, ciphertext = ? WHERE tenant_id = ? AND secret_id = ?")
                .params(newest.id(), newest.encrypt(plain, context), tenant.value(), secret.id())
                .update();
    }

    /** A key that somebody is just about to use is locked by them, and left for the next time. */
    int deleteUnused(TenantId tenant) {
        UUID newest = keys.newest(tenant).id();
        List<UUID> former = jdbc.sql("""
                        SELECT data_key_id FROM data_key WHERE tenant_id = ? AND data_key_id <> ?
                        ORDER BY data_key_id FOR UPDATE SKIP LOCKED
                        """)
                .params(tenant.value(), newest)
                .query((row, n) -> row.getObject(1, UUID.class))
                .list();
        // A statement of its own: it sees what was committed before the locks were had.
        int deleted = jdbc.sql("""
                        DELETE FROM data_key k WHERE k.tenant_id = ? AND k.data_key_id = ANY (?) AND NOT EXISTS (
                            SELECT 1 FROM secret s WHERE s.tenant_id = k.tenant_id AND s.data_key_id = k.data_key_id)
                        """)
                .params(tenant.value(), former.toArray(UUID[]::new))
                .update();
        if (deleted > 0) {
            audit.record(AuditEntry.by(Actor.SYSTEM, tenant, Act.DATA_KEY_ROTATED, newest, newest.toString()));
        }
        return deleted;
    }
}
