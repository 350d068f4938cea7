package io.postwatch.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import tools.jackson.databind.JsonNode;

/** The state folder of an agent is copied and both are started: nobody can tell which of the two processes is meant. */
@NeedsDebianPackages
@ExtendWith({SharedPlatform.class, LastLines.class})
final class CopiedAgentIT {
    private static final Duration PATIENCE = Duration.ofMinutes(1);
    private static final String SENTENCE = "There are two copies of this agent's state folder";

    @Test
    void neitherOfTwoCopiesIsLetInAndBothSidesSayWhy(RealMailServers servers, Platform platform) throws IOException {
        Api api = platform.api();
        String location = api.created("/locations", Map.of("name", "copied " + UUID.randomUUID()))
                .path("id")
                .asString("");
        String token = api.created("/enrolment-tokens", Map.of("locationId", location))
                .path("token")
                .asString("");
        int port = platform.first().controller().agentPort();
        try (AgentPart original = new AgentPart("original", platform.folder());
                AgentPart copy = new AgentPart("copy", platform.folder())) {
            original.configure(port, servers.authority());
            copy.configure(port, servers.authority());
            original.start(token);
            platform.awaitState(location, "online");
            String agent = agentAt(api, location).path("id").asString("");
            original.kill();
            copy(original.state(), copy.state());

            askForAnotherCertificate(platform, agent);
            original.start(token);
            awaitLine(original, "The client certificate was renewed");
            platform.awaitState(location, "online");
            anHourPasses(platform, agent);
            copy.start(token);

            awaitLine(copy, SENTENCE);
            awaitLine(original, SENTENCE);
            awaitLine(
                    platform.first().controller().log(), agent + " (", "is locked, because there are two copies of it");
            JsonNode shown = api.read("/agents/" + agent);
            assertThat(shown.path("state").asString("")).isEqualTo("cloned");
            assertThat(shown.at("/identity/copies/sign").asString("")).isEqualTo("older-certificate");
            api.created("/agents/" + agent + "/revoke", Map.of());
            assertThat(api.delete("/agents/" + agent).status()).isEqualTo(204);
        }
        assertThat(api.delete("/locations/" + location).status()).isEqualTo(204);
    }

    /** As if half of its life were over: what it has is no longer what the database knows of. */
    private static void askForAnotherCertificate(Platform platform, String agent) {
        change(
                platform,
                agent,
                "current_serial = '0', current_tls_key = NULL, next_serial = NULL, next_not_after = NULL,"
                        + " next_generation = NULL, next_tls_key = NULL, generation_since = transaction_timestamp()");
    }

    /** Who comes then with the older certificate can't have been on its way. */
    private static void anHourPasses(Platform platform, String agent) {
        change(platform, agent, "generation_since = generation_since - interval '1 hour'");
    }

    private static void change(Platform platform, String agent, String what) {
        try (ControllerDatabase database = ControllerDatabase.of(platform.controllerData())) {
            database.execute(
                    "UPDATE postwatch.agent SET " + what + " WHERE agent_id = '" + UUID.fromString(agent) + "'");
        }
    }

    private static JsonNode agentAt(Api api, String location) {
        return api.read("/agents?locationId=" + location).path("items").path(0);
    }

    private static void awaitLine(AgentPart agent, String part) {
        awaitLine(agent.log(), part);
    }

    private static void awaitLine(Path log, String... parts) {
        await(log + " says " + String.join(" … ", parts)).atMost(PATIENCE).until(() -> {
            try (Stream<String> lines = Files.lines(log)) {
                return lines.anyMatch(line -> Stream.of(parts).allMatch(line::contains));
            }
        });
    }

    private static void copy(Path from, Path to) throws IOException {
        try (Stream<Path> all = Files.walk(from)) {
            for (Path each : all.toList()) {
                Files.copy(each, to.resolve(from.relativize(each)), StandardCopyOption.COPY_ATTRIBUTES);
            }
        }
    }
}
