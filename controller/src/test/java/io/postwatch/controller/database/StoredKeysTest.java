package io.postwatch.controller.database;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.postwatch.controller.audit.Act;
import io.postwatch.controller.home.KekId;
import io.postwatch.controller.home.KekProvider;
import io.postwatch.controller.home.StartupRefused;
import io.postwatch.controller.home.TestKek;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.Locale;
import java.util.Properties;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInfo;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.datasource.DriverManagerDataSource;

/** Starts with all keys, with too few and without, each on a database and with run-time roles of its own. */
class StoredKeysTest {
    private static final String PLATFORM_TENANT = "00000000-0000-7000-8000-000000000000";

    private final DatabaseLogin owner = TestDatabase.createEmpty().owner();
    private String prefix = "";

    @TempDir
    private Path folder = Path.of("/");

    private Path file = Path.of("/");

    @BeforeEach
    void beginWithOneKey(TestInfo test) {
        prefix = "keys_" + Integer.toHexString(test.getDisplayName().hashCode());
        file = folder.resolve("key-encryption-key");
        start(TestKek.open(file), null);
    }

    @Test
    void aControllerWithoutTheKeyInUseIsRefusedAndHearsWhichOneItNeeds() {
        Path old = TestKek.copy(file, folder.resolve("old"));
        TestKek.command(file, "add");
        KekProvider both = TestKek.open(file);
        change(both.kept().getFirst());

        start(both, null);

        assertThat(both.current()).isEqualTo(both.kept().getFirst());
        assertThatThrownBy(() -> start(TestKek.open(old), null))
                .isInstanceOf(StartupRefused.class)
                .hasMessageContaining("another key-encryption key")
                .hasMessageContaining(both.kept().getFirst().hex() + " is missing");
    }

    @Test
    void aFormerKeyThatStillWrapsSomethingIsNeeded() throws java.io.IOException {
        KekId former = TestKek.open(file).current();
        addDataKey(former);
        TestKek.command(file, "add");
        change(TestKek.open(file).kept().getFirst());
        Path newOnly = java.nio.file.Files.writeString(
                TestKek.copy(file, folder.resolve("new")),
                java.nio.file.Files.readAllLines(file).getFirst());

        assertThatThrownBy(() -> start(TestKek.open(newOnly), null))
                .isInstanceOf(StartupRefused.class)
                .hasMessageContaining(former.hex() + " is missing");
        sql("DELETE FROM data_key");
        start(TestKek.open(newOnly), null);
    }

    @Test
    void whatALostKeyWrapsIsGivenUpOnlyIfItIsNamed() {
        KekId lost = TestKek.open(file).current();
        addDataKey(null);
        sql("INSERT INTO certificate_authority (slot, certificate, wrapped_key, created_at)"
                + " VALUES ('current', '\\x01', '\\x02', '2026-11-22T00:00:00Z')");
        KekProvider fresh = TestKek.open(folder.resolve("fresh"));

        assertThatThrownBy(() -> start(fresh, null))
                .isInstanceOfSatisfying(
                        StartupRefused.class,
                        refused -> assertThat(refused.remedy()).contains("POSTWATCH_GIVE_UP_KEY=" + lost.hex()));
        assertThatThrownBy(() -> start(fresh, fresh.current().hex())).isInstanceOf(StartupRefused.class);
        DatabaseAccess access = start(fresh, lost.hex().toUpperCase(Locale.ROOT));

        assertThat(count("certificate_authority")).as("a new one is made").isZero();
        assertThat(count("audit_entry WHERE act = '" + Act.KEK_GIVEN_UP.code() + "' AND subject_name = '" + lost.hex()
                        + "' AND detail_names = '{authority}'"))
                .as("on record")
                .isEqualTo(1);
        assertThat(count("data_key WHERE kek_id = '\\x" + lost.hex() + "'"))
                .as("the key may be found after all")
                .isEqualTo(1);
        TestDatabase.execute(access.app(), "SELECT 1");
        start(fresh, null);
        start(fresh, lost.hex());
        assertThat(count("audit_entry")).as("once").isEqualTo(1);
        assertThat(count("platform WHERE cardinality(given_up_keks) = 1")).isEqualTo(1);
        assertThatThrownBy(() -> start(TestKek.open(file), null))
                .as("there is no way back")
                .isInstanceOf(StartupRefused.class);
    }

