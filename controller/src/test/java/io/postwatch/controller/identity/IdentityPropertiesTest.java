package io.postwatch.controller.identity;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class IdentityPropertiesTest {
    @Test
    void secretsAreNotPrinted() {
        IdentityProperties properties = new IdentityProperties(
                "canary-canary-canary",
                new IdentityProperties.Owner("a@example.org", "canary", null, "Example"),
                Duration.ofMinutes(30),
                Duration.ofHours(12));

        assertThat(properties.toString()).contains("a@example.org").doesNotContain("canary");
    }
}
