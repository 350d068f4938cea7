package io.postwatch.controller.secret;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.postwatch.controller.home.TestKek;
import io.postwatch.controller.scope.DatabaseTest;
import io.postwatch.controller.scope.ScopedDatabase;
import io.postwatch.controller.shared.id.IdSource;
import io.postwatch.controller.shared.id.SecretId;
import io.postwatch.controller.shared.id.TenantId;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A tenant's data key is changed under those who store and read. */
@Timeout(120)
@DatabaseTest
class DataKeyRotationTest {
    private static final Duration YEAR = Duration.ofDays(365);

    private final ScopedDatabase database;
    private final Secrets secrets;
    private final DataKeys keys;
    private final DataKeyStatus status;
    private Instant now = Instant.parse("2026-11-23T00:00:00Z");

    DataKeyRotationTest(ScopedDatabase database) {
        this.database = database;
        InstantSource clock = () -> now;
        this.keys = new DataKeys(
                database.jdbc(), SecretWorld.wrapping(database, TestKek.get()), IdSource.secure(clock), clock);
        this.secrets = new Secrets(database.jdbc(), keys, IdSource.secure(clock), clock);
        this.status = new DataKeyStatus(database.jdbc(), keys, new SecretProperties(YEAR));
    }

    @Test
    void secretsGoOverToTheNewKeyAndTheFormerOneIsDeleted() {
        TenantId tenant = database.newTenant();
        TenantId other = database.newTenant();
        Map<SecretId, String> stored = store(tenant, 120);
        Map<SecretId, String> storedByOther = store(other, 1);
        String before = key(tenant);
        String ofOther = key(other);

        begin(tenant);
        assertThat(status(tenant)).satisfies(begun -> {
            assertThat(begun.rotating()).isTrue();
            assertThat(begun.secretsLeft()).isEqualTo(120);
        });
        rotation().look();

        assertThat(status(tenant)).isEqualTo(new DataKeyView(now, now.plus(YEAR), false, 0, 0));
        assertThat(key(tenant)).isNotEqualTo(before);
        assertThat(key(other)).isEqualTo(ofOther);
        assertReadable(tenant, stored);
        assertReadable(other, storedByOther);
    }

    @Test
    void whoeverComesNextGoesOnWhereOneWasKilled() {
        TenantId tenant = database.newTenant();
        Map<SecretId, String> stored = store(tenant, 120);
        begin(tenant);
        DataKeyRotation rotation = rotation();
        List<Long> left = new ArrayList<>();
        for (int step = 0; step < 3; step++) {
            assertThatThrownBy(() -> database.system().run(() -> {
                        rotation.encryptAnew(tenant);
                        throw new IllegalStateException("killed");
                    }))
                    .hasMessage("killed");
            assertReadable(tenant, stored);
            database.system().call(() -> rotation().encryptAnew(tenant));
            assertReadable(tenant, stored);
            left.add(status(tenant).secretsLeft());
        }
        assertThat(left).containsExactly(70L, 20L, 0L);
        assertThatThrownBy(() -> database.system().run(() -> {
                    rotation.deleteUnused(tenant);
                    throw new IllegalStateException("killed");
                }))
                .hasMessage("killed");
        assertThat(status(tenant).rotating()).isTrue();

        rotation().look();

        assertThat(status(tenant).rotating()).isFalse();
        assertReadable(tenant, stored);
    }

    @Test
    void aKeyThatSomebodyIsAboutToUseIsNotDeleted() {
        TenantId tenant = database.newTenant();
        store(tenant, 1);
        SecretId[] late = new SecretId[1];
        database.tenants().run(tenant, () -> {
            DataKey held = keys.newest(tenant);
            others(() -> {
                begin(tenant);
                rotation().look();
            });
            assertThat(held.id()).isNotNull();
            // Whoever asked for the key before the change still has it.
            late[0] = new SecretId(insertUnder(held, tenant));
        });
        assertThat(status(tenant).secretsLeft()).isEqualTo(1);

        rotation().look();

        assertThat(status(tenant).rotating()).isFalse();
        assertReadable(tenant, Map.of(late[0], "late"));
    }

    @Test
    void thoseWhoStoreReplaceDeleteAndReadMeanwhileNeverFail() throws Exception {
        TenantId tenant = database.newTenant();
        store(tenant, 60);
        AtomicBoolean done = new AtomicBoolean();
        Map<SecretId, String> expected = new HashMap<>();
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<Map<SecretId, String>>> editors = new ArrayList<>();
            for (int editor = 0; editor < 3; editor++) {
                int seed = editor;
                editors.add(
                        threads.submit((Callable<Map<SecretId, String>>) () -> edit(tenant, new Random(seed), done)));
            }
            for (int round = 0; round < 12; round++) {
                begin(tenant);
                rotation().look();
            }
            done.set(true);
            for (Future<Map<SecretId, String>> editor : editors) {
                expected.putAll(editor.get());
            }
        }
        rotation().look();

