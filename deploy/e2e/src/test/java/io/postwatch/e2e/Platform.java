package io.postwatch.e2e;

import static org.awaitility.Awaitility.await;

import io.postwatch.testserver.TestAuthority;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A whole Postwatch: a controller with its embedded database, and one agent of a private location, each a process of
 * its own, everything they keep below one folder. Called by one thread.
 */
final class Platform implements AutoCloseable {
    static final String OWNER = "owner@postwatch.test";

    private static final Duration READY_WITHIN = Duration.ofMinutes(4);
    static final Path HOME = Path.of(System.getProperty("postwatch.home", "../.."))
            .toAbsolutePath()
            .normalize();

    private static final Path TEMPORARY = Path.of(System.getProperty("java.io.tmpdir"));

    private final Path folder;
    private final int port;
    private final int agentPort;
    private final String ownerPassword = "owner-" + UUID.randomUUID();
    private final HttpClient http = HttpClient.newHttpClient();
    private @Nullable Part controller;
    private @Nullable Part agent;
    private @Nullable Api api;
    private String locationId = "";
    private String enrolmentToken = "";

    private Platform(Path folder) {
        this.folder = folder;
        FreePorts free = new FreePorts();
        this.port = free.next();
        this.agentPort = free.next();
    }

    /**
     * Starts everything and returns when the agent is connected.
     *
     * @param folder for what the parts keep and write; may be missing
     * @param authority whom the agent trusts besides the public authorities
     */
    static Platform start(Path folder, TestAuthority authority) {
        Platform platform = new Platform(folder);
        try {
            platform.prepare(authority);
            platform.startController();
            platform.makeLocation();
            platform.startAgent();
            platform.awaitAgent();
        } catch (RuntimeException e) {
            platform.close();
            throw e;
        }
        return platform;
    }

    URI url() {
        return URI.create("http://127.0.0.1:" + port);
    }

    String ownerPassword() {
        return ownerPassword;
    }

    Path folder() {
        return folder;
    }

    Path controllerData() {
        return folder.resolve("controller");
    }

    String locationId() {
        return locationId;
    }

    Api api() {
        if (api == null) {
            api = Api.signedIn(url(), folder.resolve("answers.log"), OWNER, ownerPassword);
        }
        return api;
    }

    void startController() {
        Part started = Part.start(
                "controller",
                folder.resolve("controller.log"),
                HOME.resolve("controller/target/postwatch-controller.jar"),
                List.of(),
                Map.of(
                        "POSTWATCH_DATA_DIR",
                        controllerData().toString(),
                        "POSTWATCH_HTTP_PORT",
                        Integer.toString(port),
                        "POSTWATCH_AGENT_PORT",
                        Integer.toString(agentPort),
                        "POSTWATCH_AGENT_ADDRESS",
                        "localhost:" + agentPort,
                        "POSTWATCH_OWNER_EMAIL",
                        OWNER,
                        "POSTWATCH_OWNER_PASSWORD",
                        ownerPassword));
        controller = started;
        await("controller is ready").atMost(READY_WITHIN).until(() -> {
            started.checkRunning();
            return isReady();
        });
    }

    void killController() {
        if (controller != null) {
            controller.kill();
            controller = null;
        }
    }

    void startAgent() {
        agent = Part.start(
                "agent",
                folder.resolve("agent.log"),
                HOME.resolve("agent/target/postwatch-agent.jar"),
                List.of("run", "--config", folder.resolve("agent.properties").toString()),
                Map.of("POSTWATCH_ENROL_TOKEN", enrolmentToken));
    }

    void killAgent() {
        if (agent != null) {
            agent.kill();
            agent = null;
        }
    }

    void awaitAgent() {
        awaitState(locationId, "online");
    }

    void awaitState(String location, String state) {
        await("location is " + state)
                .atMost(READY_WITHIN)
                .until(() -> api().read("/locations/" + location)
                        .path("state")
                        .asString("")
                        .equals(state));
    }

    @Override
    public void close() {
        Part first = agent;
        Part last = controller;
        agent = null;
        controller = null;
        try {
            if (first != null) {
                first.close();
            }
        } finally {
            if (last != null) {
                last.close();
            }
        }
    }

    /** Starts whatever was killed. */
    void startMissing() {
        if (controller == null) {
            startController();
        }
        if (agent == null) {
            startAgent();
        }
    }

    AgentSpool spool() {
        return new AgentSpool(folder.resolve("agent/spool.db"));
    }

    private void prepare(TestAuthority authority) {
        try {
            Files.createDirectories(folder);
            // The database of a root user runs as somebody else, who must be able to pass.
            for (Path passed = folder; passed != null && !passed.equals(TEMPORARY); passed = passed.getParent()) {
                Files.setPosixFilePermissions(passed, PosixFilePermissions.fromString("rwx--x--x"));
            }
            authority.writePem(folder.resolve("authority.pem"));
            Files.writeString(folder.resolve("agent.properties"), """
                    state=%s
                    controller=localhost:%d
                    addresses.allow=127.0.0.0/8, ::1/128
                    tls.extra-ca-file=%s
                    """.formatted(
                            folder.resolve("agent"), agentPort, folder.resolve("authority.pem")));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void makeLocation() {
        locationId = api().created("/locations", Map.of("name", "This machine"))
                .path("id")
                .asString("");
        enrolmentToken = api().created("/enrolment-tokens", Map.of("locationId", locationId))
                .path("token")
                .asString("");
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
