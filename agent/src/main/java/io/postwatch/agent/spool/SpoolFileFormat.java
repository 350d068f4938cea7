package io.postwatch.agent.spool;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;

/** The tables of a spool's file, and how a connection to it has to be set so that what is committed is on the disk. */
final class SpoolFileFormat {

    private static final String[] SCHEMA = {
        "CREATE TABLE IF NOT EXISTS spool (id BLOB NOT NULL)",
        "CREATE TABLE IF NOT EXISTS lane (lane INTEGER PRIMARY KEY, last_sequence INTEGER NOT NULL,"
                + " acked_through INTEGER NOT NULL)",
        "CREATE TABLE IF NOT EXISTS record (id INTEGER PRIMARY KEY AUTOINCREMENT, lane INTEGER, sequence INTEGER,"
                + " made_at INTEGER NOT NULL, scheduled_at INTEGER NOT NULL, ok INTEGER NOT NULL, payload BLOB,"
                + " gap_count INTEGER, gap_last INTEGER, gap_reason INTEGER, acked_at INTEGER)",
        "CREATE UNIQUE INDEX IF NOT EXISTS record_by_sequence ON record (lane, sequence) WHERE lane IS NOT NULL",
        "CREATE INDEX IF NOT EXISTS record_unnumbered ON record (made_at, id) WHERE lane IS NULL",
        "CREATE INDEX IF NOT EXISTS record_droppable ON record (ok, made_at, id) WHERE lane IS NULL",
        "CREATE INDEX IF NOT EXISTS record_acked ON record (acked_at) WHERE acked_at IS NOT NULL",
        "CREATE TABLE IF NOT EXISTS certificate (fingerprint TEXT PRIMARY KEY, der BLOB NOT NULL,"
                + " seen_at INTEGER NOT NULL)",
        "CREATE TABLE IF NOT EXISTS set_aside (lane INTEGER NOT NULL, sequence INTEGER NOT NULL, reason TEXT NOT NULL,"
                + " at INTEGER NOT NULL)",
    };

    /** Columns that files of older versions don't have. */
    private static final List<Column> ADDED = List.of(
            // How many refused results were told ever.
            new Column("spool", "lost_told"),
            // 1: under an earlier numbering it was acked.
            new Column("record", "was_acked"));

    private record Column(String table, String name) {}

    private SpoolFileFormat() {}

    /** Connects, with transactions that begin by themselves, and makes the tables where they are missing. */
    static Connection open(Path file) throws SQLException {
        Connection connection = DriverManager.getConnection("jdbc:sqlite:" + file);
        try {
            try (Statement statement = connection.createStatement()) {
                statement.execute("PRAGMA journal_mode = WAL");
                statement.execute("PRAGMA synchronous = FULL");
                statement.execute("PRAGMA busy_timeout = 5000");
                for (String table : SCHEMA) {
                    statement.execute(table);
                }
                for (Column column : ADDED) {
                    add(column, statement);
                }
            }
            connection.setAutoCommit(false);
            return connection;
        } catch (SQLException | RuntimeException | Error unusable) {
            connection.close();
            throw unusable;
        }
    }

    private static void add(Column column, Statement statement) throws SQLException {
        try (ResultSet there = statement.executeQuery(
                "SELECT 1 FROM pragma_table_info('" + column.table() + "') WHERE name = '" + column.name() + "'")) {
            if (there.next()) {
                return;
            }
        }
        statement.execute(
                "ALTER TABLE " + column.table() + " ADD COLUMN " + column.name() + " INTEGER NOT NULL DEFAULT 0");
    }
}
