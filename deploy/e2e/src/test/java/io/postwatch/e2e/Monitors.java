package io.postwatch.e2e;

import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import tools.jackson.databind.JsonNode;

/** What the tests do with monitors, through the REST API. */
final class Monitors {
    private final Platform.Place place;

    Monitors(Platform platform) {
        this(platform.first());
    }

    /** Through this place's controller, at its location. */
    Monitors(Platform.Place place) {
        this.place = place;
    }

    /** Saves it for the location and returns its id. */
    String save(MonitorBody monitor) {
        return place.api()
                .created("/monitors", monitor.from(place.locationId()).fields())
                .path("id")
                .asString("");
    }

    void delete(String id) {
        Api.Answer answer = place.api().delete("/monitors/" + id);
        if (answer.status() != 204) {
            throw new AssertionError("DELETE monitor: " + answer);
        }
    }

    /** Every stored result, newest first. */
    List<Run> runs(String id) {
        List<Run> runs = new ArrayList<>();
        String cursor = "";
        do {
            JsonNode page = place.api()
                    .read("/monitors/" + id + "/results?limit=500" + (cursor.isEmpty() ? "" : "&cursor=" + cursor));
            page.path("items").forEach(item -> runs.add(new Run(item)));
            cursor = page.path("nextCursor").asString("");
        } while (!cursor.isEmpty());
        return runs;
    }

    /** The first stored result that is like this, in full. */
    Run awaitRun(String id, Duration within, Predicate<Run> like) {
        String runId = await("a run of " + id)
                .pollDelay(Duration.ZERO)
                .atMost(within)
                .until(() -> runs(id).stream().filter(like).map(Run::id).findFirst(), found -> found.isPresent())
                .orElseThrow();
        return inFull(id, runId);
    }

    /** The first stored result of what was due on the grid after that moment, in full. */
    Run awaitFirstAfter(String id, Instant moment, Duration within) {
        String runId = await("a run of " + id + " after " + moment)
                .atMost(within)
                .until(
                        () -> runs(id).stream()
                                .filter(run ->
                                        !run.triggered() && run.scheduledAt().isAfter(moment))
                                .min(Comparator.comparing(Run::scheduledAt))
                                .map(Run::id),
                        found -> found.isPresent())
                .orElseThrow();
        return inFull(id, runId);
    }

    private Run inFull(String id, String runId) {
        return new Run(place.api().read("/monitors/" + id + "/results/" + runId));
    }

    /** Runs the monitor once without saving it. */
    Run test(MonitorBody monitor) {
        String id = place.api()
                .created(
                        "/monitor-tests",
                        Map.of("monitor", monitor.fields(), "locationIds", List.of(place.locationId())))
                .path("id")
                .asString("");
        JsonNode test = await("the test of a monitor")
                .atMost(Duration.ofSeconds(40))
                .until(
                        () -> place.api().read("/monitor-tests/" + id),
                        answer -> answer.path("state").asString("").equals("done"));
        JsonNode outcome = test.path("outcomes").path(0);
        if (!outcome.path("state").asString("").equals("done")) {
            throw new AssertionError("the test has no result: " + test);
        }
        return new Run(outcome.path("result"));
    }
}
