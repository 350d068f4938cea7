package io.postwatch.controller.status;

import static org.assertj.core.api.Assertions.assertThat;

import io.postwatch.controller.shared.AddressFamily;
import io.postwatch.controller.shared.Status;
import io.postwatch.controller.shared.id.LocationId;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class MonitorStatusViewTest {
    private static final Instant NOW = Instant.parse("2026-03-04T05:10:00Z");

    @Test
    void theNextRunOfALocationIsToldWhereOneIsToCome() {
        Instant next = NOW.plusSeconds(12);
        MonitorStatusView view = view(new Place.Awaiting.NextRun(next));
        assertThat(view.status()).isEqualTo(Status.NO_DATA);
        assertThat(view.sentence()).isEqualTo("No data yet: first run in 12 s");
        assertThat(view.locations().getFirst().nextRunAt()).isEqualTo(next);
    }

    @Test
    void behindAnObstacleThereIsNoNextRun() {
        MonitorStatusView view = view(new Place.Awaiting.Obstacle("No data: no agent is connected"));
        assertThat(view.locations().getFirst().nextRunAt()).isNull();
    }

    private static MonitorStatusView view(Place.Awaiting awaiting) {
        Place place = new Place(
                new LocationId(new UUID(0, 1)), "Paris", List.of(new Place.Target(AddressFamily.ANY, null, awaiting)));
        return MonitorStatusView.of(
                StatusRule.judge(List.of(place), Duration.ofSeconds(150), false, NOW), Map.of(), Map.of());
    }
}
