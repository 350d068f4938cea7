package io.postwatch.testserver.demo;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class DemoCommandTest {

    @Test
    void theSlowServerStaysWithinWhatItIsKnownFor() {
        for (int connection = 0; connection < 50; connection++) {
            assertThat(DemoCommand.delayOf(connection)).isBetween(Duration.ofMillis(1500), Duration.ofSeconds(3));
        }
        assertThat(DemoCommand.delayOf(3)).isNotEqualTo(DemoCommand.delayOf(9));
    }
}
