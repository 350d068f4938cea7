package io.postwatch.controller.liveness;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class DeadControllersTest {
    private static final UUID ONE = new UUID(0, 1);
    private static final UUID OTHER = new UUID(0, 2);
    private static final Duration GRACE = DeadControllers.GRACE;
    private static final Duration BETWEEN_LOOKS = Duration.ofSeconds(5);

    private DeadControllers dead = DeadControllers.NONE;
    private long now = 5;

    @Test
    void theAgentsOfADeadControllerHaveAMinute() {
        dead = dead.seen(Set.of(ONE), now);
        watch(Set.of(ONE, OTHER), GRACE.minus(BETWEEN_LOOKS));
        assertThat(dead.overdue()).isEmpty();

        watch(Set.of(ONE, OTHER), BETWEEN_LOOKS);
        assertThat(dead.overdue()).containsExactly(ONE);

        watch(Set.of(ONE, OTHER), BETWEEN_LOOKS);
        assertThat(dead.overdue()).containsExactlyInAnyOrder(ONE, OTHER);
    }

    @Test
    void aControllerThatLivesAgainBeginsAnew() {
        watch(Set.of(ONE), GRACE);
        watch(Set.of(), BETWEEN_LOOKS);
        watch(Set.of(ONE), GRACE);

        assertThat(dead.overdue()).isEmpty();
    }

    @Test
    void timeInWhichNobodyCouldLookDoesNotCount() {
        watch(Set.of(ONE), Duration.ofSeconds(30));
        now += Duration.ofHours(3).toNanos();
        dead = dead.seen(Set.of(ONE), now);
        assertThat(dead.overdue()).as("the database was down for hours").isEmpty();

        watch(Set.of(ONE), GRACE.minusSeconds(25).minus(BETWEEN_LOOKS));
        assertThat(dead.overdue()).as("25 s were watched before, not 30").isEmpty();
        watch(Set.of(ONE), BETWEEN_LOOKS);
        assertThat(dead.overdue()).containsExactly(ONE);
    }

    /** Looks as closely as a controller does. */
    private void watch(Set<UUID> missing, Duration length) {
        for (long looks = length.dividedBy(BETWEEN_LOOKS); looks > 0; looks--) {
            now += BETWEEN_LOOKS.toNanos();
            dead = dead.seen(missing, now);
        }
    }
}
