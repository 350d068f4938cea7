package io.postwatch.agent.spool;

import io.postwatch.agent.disk.PrivateFolder;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.Driver;
import java.sql.DriverManager;
import java.sql.DriverPropertyInfo;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Objects;
import java.util.Properties;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.logging.Logger;
import org.jspecify.annotations.Nullable;
import org.sqlite.SQLiteErrorCode;
import org.sqlite.SQLiteException;

/**
 * Stands between the spools of this JVM and SQLite, and has SQLite refuse what is to be written, under a file that is open, until
 * it is well again. A mount can't be made read-only while SQLite has a file of it open.
 */
public final class FailingDisk implements Driver, AutoCloseable {

    private final Driver sqlite;
    private final List<Connection> connections = new CopyOnWriteArrayList<>();
    private volatile boolean readOnly;
    private volatile @Nullable SQLiteErrorCode commitsFailWith;

    private FailingDisk(Driver sqlite) {
        this.sqlite = sqlite;
    }

    /** Is well; concerns what is opened from now on, until it is closed. */
    public static FailingDisk insert() throws SQLException {
        Driver sqlite = DriverManager.getDriver("jdbc:sqlite:");
        FailingDisk disk = new FailingDisk(sqlite);
        DriverManager.deregisterDriver(sqlite);
        DriverManager.registerDriver(disk);
        return disk;
    }

    @Override
    public void close() throws SQLException {
        DriverManager.deregisterDriver(this);
        DriverManager.registerDriver(sqlite);
    }

    /** From now on SQLite itself refuses every change with SQLITE_READONLY, or none. */
    public void readOnly(boolean now) throws SQLException {
        readOnly = now;
        for (Connection connection : connections) {
            if (!connection.isClosed()) {
                queryOnly(connection, now);
            }
        }
    }

    /** From now on SQLite itself refuses with SQLITE_FULL what needs another page, on the connections that are open, or not. */
    void full(boolean now) throws SQLException {
        for (Connection connection : connections) {
            if (!connection.isClosed()) {
                pragma(connection, "max_page_count = " + (now ? 1 : Integer.MAX_VALUE));
            }
        }
    }

    /** From now on what was written fails where it is to be made durable, or nothing does. */
    void commitsFailWith(@Nullable SQLiteErrorCode code) {
        commitsFailWith = code;
    }

    /** How many results were refused ever, by what the spool in this folder wrote down. */
    public static long refused(PrivateFolder folder) {
        return new LostRowsFile(folder).read().map(LostRows.Lost::ever).orElse(0L);
    }

    private static void queryOnly(Connection connection, boolean now) throws SQLException {
        pragma(connection, "query_only = " + (now ? "ON" : "OFF"));
    }

    private static void pragma(Connection connection, String what) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute("PRAGMA " + what);
        }
    }

    @Override
    public @Nullable Connection connect(String url, Properties info) throws SQLException {
        Connection real = sqlite.connect(url, info);
        if (real == null) {
            return null;
        }
        connections.add(real);
        queryOnly(real, readOnly);
        return (Connection) Proxy.newProxyInstance(
                FailingDisk.class.getClassLoader(), new Class<?>[] {Connection.class}, (_, method, arguments) -> {
                    SQLiteErrorCode code = commitsFailWith;
                    if (code != null && method.getName().equals("commit")) {
                        throw new SQLiteException("the disk refuses", code);
                    }
                    try {
                        return method.invoke(real, arguments);
                    } catch (InvocationTargetException failed) {
                        throw Objects.requireNonNull(failed.getCause());
                    }
                });
    }

    @Override
    public boolean acceptsURL(String url) throws SQLException {
        return sqlite.acceptsURL(url);
    }

    @Override
    public DriverPropertyInfo[] getPropertyInfo(String url, Properties info) throws SQLException {
        return sqlite.getPropertyInfo(url, info);
    }

    @Override
    public int getMajorVersion() {
        return sqlite.getMajorVersion();
    }

    @Override
    public int getMinorVersion() {
        return sqlite.getMinorVersion();
    }

    @Override
    public boolean jdbcCompliant() {
        return sqlite.jdbcCompliant();
    }

    @Override
    public Logger getParentLogger() {
        return Logger.getLogger("");
    }
}
