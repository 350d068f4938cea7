package io.postwatch.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import io.postwatch.testserver.TestAuthority;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;

/** The command that the console shows, pasted into a shell beside the agent's jar. */
final class InstallCommandIT {
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

            for (int start = 0; start < 2; start++) {
                try (Part _ = Part.pasted("pasted command", log, command, BESIDE_THE_JAR, home)) {
                    platform.awaitState(location, "online");
                }
                platform.awaitState(location, "silent");
            }
            assertThat(platform.api()
                            .read("/agents?locationId=" + location)
                            .path("items")
                            .size())
                    .isOne();
        }
    }
}
