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

/** Every row of every table of the embedded database, as its superuser reads them: nothing is hidden from it. */
record DatabaseDump(List<String> rows) {
    private static final int PORT_LINE = 3;

    /** Reads the database of the running controller whose data folder this is. */
    static DatabaseDump of(Path controllerData) {
        try {
            Path postgres = controllerData.resolve("postgres");
            String password = Files.readString(postgres.resolve("password")).strip();
            String port = Files.readAllLines(postgres.resolve("cluster/postmaster.pid"))
                    .get(PORT_LINE)
                    .strip();
            String url = "jdbc:postgresql://127.0.0.1:" + port + "/postwatch";
            try (Connection connection = DriverManager.getConnection(url, "postgres", password)) {
                return new DatabaseDump(allRows(connection));
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    private static List<String> allRows(Connection connection) throws SQLException {
        List<String> tables = strings(
                connection,
                "SELECT format('%I.%I', schemaname, tablename) FROM pg_tables"
                        + " WHERE schemaname NOT IN ('pg_catalog', 'information_schema')");
        List<String> rows = new ArrayList<>();
        for (String table : tables) {
            for (String row : strings(connection, "SELECT t::text FROM " + table + " t")) {
                rows.add(table + " " + row);
            }
        }
        // What the server remembers of statements that clients sent.
        rows.addAll(strings(connection, "SELECT coalesce(query, '') FROM pg_stat_activity"));
        return rows;
    }

    private static List<String> strings(Connection connection, String sql) throws SQLException {
        List<String> values = new ArrayList<>();
        try (Statement statement = connection.createStatement();
                ResultSet result = statement.executeQuery(sql)) {
            while (result.next()) {
                values.add(result.getString(1));
            }
        }
        return values;
    }
}
