package io.postwatch.e2e;

import static org.awaitility.Awaitility.await;

import io.postwatch.testserver.TestAuthority;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * A whole Postwatch, everything its parts keep below one folder, each part a process of its own: a controller with its
 * embedded database and one agent of a private location; or two controllers on one database that is a process, too,
 * and an agent at each, of a location of its own. Called by one thread.
 */
final class Platform implements AutoCloseable {
    static final String OWNER = "owner@postwatch.test";

    static final Path HOME = Path.of(System.getProperty("postwatch.home", "../.."))
            .toAbsolutePath()
            .normalize();

    private static final Path TEMPORARY = Path.of(System.getProperty("java.io.tmpdir"));

    private final Path folder;
    private final String ownerPassword = "owner-" + UUID.randomUUID();
    private final Place first;
    private final @Nullable Place second;
    private @Nullable DatabasePart database;

    /** A controller, the agent that dials it, and the agent's location. */
    final class Place implements AutoCloseable {
        private final ControllerPart controller;
        private final AgentPart agent;
        private final Path answers;
        private @Nullable Api api;
        private String locationId = "";
        private String enrolmentToken = "";

        private Place(String suffix) {
            controller = new ControllerPart(
                    "controller" + suffix,
                    folder,
                    Map.of("POSTWATCH_OWNER_EMAIL", OWNER, "POSTWATCH_OWNER_PASSWORD", ownerPassword));
            agent = new AgentPart("agent" + suffix, folder);
            answers = folder.resolve("answers" + suffix + ".log");
        }

        ControllerPart controller() {
            return controller;
        }

        AgentPart agent() {
            return agent;
        }

        String locationId() {
            return locationId;
        }

        /** The REST API of this controller. */
        Api api() {
            if (api == null) {
                api = Api.signedIn(controller.url(), answers, OWNER, ownerPassword);
            }
            return api;
        }

        void startAgent() {
            agent.start(enrolmentToken);
        }

        private void makeLocation(String name) {
            locationId =
                    api().created("/locations", Map.of("name", name)).path("id").asString("");
            enrolmentToken = newEnrolmentToken();
        }

        /** For one more agent of the location. */
        String newEnrolmentToken() {
            return api().created("/enrolment-tokens", Map.of("locationId", locationId))
                    .path("token")
                    .asString("");
        }

        @Override
        public void close() {
            try (controller) {
                agent.close();
            }
        }
    }

    private Platform(Path folder, boolean two) {
        this.folder = folder;
        this.first = new Place("");
        this.second = two ? new Place("2") : null;
    }

    /**
     * Starts everything and returns when the agent is connected.
     *
     * @param folder for what the parts keep and write; may be missing
     * @param authority whom the agent trusts besides the public authorities
     */
    static Platform start(Path folder, TestAuthority authority) {
        return start(folder, authority, false);
    }

    /** The same, and both say all that {@link AllLogs} can make them say. */
    static Platform startTalkative(Path folder, TestAuthority authority) {
        return start(folder, authority, true);
    }

    private static Platform start(Path folder, TestAuthority authority, boolean talkative) {
        Platform platform = new Platform(folder, false);
        try {
            platform.prepare(authority);
            if (talkative) {
                platform.first.controller.configure(AllLogs.ofAController());
                platform.first.agent.runWith(AllLogs.ofAnAgent(folder, "agent"));
            }
            platform.startController();
            platform.first.makeLocation("This machine");
            platform.startAgent();
            platform.awaitAgent();
        } catch (RuntimeException e) {
            platform.close();
            throw e;
        }
        return platform;
    }

    /** The same with two controllers, and an agent at each; returns when both agents are connected. */
    static Platform startTwo(Path folder, TestAuthority authority) {
        Platform platform = new Platform(folder, true);
        try {
            platform.prepare(authority);
            platform.startDatabase();
            platform.places().forEach(place -> place.controller.begin());
            platform.places().forEach(place -> place.controller.awaitReady());
            platform.first.makeLocation("This machine");
            platform.second().makeLocation("The same machine");
            platform.places().forEach(Place::startAgent);
            platform.places().forEach(place -> platform.awaitState(place.locationId, "online"));
        } catch (RuntimeException e) {
            platform.close();
            throw e;
        }
        return platform;
    }

    Place first() {
        return first;
    }

    /** Where there are two controllers. */
    Place second() {
        return Objects.requireNonNull(second, "This platform has one controller");
    }

    /** Where there are two controllers. */
    DatabasePart database() {
        return Objects.requireNonNull(database, "This platform's database belongs to its controller");
    }

    URI url() {
        return first.controller.url();
    }

    String ownerPassword() {
        return ownerPassword;
    }

    Path folder() {
        return folder;
    }

    /** The first controller's; also of two, the database's files are in it. */
    Path controllerData() {
        return first.controller.data();
    }

    String locationId() {
        return first.locationId;
    }

    Api api() {
        return first.api();
    }

    void startController() {
        first.controller.start();
    }

    void killController() {
        first.controller.kill();
    }

    void startAgent() {
        first.startAgent();
    }

    void killAgent() {
        first.agent.kill();
    }

    void awaitAgent() {
        awaitState(first.locationId, "online");
    }

    void awaitState(String location, String state) {
        await("location is " + state).atMost(ControllerPart.READY_WITHIN).until(() -> {
            JsonNode shown = api().read("/locations/" + location);
            // A location stays online for a moment after its last agent has gone.
            boolean really =
                    !state.equals("online") || shown.path("agentsOnline").asInt() > 0;
            return really && shown.path("state").asString("").equals(state);
        });
    }

    @Override
    public void close() {
        DatabasePart last = database;
        try (last;
                Place _ = first;
                Place _ = second) {
            database = null;
        }
    }

    /** Starts whatever was killed. */
    void startMissing() {
        if (database != null && !database.isStarted()) {
            database.start();
        }
        List<Place> dead =
                places().stream().filter(place -> !place.controller.isStarted()).toList();
        dead.forEach(place -> place.controller.begin());
        dead.forEach(place -> place.controller.awaitReady());
        for (Place place : places()) {
            if (!place.agent.isStarted()) {
                place.startAgent();
            }
        }
    }

    AgentSpool spool() {
        return first.agent.spool();
    }

    private List<Place> places() {
        return second == null ? List.of(first) : List.of(first, second);
    }

    private void prepare(TestAuthority authority) {
        try {
            Files.createDirectories(folder);
            // The database of a root user runs as somebody else, who must be able to pass.
            for (Path passed = folder; passed != null && !passed.equals(TEMPORARY); passed = passed.getParent()) {
                Files.setPosixFilePermissions(passed, PosixFilePermissions.fromString("rwx--x--x"));
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        places().forEach(place -> place.agent.configure(place.controller.agentPort(), authority));
    }

    /** The first controller makes a database for itself; from then on that belongs to nobody, and both use it. */
    private void startDatabase() {
        first.controller.start();
        first.controller.close();
        DatabasePart started = new DatabasePart(controllerData(), folder.resolve("postgres.log"), FreePorts.next());
        database = started;
        started.start();
        Map<String, String> settings = new HashMap<>(started.settings());
        settings.put(
                "POSTWATCH_KEY_FILE",
                controllerData().resolve("key-encryption-key").toString());
        places().forEach(place -> place.controller.configure(settings));
    }
}
