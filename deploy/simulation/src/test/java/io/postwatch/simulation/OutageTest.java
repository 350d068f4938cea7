package io.postwatch.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import io.postwatch.agent.link.AgentHost;
import io.postwatch.controller.gateway.ControllerHost;
import io.postwatch.simulation.ledger.Ledger;
import io.postwatch.simulation.machine.Chance;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Hours without a controller, in virtual time, on the real spool. */
class OutageTest {

    private static final Duration OUTAGE = Duration.ofHours(3);

    @TempDir
    Path folder;

    private World world = new World(new Chance(0), Path.of("unused"), new World.Cast(1, 0, 0, 0, false, false, false));
    private long outageBegan;

    @BeforeEach
    void begin() {
        world = new World(new Chance(7), folder, new World.Cast(1, 2, 1, 6, true, false, false));
        world.begin();
        world.time().pass(Duration.ofMinutes(2));
        outageBegan = world.time().nanos();
        ControllerHost controller = world.controllers().getFirst();
        controller.kill();
        world.time().pass(OUTAGE);
        controller.start();
    }

    @AfterEach
    void end() {
        world.close();
    }

    @Test
    void threeHoursOfOutageComeBackCompleteAndInOrder() {
        int before = world.ledger().storedSize();
        int recorded = world.ledger().size();
        assertThat(recorded - before).as("results that wait").isGreaterThan(1_000);

        world.time().pass(Duration.ofMinutes(3));
        world.agents()
                .forEach(host -> java.util.Objects.requireNonNull(host.agent()).stopRunning());
        world.time().pass(Duration.ofSeconds(30));

        assertThat(world.ledger().storedSize()).isEqualTo(world.ledger().size());
        for (AgentHost host : world.agents()) {
            assertThat(world.ledger().toldAsLost(host.name())).isZero();
        }
        Map<String, Instant> last = new HashMap<>();
        List<Ledger.Row> outage = world.ledger().storedInOrder(outageBegan).stream()
                .filter(row -> row.recordedNanos()
                        < outageBegan + OUTAGE.minusMinutes(3).toNanos())
                .filter(Ledger.Row::measured)
                .toList();
        assertThat(outage).hasSizeGreaterThan(1_000);
        for (Ledger.Row row : outage) {
            Instant previous = last.put(row.agent() + row.series(), row.scheduledAt());
            assertThat(previous == null || previous.isBefore(row.scheduledAt()))
                    .as("%s comes after %s", row, previous)
                    .isTrue();
        }
    }

    @Test
    void whatAnOutageLeftNeverDelaysFreshResults() {
        world.time().pass(Duration.ofSeconds(40));
        long connected = world.lastWelcome() + Duration.ofSeconds(1).toNanos();
        assertThat(world.ledger().storedInOrder(connected)).isNotEmpty();

        assertThat(world.ledger().storedLate(connected, world.time().nanos() - Story.FRESH.toNanos(), Story.FRESH))
                .isEmpty();
    }
}
