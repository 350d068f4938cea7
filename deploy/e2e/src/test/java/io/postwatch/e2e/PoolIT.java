package io.postwatch.e2e;

import static io.postwatch.e2e.MonitorBody.anSmtpMonitor;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.postwatch.testserver.TestAuthority;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** Two agents of one location: they share its monitors, one takes over when the other dies, and both can be maintained. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class PoolIT {
    /** So many that it will not happen that one agent wins them all. */
    private static final int MONITORS = 30;

    private static final Duration PERIOD = Duration.ofSeconds(10);
    private static final Duration FAIL_OVER = Duration.ofSeconds(30);
    private static final Duration PATIENCE = Duration.ofSeconds(90);

    private final List<String> ids = new ArrayList<>();
    private Platform platform;
    private AgentPart second;
    private Monitors monitors;
    private String firstId = "";
    private String secondId = "";

    @BeforeAll
    void start(@TempDir(cleanup = CleanupMode.ON_SUCCESS) Path folder) {
        TestAuthority authority = TestAuthority.create();
        platform = Platform.start(folder.resolve("platform"), authority);
        monitors = new Monitors(platform);
        firstId = agents().getFirst().path("id").asString();
        FreePorts free = new FreePorts();
        for (int i = 0; i < MONITORS; i++) {
            // Nobody listens there: a refusal is a result like any other.
            ids.add(monitors.save(anSmtpMonitor("none")
                    .named("refused " + i)
                    .target("127.0.0.1", free.next())
                    .everySeconds((int) PERIOD.toSeconds())));
        }
        second = new AgentPart("second-agent", platform.folder());
        second.configure(platform.first().controller().agentPort(), authority);
        second.start(platform.api()
                .created("/enrolment-tokens", Map.of("locationId", platform.locationId()))
                .path("token")
                .asString());
        secondId = await("the second agent")
                .atMost(PATIENCE)
                .until(
                        () -> agents().stream()
                                .map(agent -> agent.path("id").asString())
                                .filter(id -> !id.equals(firstId))
                                .findFirst(),
                        found -> found.isPresent())
                .orElseThrow();
    }

    @AfterAll
    void stop() {
        try (Platform _ = platform) {
            if (second != null) {
                second.close();
            }
        }
    }

    @Test
    void theyShareTakeOverAndAreMaintainedAndNothingRunsTwiceOrNotAtAll() {
        awaitShared();
        int shareOfFirst = checks(firstId);
        assertThat(shareOfFirst).isBetween(1, MONITORS - 1);
        Instant killed = Instant.now();

        platform.killAgent();

        await("the other agent runs all").atMost(FAIL_OVER).until(() -> runsInSync(secondId, MONITORS));
        awaitRunsSince(killed.plus(FAIL_OVER));

        platform.startAgent();
        awaitShared();
        assertThat(checks(firstId)).as("it gets back what it had").isEqualTo(shareOfFirst);

        JsonNode drained = platform.api().created("/agents/" + secondId + "/drain", Map.of());
        assertThat(drained.path("otherAgents").asInt()).isOne();
        await("the first agent runs all").atMost(PATIENCE).until(() -> runsInSync(firstId, MONITORS));
        await("the second one heard of it").atMost(PATIENCE).until(() -> runsInSync(secondId, 0));
        assertThat(agent(secondId).path("state").asString()).isEqualTo("online");
        assertThat(agent(secondId).path("maintenanceSince").asString()).isNotBlank();
        awaitRunsSince(Instant.now());

        platform.api().created("/agents/" + secondId + "/resume", Map.of());
        awaitShared();
        awaitRunsSince(Instant.now());

        ids.forEach(id -> assertNoHoleIsLongerThan(id, FAIL_OVER.plus(PERIOD.multipliedBy(2))));
        try (ControllerDatabase database = ControllerDatabase.of(platform.controllerData())) {
            assertThat(database.strings("SELECT series || ' ' || scheduled_at FROM postwatch.result"))
                    .doesNotHaveDuplicates();
        }
    }

    private void awaitShared() {
        await("both agents run their share").atMost(PATIENCE).until(() -> {
            int ofFirst = checks(firstId);
            int ofSecond = checks(secondId);
            return ofFirst > 0
                    && ofSecond > 0
                    && ofFirst + ofSecond == MONITORS
                    && runsInSync(firstId, ofFirst)
                    && runsInSync(secondId, ofSecond);
        });
    }

    private boolean runsInSync(String agent, int checks) {
        JsonNode shown = agent(agent);
        return shown.path("assignments").asInt() == checks
                && shown.path("sync").path("state").asString().equals("in-sync")
                && shown.path("state").asString().equals("online");
    }

    private void awaitRunsSince(Instant moment) {
        for (String id : ids) {
            await("a run of each monitor")
                    .atMost(PATIENCE)
                    .until(() -> onGrid(id).getLast().isAfter(moment));
        }
    }

    private void assertNoHoleIsLongerThan(String id, Duration longest) {
        List<Instant> times = onGrid(id);
        for (int i = 1; i < times.size(); i++) {
            assertThat(Duration.between(times.get(i - 1), times.get(i)))
                    .as("between the runs of %s", times)
                    .isLessThanOrEqualTo(longest);
        }
    }

    /** The scheduled times of a monitor's runs, in order. */
    private List<Instant> onGrid(String id) {
        List<Instant> times = monitors.runs(id).stream()
                .filter(run -> !run.triggered())
                .map(Run::scheduledAt)
                .sorted()
                .toList();
        return times.isEmpty() ? List.of(Instant.EPOCH) : times;
    }

    private int checks(String agent) {
        return agent(agent).path("assignments").asInt();
    }

    private JsonNode agent(String id) {
        return platform.api().read("/agents/" + id);
    }

    private List<JsonNode> agents() {
        return platform.api()
                .read("/agents?locationId=" + platform.locationId())
                .path("items")
                .valueStream()
                .toList();
    }
}
