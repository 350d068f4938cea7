package io.postwatch.e2e;

import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * PostgreSQL as a process of its own, for several controllers: the programs and the data that a controller made for
 * itself and doesn't run any more. Called by one thread.
 */
final class DatabasePart implements AutoCloseable {
    private static final Duration READY_WITHIN = Duration.ofMinutes(1);
    private static final int ATTEMPTS = 10;

    private final Path postgres;
    private final Path log;
    private final int port;
    private @Nullable Part process;

    /** What a stopped controller left in its data folder. */
    DatabasePart(Path controllerData, Path log, int port) {
        this.postgres = controllerData.resolve("postgres");
        this.log = log;
        this.port = port;
    }

    /** What a controller needs to use it. */
    Map<String, String> settings() {
        return Map.of(
                "POSTWATCH_DATABASE_URL",
                "jdbc:postgresql://127.0.0.1:" + port + "/postwatch",
                "POSTWATCH_DATABASE_USERNAME",
                "postwatch_owner",
                "POSTWATCH_DATABASE_PASSWORD",
                password());
    }

    boolean isStarted() {
        return process != null;
    }

    /** Returns when it answers, after a kill when it has recovered. */
    void start() {
        for (int attempt = 1; ; attempt++) {
            // By this thread, with which it would end, and not by the one that waits.
            Part started = Part.postgres(log, command());
            process = started;
            await("PostgreSQL answers").atMost(READY_WITHIN).until(() -> !started.isRunning() || answers());
            if (started.isRunning()) {
                return;
            }
            // Right after a kill what is left of the one before may still be in the way.
            if (attempt == ATTEMPTS) {
                started.checkRunning();
            }
        }
    }

    private List<String> command() {
        return List.of(
                programs().resolve("bin/postgres").toString(),
                "-D",
                postgres.resolve("cluster").toString(),
                "-c",
                "listen_addresses=127.0.0.1",
                "-c",
                "port=" + port,
                "-c",
                "unix_socket_directories=",
                "-c",
                "max_connections=100");
    }

    /** Stops it until {@link #resume}: its connections stand, and it does nothing. */
    void pause() {
        if (process != null) {
            process.pause();
        }
    }

    /** It goes on where it was stopped. What has ended by itself is a failure. */
    void resume() {
        if (process != null) {
            process.checkRunning();
            process.resume();
        }
    }

    /** kill -9 of the server's first process, which ends the others. */
    void kill() {
        if (process != null) {
            // A process of it that is stopped would never notice.
            process.resume();
            process.kill();
            process = null;
        }
    }

    /** Ends without waiting for those who are connected. */
    @Override
    public void close() {
        Part last = process;
        process = null;
        if (last != null) {
            last.interrupt();
        }
    }

    private boolean answers() {
        try (Connection connection = DriverManager.getConnection(
                "jdbc:postgresql://127.0.0.1:" + port + "/postwatch?connectTimeout=2&loginTimeout=5",
                "postgres",
                password())) {
            return connection.isValid(5);
        } catch (SQLException notYet) {
            return false;
        }
    }

    private String password() {
        try {
            return Files.readString(postgres.resolve("password")).strip();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private Path programs() {
        try (Stream<Path> all = Files.list(postgres)) {
            return all.filter(file -> String.valueOf(file.getFileName()).startsWith("software-"))
                    .findFirst()
                    .orElseThrow();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
