package io.postwatch.e2e;

import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** A controller that can be started, killed and started again, with a data folder and ports of its own. Called by one thread. */
final class ControllerPart implements AutoCloseable {
    static final Duration READY_WITHIN = Duration.ofMinutes(4);

    private final String name;
    private final Path folder;
    private final int port;
    private final int agentPort;
    private final HttpClient http = HttpClient.newHttpClient();
    private final Map<String, String> settings = new HashMap<>();
    private @Nullable Part process;

    /**
     * Of this name, which its data folder below the folder and its log have, too.
     *
     * @param settings as environment variables, besides those that tell where and on which ports it is
     */
    ControllerPart(String name, Path folder, Map<String, String> settings) {
        this.name = name;
        this.folder = folder;
        this.port = FreePorts.next();
        this.agentPort = FreePorts.next();
        this.settings.putAll(Map.of(
                "POSTWATCH_DATA_DIR",
                data().toString(),
                "POSTWATCH_HTTP_PORT",
                Integer.toString(port),
                "POSTWATCH_AGENT_PORT",
                Integer.toString(agentPort),
                "POSTWATCH_AGENT_ADDRESS",
                "localhost:" + agentPort));
        this.settings.putAll(settings);
    }

    URI url() {
        return URI.create("http://127.0.0.1:" + port);
    }

    int agentPort() {
        return agentPort;
    }

    Path data() {
        return folder.resolve(name);
    }

    /** From its next start on. */
    void configure(Map<String, String> more) {
        settings.putAll(more);
    }

    boolean isStarted() {
        return process != null;
    }

    /** Returns when it is ready. */
    void start() {
        begin();
        awaitReady();
    }

    /** Starts it, and returns its exit code when it has refused. */
    int refusedStart() {
        begin();
        Part refused = Objects.requireNonNull(process);
        process = null;
        await(name + " has refused").atMost(READY_WITHIN).until(() -> !refused.isRunning());
        return refused.awaitEnd();
    }

    /** Returns at once. */
    void begin() {
        process = Part.start(
                name,
                log(),
                Part.SHORT_LIFE,
                Platform.HOME.resolve("controller/target/postwatch-controller.jar"),
                List.of(),
                settings);
    }

    void awaitReady() {
        Part started = Objects.requireNonNull(process, "it was not started");
        await(name + " is ready").atMost(READY_WITHIN).until(() -> {
            started.checkRunning();
            return isReady();
        });
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

    /** kill -9. */
    void kill() {
        if (process != null) {
            process.kill();
            process = null;
        }
    }

    /** As a service manager stops it. */
    @Override
    public void close() {
        Part last = process;
        process = null;
        if (last != null) {
            last.close();
        }
    }

    /** What its memory holds and somebody refers to. */
    void dumpHeap(Path file) {
        Objects.requireNonNull(process, "it was not started").dumpHeap(file, false);
    }

    Path log() {
        return folder.resolve(name + ".log");
    }

    private boolean isReady() {
        HttpRequest request = HttpRequest.newBuilder(url().resolve("/actuator/health/readiness"))
                .timeout(Duration.ofSeconds(2))
                .build();
        try {
            return http.send(request, HttpResponse.BodyHandlers.discarding()).statusCode() == 200;
        } catch (IOException notYet) {
            return false;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }
}
