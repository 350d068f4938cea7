package io.postwatch.controller.database;

import io.postwatch.controller.home.KekProvider;
import io.postwatch.controller.home.StartupRefused;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.Map;
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
        StoredKeys keys = new StoredKeys(keks, properties.givenUp());
        DatabaseLogin app;
        DatabaseLogin system;
        try (Connection connection = connect(owner)) {
            checkVersion(connection);
            keys.check(connection);
            app = roles.prepare(
                    connection, owner.url(), appRole, properties.app().at(owner.url()));
            system = roles.prepare(
                    connection, owner.url(), systemRole, properties.system().at(owner.url()));
            migrate(owner, app.username(), system.username());
            keys.giveUp(connection, system);
            keys.remember(connection);
            keys.checkWrapped(system);
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
}
