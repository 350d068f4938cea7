package io.postwatch.controller.secret;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.postwatch.controller.database.RolePasswords;
import io.postwatch.controller.home.DataHome;
import io.postwatch.controller.home.KekId;
import io.postwatch.controller.home.KekProvider;
import io.postwatch.controller.home.TestKek;
import io.postwatch.controller.scope.DatabaseTest;
import io.postwatch.controller.scope.ScopedDatabase;
import io.postwatch.controller.shared.id.SecretId;
import io.postwatch.controller.shared.id.TenantId;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.dao.DataAccessException;

/** The key-encryption key is changed under controllers that work. */
@Timeout(120)
@DatabaseTest
class KekRotationTest {
    private static final byte[] CANARY = "canary password".getBytes(StandardCharsets.UTF_8);

    private final ScopedDatabase database;
    private final RolePasswords passwords;

    @TempDir
    private Path folder = Path.of("/");

    private Path file = Path.of("/");
    private Controller first = new Controller(Path.of("/"), TestKek.get(), new UUID(0, 0));

    KekRotationTest(ScopedDatabase database) {
        this.database = database;
        this.passwords = new RolePasswords(database.database().access());
    }

    /** One of those on the database; each has a folder of its own. */
    private record Controller(Path file, KekProvider keks, UUID id) {}

    @BeforeEach
    void beginWithTheKeyOfAllTests() {
        file = TestKek.copyTo(folder);
        first = controller(file);
    }

    @AfterEach
    void returnToTheKeyOfAllTests() {
        database.superuser().sql("DELETE FROM controller_lease").update();
        database.superuser().sql("DELETE FROM secret").update();
        database.superuser().sql("DELETE FROM data_key").update();
        database.superuser()
                .sql("UPDATE platform SET key_check = ?")
                .param(TestKek.get().current().bytes())
                .update();
    }

    @Test
    void aKeyThatIsAddedWrapsEverythingAndTheFormerOneIsNotNeededAnyMore() throws IOException {
        KekId former = first.keks().current();
        Map<SecretId, TenantId> stored = store(first, 3);
        database.superuser()
                .sql("UPDATE data_key SET kek_id = NULL WHERE tenant_id = ?")
                .param(stored.values().iterator().next().value())
                .update();
        TestKek.command(file, "add");
        first.keks().refresh();
        lease(first);

        rotation(first).step();

        KekId next = first.keks().kept().getFirst();
        assertThat(first.keks().current()).isEqualTo(next);
        assertThat(keysBy(former)).isZero();
        assertThat(keysBy(next)).isEqualTo(3);
        assertThat(count("audit_entry WHERE act = 'kek.rotated' AND subject_name = '" + next.hex() + "'"))
                .isEqualTo(1);
        TestKek.command(file, "remove", former.hex());
        Controller newKeyOnly = controller(file);
        assertThat(newKeyOnly.keks().kept()).containsExactly(next);
        assertReadable(newKeyOnly, stored);
        assertThat(Files.readString(file.resolveSibling("keys-in-use"))).contains(former.hex() + " 0");
    }

    @Test
    void nobodyUsesItUntilAllControllersHaveIt() {
        KekId former = first.keks().current();
        Path otherFile = TestKek.copyTo(newFolder("other"));
        Controller other = controller(otherFile);
        TestKek.command(file, "add");
        first.keks().refresh();
        lease(first);
        lease(other);

        rotation(first).step();
        rotation(other).step();
        store(first, 1);
        assertThat(keysBy(former)).as("by the one that both have").isEqualTo(1);

        TestKek.copy(file, otherFile);
        rotation(other).step();
        assertThat(keysBy(former)).as("until it has told that it has it").isEqualTo(1);
        lease(other);
        rotation(other).step();

        assertThat(keysBy(former)).isZero();
        rotation(first).step();
        assertThat(first.keks().current()).isEqualTo(other.keks().kept().getFirst());
    }

    @Test
    void oneThatSleptThroughTheChangeFailsButTakesNothingForDamagedUntilItHasTheKey() {
        Path otherFile = TestKek.copyTo(newFolder("other"));
        Controller asleep = controller(otherFile);
        Map<SecretId, TenantId> stored = store(first, 1);
        TestKek.command(file, "add");
        first.keks().refresh();
        lease(first);
        rotation(first).step();

        rotation(asleep).step();
        assertThatThrownBy(() -> open(asleep, stored)).isInstanceOf(DataAccessException.class);
        TenantId another = database.newTenant();
        assertThatThrownBy(() -> store(asleep, another)).isInstanceOf(DataAccessException.class);

        TestKek.copy(file, otherFile);
        rotation(asleep).step();
        assertReadable(asleep, stored);
        store(asleep, another);
    }

    @Test
    void whoeverComesNextGoesOnWhereOneWasKilled() {
        Map<SecretId, TenantId> stored = store(first, 230);
        KekId former = first.keks().current();
        TestKek.command(file, "add");
        first.keks().refresh();
        lease(first);
        List<Long> left = new ArrayList<>();
        for (int committed : new int[] {0, 1, 0}) {
            Controller restarted = controller(file);
            KilledAfter killed = new KilledAfter(SecretWorld.keys(database, restarted.keks()), committed);
            assertThatThrownBy(() -> rotation(restarted, killed).step()).hasMessage("killed");
            left.add(keysBy(former));
            assertReadable(restarted, stored);
        }
        assertThat(left).containsExactly(230L, 130L, 130L);

        Controller last = controller(file);
        rotation(last).step();

        assertThat(keysBy(former)).isZero();
        assertReadable(last, stored);
    }

