package io.postwatch.controller.database;

import io.postwatch.controller.home.KekProvider;
import io.postwatch.controller.home.StartupRefused;
import java.security.MessageDigest;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Map;
import java.util.Optional;
import org.flywaydb.core.Flyway;
import org.flywaydb.core.api.FlywayException;

/** Makes a database fit for the controller: version, key, roles, migrations, and the check of the roles. */
final class DatabasePreparation {
    private static final int OLDEST_VERSION = 15;

    private final DatabaseProperties properties;
    private final KekProvider keks;

    DatabasePreparation(DatabaseProperties properties, KekProvider keks) {
        this.properties = properties;
        this.keks = keks;
    }

    DatabaseAccess prepare(DatabaseLogin owner) {
        String appRole = properties.rolePrefix() + "_app";
        String systemRole = properties.rolePrefix() + "_system";
        RuntimeRoles roles = new RuntimeRoles(keks);
        DatabaseLogin app;
        DatabaseLogin system;
        try (Connection connection = connect(owner)) {
            checkVersion(connection);
            checkKey(connection);
            app = roles.prepare(
                    connection, owner.url(), appRole, properties.app().at(owner.url()));
            system = roles.prepare(
                    connection, owner.url(), systemRole, properties.system().at(owner.url()));
            migrate(owner, app.username(), system.username());
            rememberKey(connection);
        } catch (SQLException e) {
            throw new StartupRefused(
                    "The database could not be prepared: " + e.getMessage(),
                    "Check that " + owner.username() + " owns the database or may create schemas and roles in it.",
                    e);
        }
        roles.checkBound(app);
        roles.checkBound(system);
        roles.bound(app);
        roles.bound(system);
        return new DatabaseAccess(app, system, properties.poolSize());
    }

    private static Connection connect(DatabaseLogin owner) {
        try {
            return DriverManager.getConnection(owner.url(), owner.username(), owner.password());
        } catch (SQLException e) {
            throw new StartupRefused(
                    "The database at " + owner.url().replaceFirst("\\?.*", "") + " can't be reached as "
                            + owner.username() + ": " + e.getMessage(),
                    "Check POSTWATCH_DATABASE_URL, POSTWATCH_DATABASE_USERNAME and POSTWATCH_DATABASE_PASSWORD.",
                    e);
        }
    }

    private static void checkVersion(Connection connection) throws SQLException {
        int version = connection.getMetaData().getDatabaseMajorVersion();
        if (version < OLDEST_VERSION) {
            throw new StartupRefused(
                    "The database is PostgreSQL " + version + "; Postwatch needs " + OLDEST_VERSION + " or newer.",
                    "Upgrade it, or leave POSTWATCH_DATABASE_URL out to use the embedded one.");
        }
    }

    private static void migrate(DatabaseLogin owner, String app, String system) {
        try {
            Flyway.configure()
                    .dataSource(owner.url(), owner.username(), owner.password())
                    .defaultSchema(DatabaseAccess.SCHEMA)
                    .locations("classpath:db/migration")
                    .placeholders(Map.of("app", identifier(app), "system", identifier(system)))
                    .load()
                    .migrate();
        } catch (FlywayException e) {
            throw new StartupRefused(
                    "The database's tables could not be brought up to date: " + e.getMessage(),
                    "Nothing was half done: the failed step was rolled back. An older controller must not run on a newer database.",
                    e);
        }
    }

    private static String identifier(String role) {
        return '"' + role.replace("\"", "\"\"") + '"';
    }

    /** Before the roles' passwords are touched: a wrong key would lock out every other controller. */
    private void checkKey(Connection connection) throws SQLException {
        Optional<byte[]> stored = storedKeyCheck(connection);
        if (stored.isPresent() && !MessageDigest.isEqual(stored.get(), keyCheck())) {
            throw new StartupRefused(
                    "This database was set up with another key-encryption key: its stored passwords could not be read.",
                    "Give this controller the key file of the controllers that already use the database (POSTWATCH_KEY_FILE).");
        }
    }

    private static Optional<byte[]> storedKeyCheck(Connection connection) throws SQLException {
        String table = DatabaseAccess.SCHEMA + ".platform";
        try (PreparedStatement exists = connection.prepareStatement("SELECT to_regclass(?) IS NOT NULL")) {
            exists.setString(1, table);
            try (ResultSet rows = exists.executeQuery()) {
                if (!rows.next() || !rows.getBoolean(1)) {
                    return Optional.empty();
                }
            }
        }
        try (PreparedStatement select = connection.prepareStatement("SELECT key_check FROM " + table);
                ResultSet rows = select.executeQuery()) {
            return rows.next() ? Optional.of(rows.getBytes(1)) : Optional.empty();
        }
    }

    private void rememberKey(Connection connection) throws SQLException {
        try (PreparedStatement insert = connection.prepareStatement("INSERT INTO " + DatabaseAccess.SCHEMA
                + ".platform (platform_id, key_check) VALUES (1, ?) ON CONFLICT (platform_id) DO NOTHING")) {
            insert.setBytes(1, keyCheck());
            insert.executeUpdate();
        }
        checkKey(connection);
    }

    private byte[] keyCheck() {
        return keks.derive("key check", 16);
    }
}
