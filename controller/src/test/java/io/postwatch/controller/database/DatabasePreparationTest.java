package io.postwatch.controller.database;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.postwatch.controller.home.StartupRefused;
import io.postwatch.controller.home.TestKek;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DatabasePreparationTest {
    @TempDir
    private Path folder = Path.of("/");

    @Test
    void oneOwnersLoginIsEnough() {
        DatabaseLogin owner = TestDatabase.createEmpty().owner();

        DatabaseAccess access = TestDatabase.prepare(owner);

        assertThat(access.app().username()).isEqualTo("postwatch_app");
        assertThat(access.system().username()).isEqualTo("postwatch_system");
        TestDatabase.execute(access.app(), "SELECT count(*) FROM postwatch.component");
        TestDatabase.execute(access.system(), "SELECT count(*) FROM postwatch.component");
    }

    @Test
    void aSecondStartChangesNothing() {
        DatabaseLogin owner = TestDatabase.createEmpty().owner();

        assertThat(TestDatabase.prepare(owner)).isEqualTo(TestDatabase.prepare(owner));
    }

    @Test
    void aRoleThatIsThereGetsWhatItIsMissingAndKeepsWhatWasSetByHand() throws SQLException {
        TestDatabase database = TestDatabase.create();
        TestDatabase.execute(database.superuser(), "CREATE ROLE by_hand LOGIN PASSWORD 'x'");
        TestDatabase.execute(database.superuser(), "ALTER ROLE by_hand SET lock_timeout = '8s'");
        DatabaseLogin login = new DatabaseLogin(database.url(), "by_hand", "x");

        new RuntimeRoles(TestKek.get()).bound(login);
        new RuntimeRoles(TestKek.get()).bound(login);

        assertThat(setting(login, "lock_timeout")).isEqualTo("8s");
        assertThat(setting(login, "idle_in_transaction_session_timeout")).isEqualTo("15s");
        DatabaseAccess made = database.access();
        assertThat(setting(made.app(), "lock_timeout")).isEqualTo("5s");
        assertThat(setting(made.system(), "idle_in_transaction_session_timeout"))
                .isEqualTo("15s");
    }

    private static String setting(DatabaseLogin login, String name) throws SQLException {
        try (Connection connection = DriverManager.getConnection(login.url(), login.username(), login.password());
                Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery("SHOW " + name)) {
            row.next();
            return row.getString(1);
        }
    }

    @Test
    void anotherKeyIsRefusedBeforeItLocksOutTheOthers() {
        DatabaseLogin owner = TestDatabase.createEmpty().owner();
        DatabaseAccess access = TestDatabase.prepare(owner);

        assertThatThrownBy(() -> TestDatabase.prepare(owner, TestKek.open(folder.resolve("another"))))
                .isInstanceOf(StartupRefused.class)
                .hasMessageContaining("another key-encryption key");
        TestDatabase.execute(access.app(), "SELECT 1");
    }

    @ParameterizedTest
    @CsvSource({
        "SUPERUSER, is a superuser",
        "BYPASSRLS, has BYPASSRLS",
        "IN ROLE test_owner, owns tables",
    })
    void aRoleThatRowLevelSecurityDoesNotBindIsRefused(String attribute, String why) {
        TestDatabase database = TestDatabase.create();
        String role = "loose_" + attribute.toLowerCase(java.util.Locale.ROOT).replace(' ', '_');
        TestDatabase.execute(database.superuser(), "CREATE ROLE " + role + " LOGIN PASSWORD 'x' " + attribute);
        DatabaseLogin login = new DatabaseLogin(database.url(), role, "x");

        assertThatThrownBy(() -> new RuntimeRoles(TestKek.get()).checkBound(login))
                .isInstanceOf(StartupRefused.class)
                .hasMessageContaining(role)
                .hasMessageContaining(why);
    }

    @Test
    void theOwnerItselfIsRefusedAtRunTime() {
        TestDatabase database = TestDatabase.create();

        assertThatThrownBy(() -> new RuntimeRoles(TestKek.get()).checkBound(database.owner()))
                .isInstanceOf(StartupRefused.class)
                .hasMessageContaining("owns tables");
    }

    @Test
    void anUnreachableDatabaseIsNamed() {
        DatabaseLogin nowhere = new DatabaseLogin("jdbc:postgresql://127.0.0.1:1/none", "somebody", "canary-password");

        assertThatThrownBy(() -> TestDatabase.prepare(nowhere))
                .isInstanceOf(StartupRefused.class)
                .hasMessageContaining("127.0.0.1:1")
                .hasMessageNotContaining("canary-password");
    }
}
