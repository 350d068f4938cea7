package io.postwatch.bench.platform;

import io.postwatch.bench.process.FreePort;
import io.postwatch.bench.process.Patience;
import io.postwatch.bench.process.ProcessMemory;
import io.postwatch.bench.process.ProcessTimes;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * A real controller with its embedded database, all it keeps below one folder. It ends with the thread that started it.
 * Called by that thread.
 */
public final class ControllerProcess implements AutoCloseable {

    private static final Duration READY_WITHIN = Duration.ofMinutes(4);
    private static final int SECONDS_TO_STOP = 60;
    private static final String OWNER = "owner@postwatch.test";

    private final Path jar;
    private final Path folder;
    private final List<String> jvmOptions;
    private final int port;
    private final int agentPort;
    private final String password = "owner-" + UUID.randomUUID();
    private final HttpClient http =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private @Nullable Process process;

    private ControllerProcess(Path jar, Path folder, List<String> jvmOptions) throws IOException {
        this.jar = jar;
        this.folder = folder;
        this.jvmOptions = List.copyOf(jvmOptions);
        this.port = FreePort.next();
        this.agentPort = FreePort.next();
    }

    /** The controller that was built in this source tree. */
    public static Path builtIn(Path home) {
        return home.resolve("controller/target/postwatch-controller.jar");
    }

    /**
     * Starts a controller and returns when it is ready.
     *
     * @param folder for what it keeps and writes
     */
    public static ControllerProcess start(Path jar, Path folder, List<String> jvmOptions) throws IOException {
        // The database of a root user runs as somebody else, who must be able to pass.
        Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwx--x--x"));
        ControllerProcess controller = new ControllerProcess(jar, folder, jvmOptions);
        controller.start();
        return controller;
    }

    /** Starts it, or starts it again, and returns when it is ready. */
    public void start() throws IOException {
        List<String> command = new ArrayList<>(List.of("setpriv", "--pdeathsig", "KILL", "--"));
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(jvmOptions);
        command.addAll(List.of("-jar", jar.toString()));
        ProcessBuilder builder = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(log().toFile()));
        builder.environment()
                .putAll(Map.of(
                        "POSTWATCH_DATA_DIR", folder.resolve("controller").toString(),
                        "POSTWATCH_HTTP_PORT", Integer.toString(port),
                        "POSTWATCH_AGENT_PORT", Integer.toString(agentPort),
                        "POSTWATCH_OWNER_EMAIL", OWNER,
                        "POSTWATCH_OWNER_PASSWORD", password));
        Process started = builder.start();
        process = started;
        Patience.await("the controller is ready, see " + log(), READY_WITHIN, () -> {
            if (!started.isAlive()) {
                throw new IOException("the controller has ended, see " + log());
            }
            return isReady();
        });
    }

    /** kill -9. */
    public void kill() throws IOException {
        Process running = running();
        running.destroyForcibly();
        awaitEnd(running);
        process = null;
    }

    /** Where agents connect, on every address of this machine. */
    public int agentPort() {
        return agentPort;
    }

    public Path log() {
        return folder.resolve("controller.log");
    }

    public ControllerApi api() throws IOException {
        return ControllerApi.signedIn(url(), OWNER, password);
    }

    public long residentBytes() throws IOException {
        return ProcessMemory.residentBytes(running().pid());
    }

    /** After a collection. */
    public long liveHeapBytes() throws IOException {
        return ProcessMemory.liveHeapBytes(running().pid());
    }

    /** After a collection, the classes of which most is alive. */
    public List<String> histogram() throws IOException {
        return ProcessMemory.histogram(running().pid());
    }

    public int threads() throws IOException {
        return ProcessMemory.threads(running().pid());
    }

    /** Of this process so far; PostgreSQL is another. */
    public double cpuMillis() throws IOException {
        return ProcessTimes.cpuMillis(running().pid());
    }

    @Override
    public void close() throws IOException {
        Process running = process;
        if (running == null) {
            return;
        }
        process = null;
        running.destroy();
        awaitEnd(running);
    }

    private Process running() {
        Process running = process;
        if (running == null) {
            throw new IllegalStateException("the controller does not run");
        }
        return running;
    }

    private static void awaitEnd(Process ending) throws IOException {
        try {
            if (!ending.waitFor(SECONDS_TO_STOP, TimeUnit.SECONDS)) {
                ending.destroyForcibly();
                throw new IOException("the controller did not stop within " + SECONDS_TO_STOP + " s");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException(e);
        }
    }

    private URI url() {
        return URI.create("http://127.0.0.1:" + port);
    }

    private boolean isReady() throws IOException {
        HttpRequest request = HttpRequest.newBuilder(url().resolve("/actuator/health/readiness"))
                .timeout(Duration.ofSeconds(2))
                .build();
        try {
            return http.send(request, HttpResponse.BodyHandlers.discarding()).statusCode() == 200;
        } catch (IOException notYet) {
            return false;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException(e);
        }
    }
}
