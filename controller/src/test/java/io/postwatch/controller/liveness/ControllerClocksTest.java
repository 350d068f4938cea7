package io.postwatch.controller.liveness;

import static org.assertj.core.api.Assertions.assertThat;

import io.postwatch.controller.enrolment.ControllerClocks;
import io.postwatch.controller.scope.DatabaseTest;
import io.postwatch.controller.scope.ScopedDatabase;
import io.postwatch.controller.shared.id.ControllerId;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Controllers with clocks of their own, on the clock of a real database. */
@DatabaseTest
class ControllerClocksTest {
    private static final Instant ASKED = Instant.parse("2026-11-22T12:00:00Z");
    private static final InstantSource RIGHT = InstantSource.system();

    private final LivenessWorld world;
    private final ControllerClocks ours = new ControllerClocks();
    private final ControllerClocks theirs = new ControllerClocks();

    ControllerClocksTest(ScopedDatabase database) {
        world = new LivenessWorld(database);
    }

    @AfterEach
    void endAll() {
        world.database.superuser().sql("DELETE FROM controller_lease").update();
    }

    @ParameterizedTest
    @ValueSource(ints = {20, -20})
    void oneClockThatIsOffIsKnownToAllControllersWhileItsOwnerLives(int seconds) {
        Duration off = Duration.ofSeconds(seconds);
        ControllerLease right = lease(ours, RIGHT);
        ControllerLease wrong = lease(theirs, () -> RIGHT.instant().plus(off));
        right.begin();
        assertThat(ours.provable(ASKED)).isEqualTo(ASKED);

        wrong.begin();
        right.renew();

        assertThat(theirs.provable(ASKED)).isEqualTo(Instant.MIN);
        assertThat(ours.provable(ASKED)).isEqualTo(Instant.MIN);

        wrong.release();
        right.renew();
        assertThat(ours.provable(ASKED)).isEqualTo(ASKED);
    }

    private ControllerLease lease(ControllerClocks told, InstantSource own) {
        return world.newLease(new ControllerId(UUID.randomUUID()), told, own);
    }
}
