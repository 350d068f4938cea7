package io.postwatch.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** The README's first command does what it says. */
@ExtendWith(LastLines.class)
@Tag("alone")
final class QuickStartIT {
    @TempDir(cleanup = CleanupMode.ON_SUCCESS)
    private Path folder;

    private final int port = FreePorts.next();
    private final int agentPort = FreePorts.next();

    /** The database of a root user runs as somebody else, who must be able to pass. */
    @BeforeEach
    void letOthersPass() throws IOException {
        Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwx--x--x"));
    }

    @Test
    void smokeTestsOneMonitorOfEachType() {
        // What is meant for another controller: here it would keep this one from starting.
        Map<String, String> foreign = Map.of("POSTWATCH_DATABASE_URL", "jdbc:postgresql://127.0.0.1:1/foreign");
        try (QuickStart smoke = QuickStart.start(folder.resolve("output"), foreign, "--smoke")) {
            assertThat(smoke.awaitEnd()).as(smoke.said()).isZero();
            assertThat(smoke.said())
                    .contains("Not used here, though set in the environment: POSTWATCH_DATABASE_URL")
                    .contains("Demo IMAPS, healthy: OK")
                    .contains("Demo SMTP, slow: ")
                    .containsPattern("auth +[0-9.]+ ms")
                    .containsPattern("starttls +[0-9.]+ ms")
                    .containsPattern("certificate +[0-9]+ days left");
        }
    }

    @Test
    void demoShowsResultsSoonAndSurvivesAKillAndARestart() throws IOException {
        List<ProcessHandle> parts;
        String monitors;
        try (QuickStart demo = startDemo()) {
            demo.awaitController();
            long ready = System.nanoTime();
            Api api = signedIn();
            await("every monitor has a result within 10 s of the controller's being ready")
                    .atMost(Duration.ofSeconds(10).minusNanos(System.nanoTime() - ready))
                    .until(() -> withResults(api.read("/monitors")) == 3);
            System.out.printf(
                    "The demo's results came %.1f s after the controller%n", (System.nanoTime() - ready) / 1e9);
            demo.awaitReady();
            rename(api, "This machine", "Renamed");
            monitors = idsOf(api.read("/monitors"));
            parts = demo.parts();
            assertThat(parts).isNotEmpty();
            refusesASecondOneOnTheSameData();
            api.delete("/monitors/" + monitors.lines().findFirst().orElseThrow());
            demo.kill();
        }

        // At once: it waits until everything that was started has gone.
        try (QuickStart again = startDemo()) {
            again.awaitReady();
            assertThat(again.said()).contains("Monitor added: ");
            assertThat(idsOf(signedIn().read("/monitors")).lines())
                    .hasSize(3)
                    .containsAll(monitors.lines().skip(1).toList());
            parts.forEach(part -> assertThat(part.isAlive()).isFalse());
            endsWithCtrlC(again);
        }
    }

    private void refusesASecondOneOnTheSameData() {
        try (QuickStart second = QuickStart.start(
                folder.resolve("second"),
                "--data",
                folder.resolve("data").toString(),
                "--port",
                Integer.toString(FreePorts.next()),
                "--agent-port",
                Integer.toString(FreePorts.next()))) {
            assertThat(second.awaitEnd()).isNotZero();
            assertThat(second.said()).contains("a quick start runs on " + folder.resolve("data") + " already");
        }
    }

    private static void rename(Api api, String name, String another) {
        for (JsonNode location : api.read("/locations").path("items")) {
            if (location.path("name").asString("").equals(name)) {
                api.put("/locations/" + location.path("id").asString(""), Map.of("name", another));
            }
        }
        assertThat(api.read("/locations").toString()).contains(another).doesNotContain(name);
    }

    private static void endsWithCtrlC(QuickStart running) {
        List<ProcessHandle> parts = running.parts();
        running.interrupt();
        assertThat(running.awaitEnd()).isEqualTo(130);
        assertThat(running.said().lines().toList().getLast()).isEqualTo("▸ Stopping");
        await("everything it started has gone")
                .atMost(Duration.ofSeconds(10))
                .until(() -> parts.stream().noneMatch(ProcessHandle::isAlive));
    }

    @Test
    void aUsedPortGetsASentence() throws IOException {
        try (ServerSocket other = new ServerSocket(port, 1, InetAddress.getLoopbackAddress());
                QuickStart refused = startDemo()) {
            assertThat(refused.awaitEnd()).isNotZero();
            assertThat(refused.said())
                    .contains("port " + other.getLocalPort() + " is used by another program")
                    .contains("--port");
        }
    }

    private QuickStart startDemo() {
        LastLines.note(folder.resolve("output"));
        for (String part : List.of("controller", "agent", "demo")) {
            LastLines.note(folder.resolve("data/logs/" + part + ".log"));
        }
        return QuickStart.start(
                folder.resolve("output"),
                "--demo",
                "--data",
                folder.resolve("data").toString(),
                "--port",
                Integer.toString(port),
                "--agent-port",
                Integer.toString(agentPort));
    }

    private Api signedIn() throws IOException {
        return Api.signedIn(
                URI.create("http://127.0.0.1:" + port),
                folder.resolve("answers.log"),
                "owner@postwatch.example",
                Files.readString(folder.resolve("data/owner-password")).strip());
    }

    private static int withResults(JsonNode monitors) {
        int count = 0;
        for (JsonNode monitor : monitors.path("items")) {
            if (monitor.path("status").has("lastRunAt")) {
                count++;
            }
        }
        return count;
    }

    private static String idsOf(JsonNode monitors) {
        StringBuilder ids = new StringBuilder();
        monitors.path("items")
                .forEach(monitor -> ids.append(monitor.path("id").asString("")).append('\n'));
        return ids.toString();
    }
}
