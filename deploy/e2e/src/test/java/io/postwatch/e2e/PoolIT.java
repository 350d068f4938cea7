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
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/**
 * Two agents of one location: they share its monitors, one takes over when the other dies or is never heard of again, and
 * both can be maintained. What ran when, and who did it, is told by the servers that were probed.
 */
@ExtendWith(LastLines.class)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class PoolIT {
    /** So many that it will not happen that one agent wins them all. */
    private static final int MONITORS = 30;

    private static final int FIRST = 0;
    private static final int SECOND = 1;
    private static final Duration PERIOD = Duration.ofSeconds(10);
    private static final Duration FAIL_OVER = Duration.ofSeconds(30);
    private static final Duration PATIENCE = Duration.ofSeconds(90);
    /** The shorter it is, the younger is a probe that may have died with its agent. */
    private static final Duration TIMEOUT = Duration.ofSeconds(3);

    /**
     * Two agents hear of a move within milliseconds of each other. A moment of the grid between the two is run by both or by
     * neither, which is rare; an agent that stopped while nobody had begun would cost several.
     */
    private static final int BETWEEN_TWO_AGENTS = 1;

    private final List<TickLedger.Death> deaths = new ArrayList<>();
    private final List<TickLedger.HandOver> handOvers = new ArrayList<>();
    private ProbeLedger ledger;
    private Platform platform;
    private NamedAgent first;
    private NamedAgent second;
    private String firstId = "";
    private String secondId = "";

    @BeforeAll
    void start(@TempDir(cleanup = CleanupMode.ON_SUCCESS) Path folder) {
        TestAuthority authority = TestAuthority.create();
        ledger = new ProbeLedger(MONITORS, TIMEOUT);
        platform = Platform.start(folder.resolve("platform"), authority);
        Monitors monitors = new Monitors(platform);
        firstId = agents().getFirst().path("id").asString();
        first = named(platform.first().agent(), FIRST, authority);
        second = named(new AgentPart("second-agent", platform.folder()), SECOND, authority);
        first.start();
        second.start();
        secondId = await("the second agent")
                .atMost(PATIENCE)
                .until(
                        () -> agents().stream()
                                .map(agent -> agent.path("id").asString())
                                .filter(id -> !id.equals(firstId))
                                .findFirst(),
                        found -> found.isPresent())
                .orElseThrow();
        for (int i = 0; i < MONITORS; i++) {
            monitors.save(anSmtpMonitor("none")
                    .named("probed " + i)
                    .target("127.0.0.1", ledger.ports().get(i))
                    .everySeconds((int) PERIOD.toSeconds())
                    .with("timeoutSeconds", TIMEOUT.toSeconds()));
        }
    }

    private NamedAgent named(AgentPart agent, int number, TestAuthority authority) {
        return new NamedAgent(
                agent,
                number,
                platform.first().controller().agentPort(),
                authority,
                platform.first().newEnrolmentToken(),
                ledger);
    }

    @AfterAll
    void stop() {
        try (ProbeLedger _ = ledger;
                Platform _ = platform) {
            // What is stopped hears no signal but the last.
            if (first != null) {
                first.resume();
            }
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
        Instant begun = Instant.now();

        // Its connection stands, and nothing is heard of it: only heartbeats can tell.
        noteDeath(firstId);
        first.pause();
        await("the second agent runs all").atMost(FAIL_OVER).until(() -> runsInSync(secondId, MONITORS));
        awaitRunsSince(Instant.now());
        // It goes on where it was stopped, with what has long been another's.
        handOver(first::resume, this::awaitShared);
        assertThat(checks(firstId)).as("it gets back what it had").isEqualTo(shareOfFirst);

        noteDeath(secondId);
        second.kill();
        await("the first agent runs all").atMost(FAIL_OVER).until(() -> runsInSync(firstId, MONITORS));
        awaitRunsSince(Instant.now());
        handOver(second::start, this::awaitShared);
        assertThat(checks(firstId)).as("it keeps what it had").isEqualTo(shareOfFirst);

        handOver(this::drainSecond, this::awaitDrained);
        assertThat(agent(secondId).path("state").asString()).isEqualTo("online");
        assertThat(agent(secondId).path("maintenanceSince").asString()).isNotBlank();
        awaitRunsSince(Instant.now());
        handOver(() -> platform.api().created("/agents/" + secondId + "/resume", Map.of()), this::awaitShared);

        ledger.freeze();
        Instant end = Instant.now();
        awaitRunsSince(end);
        assertAccountsAgree(begun, end);
    }

    private void noteDeath(String agent) {
        Set<Long> series = read(database -> database.strings(
                        "SELECT series::text FROM postwatch.assignment WHERE agent_id = '" + agent + "'"))
                .stream()
                .map(Long::valueOf)
                .collect(Collectors.toSet());
        deaths.add(new TickLedger.Death(series, Instant.now(), ProbeLedger.inFlight(TIMEOUT), FAIL_OVER));
    }

    private void handOver(Runnable cause, Runnable awaited) {
        Instant from = Instant.now();
        cause.run();
        awaited.run();
        handOvers.add(new TickLedger.HandOver(from, Instant.now()));
    }

    private void drainSecond() {
        JsonNode drained = platform.api().created("/agents/" + secondId + "/drain", Map.of());
        assertThat(drained.path("otherAgents").asInt()).isOne();
    }

    private void awaitDrained() {
        await("the first agent runs all").atMost(PATIENCE).until(() -> runsInSync(firstId, MONITORS));
        await("the second one heard of it").atMost(PATIENCE).until(() -> runsInSync(secondId, 0));
    }

    /** The servers', the agents' and the database's. */
    private void assertAccountsAgree(Instant from, Instant to) {
        await("all is sent").atMost(PATIENCE).until(() -> {
            noteSpools();
            return first.spool().openRuns().isEmpty()
                    && second.spool().openRuns().isEmpty();
        });
        ledger.settle();
        List<StoredRun> stored = read(StoredRun::all);
        noteSpools();
        ledger.check(stored, read(GapLedger.Told::all));
        assertThat(first.spool().setAside())
                .as("results of the first that are never stored")
                .isEmpty();
        assertThat(second.spool().setAside())
                .as("results of the second that are never stored")
                .isEmpty();
        TickLedger ticks = new TickLedger(PERIOD, from, ledger.probes(), ledger.due(), stored);
        ticks.assertRunByOne(handOvers);
        ticks.assertNoneMissing(
                from, to, deaths, handOvers, TickLedger.Move.of(first.applied(), second.applied()), BETWEEN_TWO_AGENTS);
        assertThat(ticks.doubled())
                .as("moments that were run by two and stored once; without any that would not be proved")
                .isPositive();
    }

    private void noteSpools() {
        ledger.note(firstId, first.spool().everyRun());
        ledger.note(secondId, second.spool().everyRun());
    }

    private <T> T read(Function<ControllerDatabase, T> what) {
        try (ControllerDatabase database = ControllerDatabase.of(platform.controllerData())) {
            return what.apply(database);
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
        String due = "SELECT DISTINCT series::text FROM postwatch.result WHERE NOT triggered AND scheduled_at > '"
                + moment + "'";
        await("a run of each monitor")
                .atMost(PATIENCE)
                .until(() -> read(database -> database.strings(due)).size() == MONITORS);
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