    @Test
    void aKeyThatARunningControllerHasIsNotGivenUp() {
        KekId lost = TestKek.open(file).current();
        sql("INSERT INTO controller_lease (controller_id, started_at, lease_until)" + " VALUES ('" + PLATFORM_TENANT
                + "', now(), now() + interval '1 minute')");

        assertThatThrownBy(() -> start(TestKek.open(folder.resolve("fresh")), lost.hex()))
                .isInstanceOf(StartupRefused.class)
                .hasMessageContaining("Another controller runs");
    }

    /** It is not the one in use, and still wraps something that the other controller reads. */
    @Test
    void aFormerKeyThatARunningControllerHasIsNotGivenUpEither() throws java.io.IOException {
        KekId former = TestKek.open(file).current();
        addDataKey(former);
        TestKek.command(file, "add");
        change(TestKek.open(file).kept().getFirst());
        KekProvider newOnly = TestKek.open(java.nio.file.Files.writeString(
                TestKek.copy(file, folder.resolve("new")),
                java.nio.file.Files.readAllLines(file).getFirst()));
        sql("INSERT INTO controller_lease (controller_id, started_at, lease_until) VALUES ('" + PLATFORM_TENANT
                + "', now(), now() + interval '1 minute')");

        assertThatThrownBy(() -> start(newOnly, former.hex()))
                .isInstanceOf(StartupRefused.class)
                .hasMessageContaining("Another controller runs");
        assertThat(count("platform WHERE cardinality(given_up_keks) = 0")).isEqualTo(1);

        sql("DELETE FROM controller_lease");
        start(newOnly, former.hex());
        assertThat(count("platform WHERE cardinality(given_up_keks) = 1")).isEqualTo(1);
        assertThat(count("audit_entry WHERE act = '" + Act.KEK_GIVEN_UP.code() + "' AND detail_names = '{}'"))
                .isEqualTo(1);
    }

    @Test
    void whatIsNoIdIsNotTakenForOne() {
        assertThatThrownBy(() -> start(TestKek.open(file), "all"))
                .isInstanceOf(StartupRefused.class)
                .hasMessageContaining("POSTWATCH_GIVE_UP_KEY");
    }

    @Test
    void thePasswordsOfTheRolesFollowTheKeyAndNobodyIsLockedOut() throws SQLException {
        KekProvider running = TestKek.open(file);
        DatabaseAccess access = start(running, null);
        TestKek.command(file, "add");
        running.refresh();
        running.adopt(running.kept().getFirst());
        change(running.current());
        access.app().connect(new Properties()).close();

        new RolePasswords(access).follow();
        new RolePasswords(access).follow();

        assertThatThrownBy(() -> TestDatabase.execute(access.app(), "SELECT 1"))
                .as("by the password that follows from the former key")
                .hasMessageContaining("password authentication failed");
        access.app().connect(new Properties()).close();
        access.system().connect(new Properties()).close();
        DatabaseAccess another = start(TestKek.open(file), null);
        TestDatabase.execute(another.system(), "SELECT 1");
    }

    private DatabaseAccess start(KekProvider keks, @Nullable String giveUp) {
        DatabaseProperties.RoleLogin derived = new DatabaseProperties.RoleLogin(null, null, null);
        DatabaseProperties properties = new DatabaseProperties(
                owner.url(), owner.username(), owner.password(), null, prefix, 2, giveUp, derived, derived);
        return new DatabasePreparation(properties, keks).prepare(owner);
    }

    private void change(KekId key) {
        sql("UPDATE platform SET key_check = '\\x" + key.hex() + "'");
    }

    private void addDataKey(@Nullable KekId by) {
        sql("INSERT INTO data_key (tenant_id, data_key_id, wrapped, kek_id, created_at) VALUES ('" + PLATFORM_TENANT
                + "', '" + PLATFORM_TENANT + "', '\\x01', " + (by == null ? "NULL" : "'\\x" + by.hex() + "'")
                + ", '2026-11-22T00:00:00Z')");
    }

    private long count(String rows) {
        return superuser()
                .sql("SELECT count(*) FROM " + rows)
                .query((row, n) -> row.getLong(1))
                .single();
    }

    private void sql(String statement) {
        superuser().sql(statement).update();
    }

    /** Sees all rows: for asserting, and for what happened before. */
    private JdbcClient superuser() {
        DatabaseLogin login = TestDatabase.superuserOf(owner);
        return JdbcClient.create(new DriverManagerDataSource(
                login.url() + "?currentSchema=postwatch", login.username(), login.password()));
    }
}
