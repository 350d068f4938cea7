package io.postwatch.controller.secret;

import io.postwatch.controller.home.KekId;
import io.postwatch.controller.shared.Bytes;
import io.postwatch.controller.shared.id.IdSource;
import io.postwatch.controller.shared.id.TenantId;
import java.security.SecureRandom;
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
import org.springframework.stereotype.Component;

/** The data keys of tenants, each wrapped by a key-encryption key. Inside the caller's transaction; safe for all threads. */
@Component
class DataKeys implements WrappedKeyStore {
    private static final Logger LOG = LoggerFactory.getLogger(DataKeys.class);
    private static final int KEY_BYTES = 32;
    private static final int BATCH = 100;

    private final JdbcClient jdbc;
    private final KeyWrapping wrapping;
    private final IdSource ids;
    private final InstantSource clock;
    private final SecureRandom random = new SecureRandom();
    /** Those that can't be unwrapped are left alone until the next start. */
    private final Set<UUID> damaged = ConcurrentHashMap.newKeySet();

    DataKeys(JdbcClient jdbc, KeyWrapping wrapping, IdSource ids, InstantSource clock) {
        this.jdbc = jdbc;
        this.wrapping = wrapping;
        this.ids = ids;
        this.clock = clock;
    }

    /** A row; {@code lost}: its key-encryption key was given up, and isn't here. */
    record Stored(TenantId tenant, UUID id, WrappedKey wrapped, boolean lost) {}

    /**
     * The key that encrypts what the tenant stores now; the first is made here. It stays until the transaction ends: a key is
     * deleted only where nobody holds it. Two firsts at once make two keys, which does no harm: each secret names its own.
     */
    DataKey newest(TenantId tenant) {
        return usable(tenant).stream().findFirst().map(this::open).orElseGet(() -> make(tenant, 0));
    }

    /** Makes the key that follows. */
    DataKey makeNext(TenantId tenant) {
        long generation = jdbc.sql("SELECT coalesce(max(generation), -1) + 1 FROM data_key WHERE tenant_id = ?")
                .param(tenant.value())
                .query(Long.class)
                .single();
        return make(tenant, generation);
    }

    /** Newest first. */
    private List<Stored> usable(TenantId tenant) {
        return jdbc.sql("""
                        SELECT k.tenant_id, k.data_key_id, k.wrapped, coalesce(k.kek_id, p.key_check) AS kek_id,
                            k.kek_id = ANY (p.given_up_keks) AS given_up
                        FROM data_key k CROSS JOIN platform p WHERE k.tenant_id = ?
                        ORDER BY k.generation DESC, k.data_key_id DESC FOR KEY SHARE OF k
                        """).param(tenant.value()).query((row, n) -> stored(row)).list().stream()
                .filter(key -> !key.lost())
                .toList();
    }

    /** Of a row with the columns {@code tenant_id}, {@code data_key_id}, {@code wrapped}, {@code kek_id}, {@code given_up}. */
    Stored stored(ResultSet row) throws SQLException {
        KekId by = KekId.of(row.getBytes("kek_id"));
        return new Stored(
                new TenantId(row.getObject("tenant_id", UUID.class)),
                row.getObject("data_key_id", UUID.class),
                new WrappedKey(by, Bytes.of(row.getBytes("wrapped"))),
                row.getBoolean("given_up") && !wrapping.holds(by));
    }

    private DataKey make(TenantId tenant, long generation) {
        byte[] key = new byte[KEY_BYTES];
        random.nextBytes(key);
        UUID id = ids.next();
        WrappedKey wrapped = wrapping.wrap(key, DataKey.context(tenant.value(), id));
        jdbc.sql("""
                        INSERT INTO data_key (tenant_id, data_key_id, wrapped, kek_id, generation, created_at)
                        VALUES (?, ?, ?, ?, ?, ?)
                        """)
                .params(
                        tenant.value(),
                        id,
                        wrapped.wrapped().toArray(),
                        wrapped.by().bytes(),
                        generation,
                        clock.instant().atOffset(ZoneOffset.UTC))
                .update();
        return DataKey.of(id, key);
    }

    /** Throws {@link IllegalStateException} for one that was damaged. */
    DataKey open(Stored key) {
        if (key.lost()) {
            throw new IllegalStateException(
                    "Its key-encryption key " + key.wrapped().by() + " was given up");
        }
        return DataKey.of(key.id(), wrapping.unwrap(key.wrapped(), context(key)));
    }

    private static byte[] context(Stored key) {
        return DataKey.context(key.tenant().value(), key.id());
    }

    @Override
    public String table() {
        return "data_key";
    }

    /** Locks no more than writers of secrets can bear: they go on meanwhile. */
    @Override
    public int rewrap(Set<KekId> former) {
        List<Stored> batch = jdbc.sql("""
                        SELECT tenant_id, data_key_id, wrapped, kek_id, false AS given_up FROM data_key
                        WHERE kek_id = ANY (?) AND kek_id <> (SELECT key_check FROM platform)
                            AND NOT data_key_id = ANY (?)
                        ORDER BY tenant_id, data_key_id LIMIT ? FOR NO KEY UPDATE SKIP LOCKED
                        """)
                .params(former.stream().map(KekId::bytes).toArray(byte[][]::new), damaged.toArray(UUID[]::new), BATCH)
                .query((row, n) -> stored(row))
                .list();
        batch.forEach(this::rewrap);
        return batch.size();
    }

    private void rewrap(Stored key) {
        byte[] plain;
        try {
            plain = wrapping.unwrap(key.wrapped(), context(key));
        } catch (IllegalStateException e) {
            damaged.add(key.id());
            LOG.error(
                    "The data key {} of tenant {} can't be unwrapped and stays as it is: {}",
                    key.id(),
                    key.tenant(),
                    e.getMessage());
            return;
        }
        WrappedKey anew = wrapping.wrap(plain, context(key));
        jdbc.sql("UPDATE data_key SET wrapped = ?, kek_id = ? WHERE tenant_id = ? AND data_key_id = ?")
                .params(
                        anew.wrapped().toArray(),
                        anew.by().bytes(),
                        key.tenant().value(),
                        key.id())
                .update();
    }
}