    /** Another controller has changed to a key that this one took for a former one, or not yet for the one in use. */
    @Test
    void whoStoodStillWhileTheKeyChangedWrapsNothingAnewForEver() {
        store(first, 3);
        KekId inUse = first.keks().current();
        DataKeys keys = SecretWorld.keys(database, first.keks());

        assertThat(database.system().call(() -> keys.rewrap(Set.of(inUse)))).isZero();
    }

    @Test
    void thoseWhoStoreMeanwhileNeverFailAndLeaveNothingUnderTheFormerKey() throws Exception {
        KekId former = first.keks().current();
        Controller other = controller(TestKek.copyTo(newFolder("other")));
        store(first, 40);
        AtomicBoolean done = new AtomicBoolean();
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<Map<SecretId, TenantId>>> writers = new ArrayList<>();
            for (Controller writer : List.of(first, other)) {
                writers.add(threads.submit((Callable<Map<SecretId, TenantId>>) () -> {
                    Map<SecretId, TenantId> mine = new HashMap<>();
                    while (!done.get()) {
                        mine.putAll(store(writer, 1));
                        assertReadable(writer, mine);
                    }
                    return mine;
                }));
            }
            try {
                changeFiveTimes(first, other);
            } finally {
                done.set(true);
            }
            for (Future<Map<SecretId, TenantId>> writer : writers) {
                assertThat(writer.get()).isNotEmpty();
            }
        }
        rotation(first).step();

        assertThat(keysBy(former)).isZero();
        assertThat(keysBy(first.keks().current())).isEqualTo(count("data_key"));
    }

    private void changeFiveTimes(Controller one, Controller other) {
        for (int change = 0; change < 5; change++) {
            TestKek.command(one.file(), "add");
            TestKek.copy(one.file(), other.file());
            one.keks().refresh();
            other.keks().refresh();
            lease(one);
            lease(other);
            rotation(one).step();
            rotation(other).step();
        }
    }

    /** A store whose controller ends within a batch, after so many that were committed. */
    private record KilledAfter(WrappedKeyStore store, AtomicInteger left) implements WrappedKeyStore {
        KilledAfter(WrappedKeyStore store, int batches) {
            this(store, new AtomicInteger(batches));
        }

        @Override
        public String table() {
            return store.table();
        }

        @Override
        public int rewrap(Set<KekId> former) {
            int done = store.rewrap(former);
            if (left.getAndDecrement() == 0 && done > 0) {
                throw new IllegalStateException("killed");
            }
            return done;
        }
    }

    private Controller controller(Path keyFile) {
        return new Controller(keyFile, TestKek.open(keyFile), UUID.randomUUID());
    }

    private Path newFolder(String name) {
        try {
            return Files.createDirectory(folder.resolve(name));
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    private KekRotation rotation(Controller controller) {
        return rotation(controller, SecretWorld.keys(database, controller.keks()));
    }

    private KekRotation rotation(Controller controller, WrappedKeyStore store) {
        return new KekRotation(
                database.system(),
                new KekRows(database.jdbc()),
                controller.keks(),
                List.of(store),
                passwords,
                SecretWorld.audit(database),
                new DataHome(java.util.Objects.requireNonNull(controller.file().getParent())),
                InstantSource.system());
    }

    /** What a controller tells with its lease. */
    private void lease(Controller controller) {
        database.system()
                .run(() -> database.jdbc()
                        .sql("""
                        INSERT INTO controller_lease (controller_id, started_at, lease_until, kek_ids, host)
                        VALUES (?, transaction_timestamp(), transaction_timestamp() + interval '1 minute', ?, 'host')
                        ON CONFLICT (controller_id) DO UPDATE SET kek_ids = excluded.kek_ids
                        """)
                        .params(
                                controller.id(),
                                controller.keks().kept().stream()
                                        .map(KekId::bytes)
                                        .toArray(byte[][]::new))
                        .update());
    }

    private Map<SecretId, TenantId> store(Controller controller, int tenants) {
        Map<SecretId, TenantId> stored = new HashMap<>();
        for (int i = 0; i < tenants; i++) {
            TenantId tenant = database.newTenant();
            stored.put(store(controller, tenant), tenant);
        }
        return stored;
    }

    private SecretId store(Controller controller, TenantId tenant) {
        Secrets secrets = SecretWorld.secrets(database, controller.keks());
        return database.tenants().call(tenant, () -> secrets.store(tenant, CANARY));
    }

    private Map<SecretId, byte[]> open(Controller controller, Map<SecretId, TenantId> stored) {
        Secrets secrets = SecretWorld.secrets(database, controller.keks());
        return database.system().call(() -> secrets.openAll(stored));
    }

    private void assertReadable(Controller controller, Map<SecretId, TenantId> stored) {
        Map<SecretId, byte[]> opened = open(controller, stored);
        assertThat(opened).hasSameSizeAs(stored);
        assertThat(opened.values()).allMatch(secret -> java.util.Arrays.equals(secret, CANARY));
    }

    private long keysBy(KekId key) {
        return count("data_key CROSS JOIN platform WHERE coalesce(kek_id, key_check) = '\\x" + key.hex() + "'");
    }

    private long count(String rows) {
        return database.superuser()
                .sql("SELECT count(*) FROM " + rows)
                .query((row, n) -> row.getLong(1))
                .single();
    }
}
