package io.postwatch.controller.database;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;

class DatabasePropertiesTest {
    @Test
    void secretsAreNotPrinted() {
        Path file = Path.of("/run/secrets/owner");
        DatabaseProperties properties = new DatabaseProperties(
                "jdbc:postgresql://db/postwatch?password=canary",
                "owner",
                "canary",
                file,
                "postwatch",
                12,
                null,
                new DatabaseProperties.RoleLogin("app", "canary", null),
                new DatabaseProperties.RoleLogin("system", "canary", null));

        assertThat(properties.toString()).contains("owner", "app", "system").doesNotContain("canary");
    }
}
