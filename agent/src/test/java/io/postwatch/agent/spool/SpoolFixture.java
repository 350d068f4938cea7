package io.postwatch.agent.spool;

import io.postwatch.agent.disk.PrivateFolder;
import io.postwatch.agent.probe.time.ControllerTime;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/** A spool in a folder of its own, on a clock that the test moves, whose database fails when it is told to. */
abstract class SpoolFixture {

    static final Instant START = Instant.parse("2026-01-01T00:00:00Z");

    @TempDir
    Path home;

    final AtomicReference<Instant> now = new AtomicReference<>(START);
    final AtomicReference<@Nullable Throwable> failure = new AtomicReference<>();
    final AtomicInteger callsUntilFailure = new AtomicInteger();
    volatile boolean suspect;
    PrivateFolder folder;
    Spool spool;

    @BeforeEach
    void open() throws IOException, SQLException {
        folder = PrivateFolder.open(home.resolve("state"));
        spool = reopen(SpoolBounds.DEFAULT);
    }

    @AfterEach
    void close() {
        spool.close();
    }

    Spool reopen(SpoolBounds bounds) throws IOException, SQLException {
        return new Spool(folder, bounds, clock, UUID::randomUUID);
    }

    private final ControllerTime clock = new ControllerTime() {
        @Override
        public Instant instant() {
            return time();
        }

        @Override
        public boolean isSuspect() {
            return suspect;
        }
    };

    /** The time, or the failure that the spool's thread is to meet. */
    Instant time() {
        Throwable due = failure.get();
        if (due != null && callsUntilFailure.decrementAndGet() == 0) {
            failure.set(null);
            if (due instanceof Error error) {
                throw error;
            }
            throw new IllegalStateException(due);
        }
        return now.get();
    }

    void sql(String statement) throws SQLException {
        try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + folder.path("spool.db"));
                Statement run = connection.createStatement()) {
            run.execute(statement);
        }
    }

    /** The next statement of the running spool finds the table's definition unreadable. */
    void damageSchema() throws SQLException {
        try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + folder.path("spool.db"));
                Statement run = connection.createStatement()) {
            run.execute("PRAGMA writable_schema = ON");
            run.execute("UPDATE sqlite_schema SET sql = 'damaged' WHERE name = 'record'");
            run.execute("PRAGMA schema_version = 4711");
        }
    }

    /** Open files of this process in the folder whose names begin like this. */
    List<String> openFiles(String prefix) throws IOException {
        List<String> open = new ArrayList<>();
        try (DirectoryStream<Path> descriptors = Files.newDirectoryStream(Path.of("/proc/self/fd"))) {
            for (Path descriptor : descriptors) {
                String file = Files.isSymbolicLink(descriptor)
                        ? Files.readSymbolicLink(descriptor).toString()
                        : "";
                if (file.startsWith(folder.path(prefix).toString())) {
                    open.add(file);
                }
            }
        }
        return open;
    }

    void pass(Duration time) {
        now.updateAndGet(before -> before.plus(time));
    }

    void storeRuns(String... payloads) {
        for (String payload : payloads) {
            spool.store(new RunRow(now.get(), true, payload.getBytes(StandardCharsets.UTF_8), List.of()));
        }
    }

    List<String> payloads(Lane lane, long after) {
        return spool.following(lane, after, 100, 1_000_000).stream()
                .map(record -> switch (record) {
                    case SpoolRecord.Run run ->
                        run.sequence() + ":" + new String(run.payload(), StandardCharsets.UTF_8);
                    case SpoolRecord.Gap gap -> gap.sequence() + ":gap of " + gap.count();
                })
                .toList();
    }

    List<SpoolRecord> all(Lane lane) {
        return spool.following(lane, 0, 100_000, 1_000_000_000);
    }

    static List<SpoolRecord.Gap> gaps(List<SpoolRecord> records) {
        return records.stream()
                .filter(SpoolRecord.Gap.class::isInstance)
                .map(SpoolRecord.Gap.class::cast)
                .toList();
    }
}
