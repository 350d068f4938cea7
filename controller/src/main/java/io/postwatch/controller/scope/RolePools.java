package io.postwatch.controller.scope;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import io.postwatch.controller.database.DatabaseAccess;
import io.postwatch.controller.database.DatabaseLogin;
import java.time.Duration;
import java.util.Properties;

/** The connections of the two run-time roles. */
final class RolePools implements AutoCloseable {
    private static final Duration WAIT_FOR_CONNECTION = Duration.ofSeconds(10);
    /** More than any statement of a working controller takes, migrations aside, which don't run here. */
    private static final Duration WAIT_FOR_ANSWER = Duration.ofSeconds(60);
    /**
     * The reserve gives up so early that the next attempt, and the one after, come before a lease has run out: a
     * connection that is found dead must not cost it.
     */
    private static final Duration RESERVE_WAIT_FOR_CONNECTION = Duration.ofSeconds(3);

    private static final Duration RESERVE_WAIT_FOR_ANSWER = Duration.ofSeconds(4);
    private static final Duration RESERVE_PROOF_OF_LIFE = Duration.ofSeconds(1);

    private final HikariDataSource app;
    private final HikariDataSource system;
    /** The one connection of the system role that nobody else can take. */
    private final HikariDataSource reserve;

    RolePools(DatabaseAccess access) {
        app = new HikariDataSource(config("app", access.app(), access.poolSize()));
        system = new HikariDataSource(config("system", access.system(), access.poolSize()));
        reserve = new HikariDataSource(impatient(config("reserve", impatient(access.system()), 1)));
    }

    ScopedDataSource scoped() {
        return new ScopedDataSource(app, system, reserve);
    }

    private static HikariConfig config(String name, DatabaseLogin login, int size) {
        HikariConfig config = new HikariConfig();
        config.setPoolName(name);
        config.setMaximumPoolSize(size);
        config.setMinimumIdle(1);
        config.setAutoCommit(false);
        config.setConnectionTimeout(WAIT_FOR_CONNECTION.toMillis());
        Properties settings = new Properties();
        // At the connection's start: a SET would be undone with the first transaction that is rolled back.
        settings.setProperty("currentSchema", DatabaseAccess.SCHEMA);
        settings.setProperty("ApplicationName", "postwatch " + name);
        settings.setProperty("reWriteBatchedInserts", "true");
        // A server that is gone without a word would hold a thread for ever. What the URL says precedes both.
        settings.setProperty("socketTimeout", Long.toString(WAIT_FOR_ANSWER.toSeconds()));
        settings.setProperty("tcpKeepAlive", "true");
        // Each pool its own: what the driver takes otherwise is one for all, that of the pool made last.
        settings.setProperty("loginTimeout", Long.toString(WAIT_FOR_CONNECTION.toSeconds()));
        config.setDataSource(new RoleDataSource(login, settings));
        return config;
    }

    /** What the URL says of these counts for the others only: of one word said twice there, the last counts. */
    private static DatabaseLogin impatient(DatabaseLogin login) {
        String url = login.url();
        return new DatabaseLogin(
                "%s%ssocketTimeout=%d&connectTimeout=%d&loginTimeout=%d"
                        .formatted(
                                url,
                                url.contains("?") ? "&" : "?",
                                RESERVE_WAIT_FOR_ANSWER.toSeconds(),
                                RESERVE_WAIT_FOR_CONNECTION.toSeconds(),
                                RESERVE_WAIT_FOR_CONNECTION.toSeconds()),
                login.username(),
                login.password(),
                login.passwords());
    }

    private static HikariConfig impatient(HikariConfig config) {
        config.setConnectionTimeout(RESERVE_WAIT_FOR_CONNECTION.toMillis());
        config.setValidationTimeout(RESERVE_PROOF_OF_LIFE.toMillis());
        return config;
    }

    @Override
    public void close() {
        app.close();
        system.close();
        reserve.close();
    }
}
