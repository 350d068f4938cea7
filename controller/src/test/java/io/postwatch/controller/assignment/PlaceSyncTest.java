package io.postwatch.controller.assignment;

import static org.assertj.core.api.Assertions.assertThat;

import io.postwatch.controller.assignment.PlaceSync.State;
import java.time.Instant;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** What is said of a series is never more than what its agent can have said. */
class PlaceSyncTest {
    private static final Instant HEARD = Instant.parse("2026-11-22T05:00:00Z");

    @Test
    void aConnectedAgentThatHasAppliedItRunsIt() {
        assertThat(sync(7, true, null)).isEqualTo(new PlaceSync(State.IN_SYNC, null, "paris-1", null));
    }

    @Test
    void ofALostAgentItIsNotKnownAndSaidSinceWhen() {
        PlaceSync lost = sync(7, false, null);

        assertThat(lost.state()).isEqualTo(State.UNKNOWN);
        assertThat(lost.agentLostSince()).isEqualTo(HEARD);
        assertThat(lost.message()).isNotBlank();
    }

    @Test
    void whatHasNotReachedTheAgentWaits() {
        assertThat(sync(6, true, null))
                .isEqualTo(new PlaceSync(State.PENDING, "On its way to the agent", "paris-1", null));
        assertThat(sync(6, false, null))
                .isEqualTo(new PlaceSync(State.PENDING, "Waits until the agent connects again", "paris-1", HEARD));
    }

    @Test
    void aRefusalStandsWhetherTheAgentIsThereOrNot() {
        assertThat(sync(7, true, "No.")).isEqualTo(new PlaceSync(State.REJECTED, "No.", "paris-1", null));
        assertThat(sync(7, false, "No.")).isEqualTo(new PlaceSync(State.REJECTED, "No.", "paris-1", HEARD));
    }

    private static PlaceSync sync(long applied, boolean connected, @Nullable String rejection) {
        return PlaceSync.of("paris-1", 7, applied, connected, HEARD, rejection);
    }
}
