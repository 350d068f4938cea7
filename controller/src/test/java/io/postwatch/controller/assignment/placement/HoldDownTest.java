package io.postwatch.controller.assignment.placement;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class HoldDownTest {
    private static final Instant NOW = Instant.parse("2026-11-22T12:00:00Z");

    /** Losses and the beginning of the session as seconds ago. */
    @ParameterizedTest
    @CsvSource({
        "'', 1, false",
        "'30', 1, false",
        "'30 60', 1, false",
        "'30 60 90', 1, true",
        "'30 60 90', 119, true",
        "'30 60 90', 120, false",
        "'30 60 599', 1, true",
        "'30 60 600', 1, false",
        "'-5 0 30', 0, true",
        "'30 60 90', -3, true"
    })
    void threeLossesInTenMinutesHoldUntilItHasStoodForTwo(String losses, long connected, boolean held) {
        List<Instant> lostAt = Arrays.stream(losses.split(" "))
                .filter(loss -> !loss.isEmpty())
                .map(loss -> ago(Long.parseLong(loss)))
                .toList();

        assertThat(HoldDown.applies(lostAt, ago(connected), NOW)).isEqualTo(held);
    }

    @Test
    void oneThatNeverConnectedIsHeldBackByNothing() {
        assertThat(HoldDown.applies(List.of(NOW, NOW, NOW), null, NOW)).isFalse();
    }

    private static Instant ago(long seconds) {
        return NOW.minusSeconds(seconds);
    }
}
