package io.postwatch.controller.liveness;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class DeadControllersTest {
    private static final UUID ONE = new UUID(0, 1);
    private static final UUID OTHER = new UUID(0, 2);
    private static final long GRACE = DeadControllers.GRACE.toNanos();

    @Test
    void theAgentsOfADeadControllerHaveAMinute() {
        DeadControllers dead = DeadControllers.NONE.seen(Set.of(ONE), 5).seen(Set.of(ONE, OTHER), GRACE);

        assertThat(dead.overdue(GRACE + 4)).isEmpty();
        assertThat(dead.overdue(GRACE + 5)).containsExactly(ONE);
        assertThat(dead.overdue(2 * GRACE)).containsExactlyInAnyOrder(ONE, OTHER);
    }

    @Test
    void aControllerThatLivesAgainBeginsAnew() {
        DeadControllers dead =
                DeadControllers.NONE.seen(Set.of(ONE), 0).seen(Set.of(), 1).seen(Set.of(ONE), GRACE);

        assertThat(dead.overdue(GRACE)).isEmpty();
    }
}
