package io.postwatch.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.postwatch.testserver.TestAuthority;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** The command that the console shows, pasted into a shell beside the agent's jar. */
final class InstallCommandIT {
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final Path BESIDE_THE_JAR = Platform.HOME.resolve("agent/target");

    @Test
    void itMakesTheHostAnAgentAndStartsTheSameAgentAgain(@TempDir(cleanup = CleanupMode.ON_SUCCESS) Path folder)
            throws IOException {
        Path home = Files.createDirectory(folder.resolve("home"));
        Path log = folder.resolve("pasted.log");
        try (Platform platform = Platform.start(folder.resolve("platform"), TestAuthority.create())) {
            String location = platform.api()
                    .created("/locations", Map.of("name", "Another machine"))
                    .path("id")
                    .asString();
            String command = platform.api()
                    .created("/enrolment-tokens", Map.of("locationId", location))
                    .path("installCommand")
                    .asString();

            try (Part _ = Part.pasted("pasted command", log, command, BESIDE_THE_JAR, home)) {
                platform.awaitState(location, "online");
            }
            await("it has said goodbye")
                    .atMost(PATIENCE)
                    .until(() -> agents(platform, location)
                            .path(0)
                            .path("state")
                            .asString("")
                            .equals("offline"));
            try (Part _ = Part.pasted("pasted command", log, command, BESIDE_THE_JAR, home)) {
                platform.awaitState(location, "online");
            }
            platform.awaitState(location, "silent");
            assertThat(agents(platform, location).size()).isOne();
        }
    }

    private static JsonNode agents(Platform platform, String location) {
        return platform.api().read("/agents?locationId=" + location).path("items");
    }
}
