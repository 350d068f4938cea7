package io.postwatch.e2e;

import com.google.protobuf.InvalidProtocolBufferException;
import io.postwatch.proto.agent.v1.RunResult;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;

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

    private List<UUID> runs(String condition) {
        String sql = "SELECT payload FROM record WHERE gap_count IS NULL AND " + condition + " ORDER BY id";
        List<UUID> ids = new ArrayList<>();
        try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + file + "?busy_timeout=5000");
                Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(sql)) {
            while (rows.next()) {
                ByteBuffer id = RunResult.parseFrom(rows.getBytes(1)).getRunId().asReadOnlyByteBuffer();
                ids.add(new UUID(id.getLong(), id.getLong()));
            }
            return ids;
        } catch (SQLException | InvalidProtocolBufferException e) {
            throw new IllegalStateException(e);
        }
    }
}
