package io.postwatch.controller.database;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.Properties;

/**
 * Lets the passwords of the run-time roles follow the key-encryption key in use: each role may change its own. Controllers
 * that run have both keys, so none is locked out. A login made by hand stays as it is.
 */
public final class RolePasswords {
    private final List<DatabaseLogin> logins;

    public RolePasswords(DatabaseAccess access) {
        this.logins = List.of(access.app(), access.system());
    }

    /** Does nothing where it has been done; throws where the database can't be reached. */
    public void follow() throws SQLException {
        for (DatabaseLogin login : logins) {
            if (login.passwords() instanceof DerivedPasswords derived) {
                follow(login, derived.ofCurrent());
            }
        }
    }

    private static void follow(DatabaseLogin login, String password) throws SQLException {
        DatabaseLogin wanted = new DatabaseLogin(login.url(), login.username(), password);
        if (RuntimeRoles.opens(wanted)) {
            return;
        }
        try (Connection connection = login.connect(new Properties())) {
            RuntimeRoles.alter(connection, "ALTER ROLE CURRENT_USER PASSWORD '" + ScramVerifier.of(password) + "'");
        }
    }
}
