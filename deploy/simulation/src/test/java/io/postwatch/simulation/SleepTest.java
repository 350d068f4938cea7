package io.postwatch.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import io.postwatch.agent.link.AgentHost;
import io.postwatch.simulation.ledger.Ledger;
import io.postwatch.simulation.machine.Chance;
import io.postwatch.simulation.store.Rows;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A machine that sleeps, in virtual time: each moment that it sleeps through is told as a skipped run. */
class SleepTest {

    @TempDir
    Path folder;

    @ParameterizedTest
    @ValueSource(strings = {"PT20S", "PT4M", "PT20M", "PT10H"})
    void momentsThatAMachineSleptThroughAreToldAsSkippedRuns(Duration sleep) {
        try (World world = new World(new Chance(11), folder, new World.Cast(1, 1, 1, 4, false, false, false))) {
            world.begin();
            world.time().pass(Duration.ofMinutes(2));
            AgentHost host = world.agents().getFirst();
            host.suspend(sleep);
            world.time().pass(sleep.plusMinutes(2));

            List<Ledger.Row> rows = world.ledger().storedInOrder(0).stream()
                    .filter(row -> !row.triggered())
                    .toList();
            long without = world.database().look().placements.values().stream()
                    .mapToLong(placement -> momentsWithoutResult(world, placement, rows))
                    .sum();
            long notMeasured = rows.stream().filter(row -> !row.measured()).count();
            assertThat(without).as("moments without a result").isGreaterThanOrEqualTo(sleep.toMinutes() * 4 - 4);
            assertThat(world.ledger().toldAsSkipped(host.name())).isBetween(without, without + notMeasured);
        }
    }

    private static long momentsWithoutResult(World world, Rows.PlacementRow placement, List<Ledger.Row> rows) {
        List<Instant> moments = rows.stream()
                .filter(row -> row.series() == placement.series().value())
                .map(Ledger.Row::scheduledAt)
                .sorted(Comparator.naturalOrder())
                .distinct()
                .toList();
        assertThat(moments).as("results of series %s", placement.series()).isNotEmpty();
        Duration period = Objects.requireNonNull(
                        world.database().look().monitors.get(placement.monitor()))
                .settings()
                .period();
        return Duration.between(moments.getFirst(), moments.getLast()).dividedBy(period) + 1 - moments.size();
    }
}
