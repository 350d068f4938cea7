package io.postwatch.e2e;

import static io.postwatch.e2e.MonitorBody.anSmtpMonitor;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.postwatch.testserver.TestAuthority;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;

/**
 * kill -9 of the agent, of the controller with the database that it brought, and of both: it goes on by itself, nothing is
 * missing, nothing twice. {@link FaultsIT} does so more often, with a database of its own.
 */
@ExtendWith(LastLines.class)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class CrashIT {
    private static final int MONITORS = 12;
    private static final int PERIOD_SECONDS = 10;
    private static final Duration PERIOD = Duration.ofSeconds(PERIOD_SECONDS);
    private static final Duration PATIENCE = Duration.ofSeconds(90);

    /** An agent forgets what was acked ten minutes ago; until well before that its disk tells of every run. */
    private static final Duration SPOOL_COMPLETE = Duration.ofMinutes(9);

    /** Fixed: what fails once fails again. */
    private static final long SEED = 20261122;

    private final Random random = new Random(SEED);

    private final List<String> ids = new ArrayList<>();
    private final long begun = System.nanoTime();
    private Platform platform;
    private Monitors monitors;

    @BeforeAll
    void start(@TempDir(cleanup = CleanupMode.ON_SUCCESS) Path folder) {
        platform = Platform.start(folder.resolve("platform"), TestAuthority.create());
        monitors = new Monitors(platform);
        for (int i = 0; i < MONITORS; i++) {
            // Nobody listens there: a refusal is a result like any other.
            ids.add(monitors.save(anSmtpMonitor("none")
                    .named("refused " + i)
                    .target("127.0.0.1", FreePorts.next())
                    .everySeconds(PERIOD_SECONDS)));
        }
    }

    @AfterAll
    void stop() {
        if (platform != null) {
            platform.close();
        }
    }

    @Test
    void whatWasStoredStaysAndComesOnceThroughKillsAtAnyMoment() {
        Map<String, Instant> stored = new HashMap<>();
        for (int round = 0; round < 3; round++) {
            int before = stored.size() + random.nextInt(MONITORS);
            awaitMoreThan(before);
            stored.putAll(everyRun());
            switch (round) {
                case 0 -> platform.killAgent();
                case 1 -> platform.killController();
                default -> {
                    platform.killController();
                    platform.killAgent();
                }
            }
            platform.startMissing();
            assertThat(everyRun())
                    .as("runs that are stored after kill %d, behind %d runs, by seed %d", round, before, SEED)
                    .containsAllEntriesOf(stored);
        }
        platform.awaitAgent();
        awaitMoreThan(stored.size() + MONITORS);
        assertThat(everyRun()).containsAllEntriesOf(stored);
        ids.forEach(this::assertOnGrid);
        assertStoredIsWhatWasRun();
    }

    /**
     * What was acked is stored, what is stored was run, and nothing was run twice: a second run of one moment has the key
     * of the first and would take its place unseen, but not its id.
     */
    private void assertStoredIsWhatWasRun() {
        platform.killAgent();
        Set<UUID> stored = storedRuns();
        List<UUID> acked = platform.spool().ackedRuns();
        Set<UUID> run = new HashSet<>(acked);
        run.addAll(platform.spool().openRuns());
        assertThat(stored).as("runs that are stored").containsAll(acked);
        if (Duration.ofNanos(System.nanoTime() - begun).compareTo(SPOOL_COMPLETE) < 0) {
            assertThat(run).as("runs that the agent made").containsAll(stored);
        }
        platform.startAgent();
    }

    private Set<UUID> storedRuns() {
        try (ControllerDatabase database = ControllerDatabase.of(platform.controllerData())) {
            List<String> all = database.strings("SELECT run_id FROM postwatch.result");
            assertThat(all).as("ids of stored runs").doesNotHaveDuplicates();
            return all.stream().map(UUID::fromString).collect(Collectors.toSet());
        }
    }

    @Test
    void theAgentGoesOnWithoutTheControllerEvenAfterItsOwnRestartAndNothingIsMissing() {
        ids.forEach(id -> monitors.awaitRun(id, PATIENCE, run -> !run.triggered()));
        platform.awaitAgent();
        Instant before = latestOf(ids.getFirst());
        platform.killController();
        platform.killAgent();
        platform.startAgent();
        // The third of each comes while the controller starts, which takes its time.
        await("runs in the spool")
                .atMost(PATIENCE)
                .until(() -> platform.spool().openRuns().size(), runs -> runs > 2 * MONITORS);
        platform.startController();
        for (String id : ids) {
            await("runs made without the controller")
                    .atMost(PATIENCE)
                    .until(() -> latestOf(id), latest -> latest.isAfter(before.plus(PERIOD.multipliedBy(3))));
            List<Instant> grid = onGrid(id).stream()
                    .filter(at -> at.isAfter(before))
                    .sorted()
                    .toList();
            // One run may have died with the agent; from then on there is one for each period.
            for (int i = 1; i < grid.size(); i++) {
                Duration step = Duration.between(grid.get(i - 1), grid.get(i));
                assertThat(step)
                        .as("the step to %s in %s", grid.get(i), grid)
                        .isIn(i == 1 ? List.of(PERIOD, PERIOD.multipliedBy(2)) : List.of(PERIOD));
            }
            assertOnGrid(id);
        }
    }

    private void awaitMoreThan(int runs) {
        await("more than " + runs + " runs")
                .atMost(PATIENCE)
                .until(() -> everyRun().size(), stored -> stored > runs);
    }

    /** Result id to scheduled time. */
    private Map<String, Instant> everyRun() {
        Map<String, Instant> all = new HashMap<>();
        for (String id : ids) {
            for (Run run : monitors.runs(id)) {
                assertThat(all.put(id + "/" + run.id(), run.scheduledAt()))
                        .as("id of a result")
                        .isNull();
            }
        }
        return all;
    }

    private Instant latestOf(String id) {
        return onGrid(id).stream().max(Instant::compareTo).orElse(Instant.EPOCH);
    }

    private List<Instant> onGrid(String id) {
        return monitors.runs(id).stream()
                .filter(run -> !run.triggered())
                .map(Run::scheduledAt)
                .toList();
    }

    private void assertOnGrid(String id) {
        List<Instant> times = onGrid(id);
        Instant first = times.getFirst();
        assertThat(times)
                .allSatisfy(at -> assertThat(Duration.between(first, at).toNanos() % PERIOD.toNanos())
                        .isZero());
    }
}