        assertThat(expected).isNotEmpty();
        assertReadable(tenant, expected);
        assertThat(status(tenant).rotating()).isFalse();
    }

    private Map<SecretId, String> edit(TenantId tenant, Random random, AtomicBoolean done) {
        Map<SecretId, String> mine = new HashMap<>();
        int edits = 0;
        while (!done.get() || edits < 10) {
            edits++;
            String text = "secret " + random.nextInt();
            List<SecretId> all = List.copyOf(mine.keySet());
            if (all.size() < 5) {
                mine.put(store(tenant, text), text);
            } else if (random.nextBoolean()) {
                SecretId chosen = all.get(random.nextInt(all.size()));
                database.tenants().run(tenant, () -> secrets.replace(tenant, chosen, bytes(text)));
                mine.put(chosen, text);
            } else {
                SecretId chosen = all.get(random.nextInt(all.size()));
                database.tenants().run(tenant, () -> secrets.delete(tenant, chosen));
                mine.remove(chosen);
            }
            assertReadable(tenant, mine);
        }
        return mine;
    }

    @Test
    void anOldKeyIsReplacedByItself() {
        TenantId tenant = database.newTenant();
        Map<SecretId, String> stored = store(tenant, 1);
        String before = key(tenant);
        rotation().look();
        assertThat(key(tenant)).isEqualTo(before);

        now = now.plus(YEAR).plusSeconds(1);
        rotation().look();

        assertThat(key(tenant)).isNotEqualTo(before);
        assertReadable(tenant, stored);
        assertThat(status(tenant).createdAt()).isEqualTo(now);
    }

    @Test
    void aControllerWhoseClockIsBehindChangesTheKeyAllTheSame() {
        TenantId tenant = database.newTenant();
        store(tenant, 1);
        String before = key(tenant);
        now = now.minus(Duration.ofDays(3));

        begin(tenant);
        rotation().look();

        assertThat(key(tenant)).isNotEqualTo(before);
    }

    @Test
    void whatIsUnderALostKeyIsLeftOutAndCountedAndNewSecretsAreStored() {
        TenantId tenant = database.newTenant();
        Map<SecretId, String> lost = store(tenant, 2);
        database.superuser()
                .sql("UPDATE data_key SET kek_id = '\\xffffffffffffffffffffffffffffffff' WHERE tenant_id = ?")
                .param(tenant.value())
                .update();
        database.superuser()
                .sql("UPDATE platform SET given_up_keks = ARRAY['\\xffffffffffffffffffffffffffffffff'::bytea]")
                .update();

        Map<SecretId, String> stored = store(tenant, 1);
        rotation().look();

        assertReadable(tenant, stored);
        assertThat(open(tenant, lost)).isEmpty();
        assertThat(status(tenant)).satisfies(told -> {
            assertThat(told.rotating()).isFalse();
            assertThat(told.secretsLost()).isEqualTo(2);
        });
        lost.keySet().forEach(id -> database.tenants().run(tenant, () -> secrets.delete(tenant, id)));
        rotation().look();
        assertThat(status(tenant).secretsLost()).isZero();
    }

    @Test
    void aTenantWithoutSecretsHasNoKeyYet() {
        assertThat(status(database.newTenant())).isEqualTo(new DataKeyView(null, null, false, 0, 0));
    }

    private DataKeyRotation rotation() {
        return new DataKeyRotation(
                database.system(),
                database.jdbc(),
                keys,
                new SecretProperties(YEAR),
                SecretWorld.audit(database),
                () -> now);
    }

    private void begin(TenantId tenant) {
        database.tenants().run(tenant, () -> keys.makeNext(tenant));
    }

    private DataKeyView status(TenantId tenant) {
        return database.tenants().call(tenant, () -> status.of(tenant));
    }

    private Map<SecretId, String> store(TenantId tenant, int count) {
        Map<SecretId, String> stored = new HashMap<>();
        for (int i = 0; i < count; i++) {
            stored.put(store(tenant, "secret " + i), "secret " + i);
        }
        return stored;
    }

    private SecretId store(TenantId tenant, String text) {
        return database.tenants().call(tenant, () -> secrets.store(tenant, bytes(text)));
    }

    /** On another connection, while the caller's transaction runs. */
    private static void others(Runnable work) {
        Thread thread = Thread.ofVirtual().start(work);
        try {
            thread.join();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private java.util.UUID insertUnder(DataKey key, TenantId tenant) {
        java.util.UUID id = java.util.UUID.randomUUID();
        database.jdbc()
                .sql("""
                        INSERT INTO secret (tenant_id, secret_id, data_key_id, ciphertext, created_at, updated_at)
                        VALUES (?, ?, ?, ?, now(), now())
                        """)
                .params(tenant.value(), id, key.id(), key.encrypt(bytes("late"), DataKey.context(tenant.value(), id)))
                .update();
        return id;
    }

    /** Which keys the tenant has. */
    private String key(TenantId tenant) {
        return database.superuser()
                .sql("SELECT string_agg(data_key_id::text, ' ' ORDER BY data_key_id) FROM data_key WHERE tenant_id = ?")
                .param(tenant.value())
                .query(String.class)
                .single();
    }

    private Map<SecretId, String> open(TenantId tenant, Map<SecretId, String> stored) {
        Map<SecretId, TenantId> wanted = stored.keySet().stream().collect(Collectors.toMap(id -> id, id -> tenant));
        Map<SecretId, String> opened = new HashMap<>();
        database.tenants()
                .run(
                        tenant,
                        () -> secrets.openAll(wanted)
                                .forEach((id, bytes) -> opened.put(id, new String(bytes, StandardCharsets.UTF_8))));
        return opened;
    }

    private void assertReadable(TenantId tenant, Map<SecretId, String> stored) {
        assertThat(open(tenant, stored)).isEqualTo(stored);
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
