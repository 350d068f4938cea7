package io.postwatch.bench.agent;

import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Timestamp;
import io.postwatch.proto.agent.v1.RunResult;
import io.postwatch.proto.agent.v1.Status;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;

/** Reads beside an agent what it has on its disk of the results it made. */
record SpoolReader(Path file) {

    /**
     * A run.
     *
     * @param lagNanos from its scheduled time to its start
     */
    record Run(boolean triggered, boolean ok, long lagNanos) {}

    /** The number of the record made last; 0 where there is none, or no spool yet. */
    long last() throws IOException {
        if (!Files.exists(file)) {
            return 0;
        }
        try (Connection connection = open();
                PreparedStatement statement = connection.prepareStatement("SELECT coalesce(max(id), 0) FROM record");
                ResultSet rows = statement.executeQuery()) {
            return rows.next() ? rows.getLong(1) : 0;
        } catch (SQLException notYet) {
            // Its tables are being made.
            return 0;
        }
    }

    /** Those made after that record. */
    List<Run> after(long id) throws IOException {
        try (Connection connection = open();
                PreparedStatement statement = connection.prepareStatement(
                        "SELECT payload FROM record WHERE gap_count IS NULL AND id > ? ORDER BY id")) {
            statement.setLong(1, id);
            List<Run> runs = new ArrayList<>();
            try (ResultSet rows = statement.executeQuery()) {
                while (rows.next()) {
                    runs.add(run(RunResult.parseFrom(rows.getBytes(1))));
                }
            }
            return runs;
        } catch (SQLException | InvalidProtocolBufferException e) {
            throw new IOException(e);
        }
    }

    private static Run run(RunResult result) {
        return new Run(
                result.getTriggered(),
                result.getStatus() == Status.STATUS_OK,
                nanos(result.getStartedAt()) - nanos(result.getScheduledAt()));
    }

    /** Fits until the year 2262. */
    private static long nanos(Timestamp time) {
        return time.getSeconds() * 1_000_000_000 + time.getNanos();
    }

    private Connection open() throws SQLException {
        return DriverManager.getConnection("jdbc:sqlite:" + file + "?busy_timeout=5000");
    }
}
