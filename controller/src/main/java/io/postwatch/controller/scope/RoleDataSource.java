package io.postwatch.controller.scope;

import io.postwatch.controller.database.DatabaseLogin;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Properties;
import org.springframework.jdbc.datasource.AbstractDataSource;

/** New connections of a role, by whichever of its passwords is the one now; a pool keeps them. Safe for all threads. */
final class RoleDataSource extends AbstractDataSource {
    private final DatabaseLogin login;
    private final Properties settings;

    RoleDataSource(DatabaseLogin login, Properties settings) {
        this.login = login;
        this.settings = settings;
    }

    @Override
    public Connection getConnection() throws SQLException {
        return login.connect(settings);
    }

    @Override
    public Connection getConnection(String username, String password) {
        throw new UnsupportedOperationException("The role has its own login");
    }

    /** The settings have one; the driver's own would be for all pools. */
    @Override
    public void setLoginTimeout(int seconds) {}
}
