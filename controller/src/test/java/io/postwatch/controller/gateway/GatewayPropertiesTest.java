package io.postwatch.controller.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.postwatch.controller.liveness.DeadControllers;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.source.MapConfigurationPropertySource;
import org.springframework.util.unit.DataSize;

/** What of the gateway is set, and what it is where nothing is. */
class GatewayPropertiesTest {
    private final Map<String, String> settings = new HashMap<>();

    @Test
    void theDefaultsAreWhatIsDocumented() {
        assertThat(bound())
                .isEqualTo(new GatewayProperties(
                        Duration.ofSeconds(8),
                        3,
                        500,
                        4,
                        Duration.ofSeconds(50),
                        4,
                        DataSize.ofMegabytes(64),
                        Duration.ofSeconds(2),
                        Duration.ofMinutes(1)));
        assertThat(bound().silence()).isEqualTo(Duration.ofSeconds(24));
    }

    @Test
    void whoeverWaitsForItsTurnIsJudgedOrToldBeforeItCountsAsLost() {
        assertThat(bound().admissionPatience()).isLessThan(DeadControllers.GRACE);
        assertThat(bound().judgedWithin()).isGreaterThan(bound().admissionPatience());
    }

    @Test
    void eachCanBeSet() {
        settings.putAll(Map.of(
                "heartbeat-interval", "1s",
                "missed-heartbeats", "2",
                "admissions-per-second", "3",
                "admissions-at-once", "5",
                "admission-patience", "6s",
                "batches-at-once", "7",
                "waiting-bytes", "8MB",
                "drain", "9s",
                "idle-connection", "10s"));
        assertThat(bound())
                .isEqualTo(new GatewayProperties(
                        Duration.ofSeconds(1),
                        2,
                        3,
                        5,
                        Duration.ofSeconds(6),
                        7,
                        DataSize.ofMegabytes(8),
                        Duration.ofSeconds(9),
                        Duration.ofSeconds(10)));
    }

    @Test
    void nonsenseIsRefused() {
        for (String name :
                new String[] {"missed-heartbeats", "admissions-per-second", "admissions-at-once", "batches-at-once"}) {
            settings.clear();
            settings.put(name, "0");
            assertThatThrownBy(this::bound).as(name).hasRootCauseInstanceOf(IllegalArgumentException.class);
        }
    }

    @Test
    void aPatienceByWhichAgentsCountAsLostBeforeTheyAreJudgedIsRefusedInSoManyWords() {
        settings.put("admission-patience", "59s");
        assertThat(bound().admissionPatience()).isEqualTo(Duration.ofSeconds(59));
        for (String tooLong : new String[] {"60s", "2m"}) {
            settings.put("admission-patience", tooLong);
            assertThatThrownBy(this::bound)
                    .rootCause()
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessage(
                            "postwatch.gateway.admission-patience is below 60 s: an agent that waits for longer counts as"
                                    + " lost before its hello is judged");
        }
    }

    private GatewayProperties bound() {
        Map<String, String> named = new HashMap<>();
        settings.forEach((name, value) -> named.put("postwatch.gateway." + name, value));
        return new Binder(new MapConfigurationPropertySource(named))
                .bindOrCreate("postwatch.gateway", GatewayProperties.class);
    }
}
