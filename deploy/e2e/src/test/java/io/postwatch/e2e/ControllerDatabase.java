package io.postwatch.e2e;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;

/** The embedded database of a running controller, as its superuser reads it: nothing is hidden from it. */
final class ControllerDatabase implements AutoCloseable {
    private static final int PORT_LINE = 3;

    private final Connection connection;

    private ControllerDatabase(Connection connection) {
        this.connection = connection;
    }

    /** That of the running controller whose data folder this is. */
    static ControllerDatabase of(Path controllerData) {
        try {
            Path postgres = controllerData.resolve("postgres");
            String password = Files.readString(postgres.resolve("password")).strip();
            String port = Files.readAllLines(postgres.resolve("cluster/postmaster.pid"))
                    .get(PORT_LINE)
                    .strip();
            String url = "jdbc:postgresql://127.0.0.1:" + port + "/postwatch";
            return new ControllerDatabase(DriverManager.getConnection(url, "postgres", password));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    /** SQL for this time as text that {@link java.time.Instant} reads. */
    static String utc(String time) {
        return "to_char(" + time + " AT TIME ZONE 'UTC', 'YYYY-MM-DD\"T\"HH24:MI:SS.US\"Z\"')";
    }

    /** The first column of what the query finds. */
    List<String> strings(String sql) {
        List<String> values = new ArrayList<>();
        try (Statement statement = connection.createStatement();
                ResultSet result = statement.executeQuery(sql)) {
            while (result.next()) {
                values.add(result.getString(1));
            }
            return values;
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Everything that is committed is in the files of the tables, and not in the write-ahead log alone. */
    void checkpoint() {
        execute("CHECKPOINT");
    }

    /** What answers nothing. */
    void execute(String sql) {
        try (Statement statement = connection.createStatement()) {
            statement.execute(sql);
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    @Override
    public void close() {
        try {
            connection.close();
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }
}
