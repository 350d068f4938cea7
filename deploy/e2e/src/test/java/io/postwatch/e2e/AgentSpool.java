package io.postwatch.e2e;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;

/** What an agent has on disk of the results it made, read beside it. Acked ones stay there for ten minutes. */
record AgentSpool(Path file) {

    /** Results that the controller has confirmed. */
    int acked() {
        return count("acked_at IS NOT NULL");
    }

    /** Results that it has not confirmed yet; it may have stored them. */
    int open() {
        return count("acked_at IS NULL");
    }

    private int count(String condition) {
        String sql = "SELECT count(*) FROM record WHERE gap_count IS NULL AND " + condition;
        try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + file + "?busy_timeout=5000");
                Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(sql)) {
            rows.next();
            return rows.getInt(1);
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }
}
