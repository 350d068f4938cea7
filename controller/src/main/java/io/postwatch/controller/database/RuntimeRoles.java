package io.postwatch.controller.database;

import io.postwatch.controller.home.KekProvider;
import io.postwatch.controller.home.StartupRefused;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/** The two roles the controller runs as: made by the owner, bound by row-level security, owners of nothing. */
final class RuntimeRoles {
    private static final String DUPLICATE_OBJECT = "42710";
    private static final String UNIQUE_VIOLATION = "23505";
    private static final String CONCURRENT_UPDATE = "XX000";
    private static final String INSUFFICIENT_PRIVILEGE = "42501";

    /**
     * What every session of a run-time role begins with, in milliseconds. A controller that stopped inside a transaction,
     * or whose host is gone, loses its locks after as long as its lease lasts; whoever waits for a lock tries again later
     * rather than keep a connection from the others. Settings of the role hold behind a pool of connections, too.
     */
    static final SortedMap<String, Integer> SESSION_SETTINGS =
            new TreeMap<>(Map.of("idle_in_transaction_session_timeout", 15_000, "lock_timeout", 5_000));

    private final KekProvider keks;

    RuntimeRoles(KekProvider keks) {
        this.keks = keks;
    }

    /** Gives the login of a role; makes the role and sets its password where no derived one opens it yet. */
    DatabaseLogin prepare(Connection owner, String url, String role, Optional<DatabaseLogin> configured)
            throws SQLException {
        if (configured.isPresent()) {
            return configured.get();
        }
        DerivedPasswords passwords = new DerivedPasswords(keks, role);
        if (!exists(owner, role)) {
            create(owner, role);
        }
        // After a change of the key-encryption key it may still be that of the former one.
        for (String password : passwords.get()) {
            if (opens(new DatabaseLogin(url, role, password))) {
                return new DatabaseLogin(url, role, password, passwords);
            }
        }
        String password = passwords.ofCurrent();
        setPassword(owner, role, password);
        return new DatabaseLogin(url, role, password, passwords);
    }

    /** Refuses a role that row-level security wouldn't bind. */
    void checkBound(DatabaseLogin login) {
        try (Connection connection = DriverManager.getConnection(login.url(), login.username(), login.password())) {
            if (any(connection, "SELECT 1 FROM pg_roles WHERE rolname = current_user AND rolsuper")) {
                throw refused(login, "is a superuser");
            }
            if (any(connection, "SELECT 1 FROM pg_roles WHERE rolname = current_user AND rolbypassrls")) {
                throw refused(login, "has BYPASSRLS");
            }
            String owned = """
                    SELECT 1 FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
                    WHERE n.nspname = '%s' AND pg_has_role(current_user, c.relowner, 'MEMBER')
                    """.formatted(DatabaseAccess.SCHEMA);
            if (any(connection, owned)) {
                throw refused(login, "owns tables, or is a member of the role that does");
            }
        } catch (SQLException e) {
            throw new StartupRefused(
                    "The run-time role " + login.username() + " can't log in to the database: " + e.getMessage(),
                    "Check its login, and that pg_hba.conf lets it in from here.",
                    e);
        }
    }

    /**
     * Gives the role its settings, as far as nobody gave it others. A role may do that itself, so one that was made by
     * hand gets them, too.
     */
    void bound(DatabaseLogin login) {
        try (Connection connection = DriverManager.getConnection(login.url(), login.username(), login.password())) {
            for (Map.Entry<String, Integer> setting : SESSION_SETTINGS.entrySet()) {
                if (!any(connection, """
                        SELECT 1 FROM pg_roles, unnest(rolconfig) AS setting
                        WHERE rolname = current_user AND setting LIKE '%s=%%'
                        """.formatted(setting.getKey()))) {
                    alter(connection, "ALTER ROLE CURRENT_USER SET " + setting.getKey() + " = " + setting.getValue());
                }
            }
        } catch (SQLException e) {
            throw new StartupRefused(
                    "The run-time role " + login.username() + " can't be given its settings: " + e.getMessage(),
                    "Run ALTER ROLE " + login.username() + " SET lock_timeout = '5s', and SET"
                            + " idle_in_transaction_session_timeout = '15s', by hand.",
                    e);
        }
    }

    private static StartupRefused refused(DatabaseLogin login, String why) {
        return new StartupRefused(
                "The run-time role " + login.username() + " " + why
                        + ", so row-level security would not keep tenants apart.",
                "Give the controller a plain role for postwatch.database.app and postwatch.database.system, or leave both out: the owner then makes them.");
    }

    private static void create(Connection owner, String role) throws SQLException {
        try (Statement statement = owner.createStatement()) {
            statement.execute("CREATE ROLE " + role + " LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE NOBYPASSRLS");
        } catch (SQLException e) {
            String state = String.valueOf(e.getSQLState());
            if (state.equals(INSUFFICIENT_PRIVILEGE)) {
                throw new StartupRefused(
                        "The database's owner may not make the role " + role + ".",
                        "Give it CREATEROLE, or make two plain roles by hand and set postwatch.database.app and postwatch.database.system.",
                        e);
            }
            // Another controller's first start made it in the same moment.
            if (!state.equals(DUPLICATE_OBJECT) && !state.equals(UNIQUE_VIOLATION)) {
                throw e;
            }
        }
    }

    private static void setPassword(Connection owner, String role, String password) throws SQLException {
        alter(owner, "ALTER ROLE " + role + " PASSWORD '" + ScramVerifier.of(password) + "'");
    }

    static void alter(Connection connection, String alter) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute(alter);
        } catch (SQLException e) {
            if (!CONCURRENT_UPDATE.equals(e.getSQLState()) && !UNIQUE_VIOLATION.equals(e.getSQLState())) {
                throw e;
            }
            // Another controller's start said the same in the same moment; PostgreSQL has no state of its own for that.
            try (Statement again = connection.createStatement()) {
                again.execute(alter);
            }
        }
    }

    private static boolean exists(Connection owner, String role) throws SQLException {
        try (PreparedStatement statement = owner.prepareStatement("SELECT 1 FROM pg_roles WHERE rolname = ?")) {
            statement.setString(1, role);
            try (ResultSet rows = statement.executeQuery()) {
                return rows.next();
            }
        }
    }

    private static boolean any(Connection connection, String query) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(query)) {
            return rows.next();
        }
    }

    static boolean opens(DatabaseLogin login) {
        try (Connection connection = DriverManager.getConnection(login.url(), login.username(), login.password())) {
            return connection.isValid(5);
        } catch (SQLException e) {
            return false;
        }
    }
}
