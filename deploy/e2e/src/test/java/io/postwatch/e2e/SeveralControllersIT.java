package io.postwatch.e2e;

import static io.postwatch.e2e.MonitorBody.anSmtpMonitor;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.postwatch.testserver.TestAuthority;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** Two controllers on one database, an agent at each: what is done at one holds at both. */
@ExtendWith(LastLines.class)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class SeveralControllersIT {
    private static final int PERIOD_SECONDS = 3_600;
    private static final int CHANGES = 20;
    private static final Duration PATIENCE = Duration.ofSeconds(90);

    private Platform platform;

    @BeforeAll
    void start(@TempDir(cleanup = CleanupMode.ON_SUCCESS) Path folder) {
        platform = Platform.startTwo(folder.resolve("platform"), TestAuthority.create());
    }

    @AfterAll
    void stop() {
        if (platform != null) {
            platform.close();
        }
    }

    /** Nobody listens there: a refusal is a result like any other. */
    private MonitorBody refused(String name, Platform.Place place) {
        return anSmtpMonitor("none")
                .named(name)
                .target("127.0.0.1", FreePorts.next())
                .everySeconds(PERIOD_SECONDS)
                .from(place.locationId());
    }

    private static String save(Platform.Place at, MonitorBody monitor) {
        return at.api().created("/monitors", monitor.fields()).path("id").asString("");
    }

    @Test
    void aMonitorSavedAtOneControllerIsRunByTheAgentOfTheOther() {
        String id = save(platform.first(), refused("saved at the other", platform.second()));

        Run run = new Monitors(platform.second()).awaitRun(id, PATIENCE, any -> true);

        assertThat(run.status()).isEqualTo("ERROR");
        assertThat(new Monitors(platform.first()).runs(id)).isNotEmpty();
        awaitSync(id, "in-sync");
    }

    @Test
    void aMonitorTestBegunAtOneRunsAtTheAgentsOfBoth() {
        List<String> locations =
                List.of(platform.first().locationId(), platform.second().locationId());
        String id = platform.first()
                .api()
                .created(
                        "/monitor-tests",
                        Map.of("monitor", refused("tried", platform.first()).fields(), "locationIds", locations))
                .path("id")
                .asString("");

        for (Platform.Place place : List.of(platform.first(), platform.second())) {
            JsonNode test = await("the outcomes")
                    .atMost(PATIENCE)
                    .until(
                            () -> place.api().read("/monitor-tests/" + id),
                            answer -> answer.path("state").asString("").equals("done"));
            assertThat(test.path("outcomes")
                            .valueStream()
                            .map(outcome -> outcome.path("state").asString("")))
                    .containsExactly("done", "done");
        }
    }

    /** How long that takes depends on the machine and is only told. */
    @Test
    void changesMadeAtOneAreAppliedByTheAgentOfTheOther() {
        String id = save(platform.first(), refused("paused and resumed", platform.second()));
        awaitSync(id, "in-sync");
        List<Long> millis = new ArrayList<>();
        for (int i = 0; i < CHANGES; i++) {
            Map<String, ?> changed = refused("changed " + i, platform.second()).fields();
            long begun = System.nanoTime();
            Api.Answer answer = platform.first().api().put("/monitors/" + id, changed);
            assertThat(answer.status()).as(answer.toString()).isEqualTo(200);
            awaitSync(id, "in-sync");
            millis.add(Duration.ofNanos(System.nanoTime() - begun).toMillis());
        }
        Collections.sort(millis);
        System.out.printf(
                "A change at one controller, applied by the agent of the other: median %d ms, longest of %d %d ms%n",
                millis.get(CHANGES / 2), CHANGES, millis.getLast());
    }

    private void awaitSync(String monitor, String sync) {
        await("the change is " + sync)
                .pollInterval(Duration.ofMillis(20))
                .atMost(PATIENCE)
                .until(() -> platform.second()
                        .api()
                        .read("/monitors/" + monitor)
                        .at("/status/locations/0/sync")
                        .asString("")
                        .equals(sync));
    }
}
