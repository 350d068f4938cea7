package io.postwatch.controller.database;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.List;
import java.util.Properties;
import java.util.function.Supplier;

/**
 * A JDBC URL with the role to use.
 *
 * @param password the one that the role had when this was made
 * @param passwords those it may have meanwhile, the likeliest first: it changes with the key-encryption key
 */
public record DatabaseLogin(String url, String username, String password, Supplier<List<String>> passwords) {
    private static final String WRONG_PASSWORD = "28P01";
    private static final Supplier<List<String>> NO_OTHERS = List::of;

    /** A role whose password stays. */
    public DatabaseLogin(String url, String username, String password) {
        this(url, username, password, NO_OTHERS);
    }

    /** Opens a connection, with the settings of the driver that are given. */
    public Connection connect(Properties settings) throws SQLException {
        List<String> candidates = passwords.get();
        if (candidates.isEmpty()) {
            return connect(settings, password);
        }
        SQLException refused = null;
        for (String candidate : candidates) {
            try {
                return connect(settings, candidate);
            } catch (SQLException e) {
                if (!WRONG_PASSWORD.equals(e.getSQLState())) {
                    throw e;
                }
                refused = refused == null ? e : refused;
            }
        }
        throw java.util.Objects.requireNonNull(refused);
    }

    private Connection connect(Properties settings, String candidate) throws SQLException {
        Properties all = new Properties();
        settings.stringPropertyNames().forEach(name -> all.setProperty(name, settings.getProperty(name)));
        all.setProperty("user", username);
        all.setProperty("password", candidate);
        return DriverManager.getConnection(url, all);
    }

    @Override
    public String toString() {
        return username + " at " + url.replaceFirst("\\?.*", "");
    }
}
