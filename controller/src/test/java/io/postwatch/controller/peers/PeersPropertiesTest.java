package io.postwatch.controller.peers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.source.MapConfigurationPropertySource;

class PeersPropertiesTest {
    @Test
    void theDefaults() {
        assertThat(bound(Map.of())).isEqualTo(new PeersProperties(Duration.ofMillis(400), true, Duration.ofMinutes(2)));
    }

    @Test
    void everythingCanBeSet() {
        assertThat(bound(Map.of(
                        "postwatch.peers.poll", "1s", "postwatch.peers.hints", "false", "postwatch.peers.kept", "5m")))
                .isEqualTo(new PeersProperties(Duration.ofSeconds(1), false, Duration.ofMinutes(5)));
    }

    @Test
    void neverLookingIsRefused() {
        assertThatThrownBy(() -> new PeersProperties(Duration.ZERO, true, Duration.ofMinutes(2)))
                .isInstanceOf(IllegalArgumentException.class);
    }

    private static PeersProperties bound(Map<String, String> settings) {
        return new Binder(new MapConfigurationPropertySource(settings))
                .bindOrCreate("postwatch.peers", PeersProperties.class);
    }
}
