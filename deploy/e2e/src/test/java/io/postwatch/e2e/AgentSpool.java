package io.postwatch.e2e;

import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Timestamp;
import io.postwatch.proto.agent.v1.FailureCode;
import io.postwatch.proto.agent.v1.RunResult;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/** What an agent has on disk of the results it made, read beside it. Acked ones stay there for ten minutes. */
record AgentSpool(Path file) {

    /** The ids of the runs whose results the controller has confirmed, in the order in which they were made. */
    List<UUID> ackedRuns() {
        return runs("acked_at IS NOT NULL");
    }

    /** The ids of the runs whose results it has not confirmed yet; it may have stored them. */
    List<UUID> openRuns() {
        return runs("acked_at IS NULL");
    }

    /**
     * Every run whose result is there, whether the controller has confirmed it or not. None where the agent has only begun
     * to make the file, or has not yet noticed that it is damaged.
     */
    List<RecordedRun> everyRun() {
        List<RecordedRun> all = new ArrayList<>();
        if (isMade()) {
            read("gap_count IS NULL", (result, row) -> all.add(recorded(result, row)));
        }
        return all;
    }

    private boolean isMade() {
        if (!Files.exists(file)) {
            return false;
        }
        try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + file + "?busy_timeout=5000");
                Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery("SELECT 1 FROM sqlite_schema WHERE name = 'record'")) {
            return rows.next();
        } catch (SQLException noDatabase) {
            return false;
        }
    }

    /** Why the controller will never store a record that it was sent; that record is acked. */
    List<String> setAside() {
        List<String> reasons = new ArrayList<>();
        if (isMade()) {
            query("SELECT reason FROM set_aside", row -> reasons.add(row.getString(1)));
        }
        return reasons;
    }

    private static RecordedRun recorded(RunResult result, Row row) {
        return new RecordedRun(
                runId(result),
                new RunKey(result.getSeries(), instant(result.getScheduledAt())),
                row.place(),
                result.getTriggered(),
                result.getGreeting(),
                instant(result.getStartedAt()),
                row.acked(),
                result.getFailure().getCode() == FailureCode.FAILURE_CODE_INTERNAL_ERROR);
    }

    private static Instant instant(Timestamp at) {
        return Instant.ofEpochSecond(at.getSeconds(), at.getNanos());
    }

    private List<UUID> runs(String condition) {
        List<UUID> ids = new ArrayList<>();
        read("gap_count IS NULL AND " + condition, (result, row) -> ids.add(runId(result)));
        return ids;
    }

    private static UUID runId(RunResult result) {
        ByteBuffer id = result.getRunId().asReadOnlyByteBuffer();
        return new UUID(id.getLong(), id.getLong());
    }

    /** What the agent keeps beside a result. */
    private record Row(boolean acked, RecordedRun.@Nullable Place place) {
        static Row of(ResultSet columns) throws SQLException {
            int lane = columns.getInt("lane");
            RecordedRun.Place place = columns.wasNull()
                    ? null
                    : new RecordedRun.Place(
                            new RecordedRun.LaneOfSpool(columns.getString("spool"), lane), columns.getLong("sequence"));
            return new Row(columns.getBoolean("acked"), place);
        }
    }

    private interface Reader {
        void read(ResultSet row) throws SQLException, InvalidProtocolBufferException;
    }

    private void read(String condition, BiConsumer<RunResult, Row> each) {
        query(
                "SELECT payload, acked_at IS NOT NULL AS acked, lane, sequence, (SELECT hex(id) FROM spool) AS spool"
                        + " FROM record WHERE " + condition + " ORDER BY id",
                row -> each.accept(RunResult.parseFrom(row.getBytes("payload")), Row.of(row)));
    }

    private void query(String sql, Reader each) {
        try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + file + "?busy_timeout=5000");
                Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(sql)) {
            while (rows.next()) {
                each.read(rows);
            }
        } catch (SQLException | InvalidProtocolBufferException e) {
            throw new IllegalStateException(e);
        }
    }
}
