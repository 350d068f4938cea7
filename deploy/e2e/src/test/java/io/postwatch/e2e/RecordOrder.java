package io.postwatch.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import java.util.function.Function;
import java.util.function.ToLongFunction;
import java.util.stream.Collectors;

/**
 * In which order results went up: within each lane the database has them as the agent numbered them, and within each lane
 * the runs of a series are numbered as the probed server saw them.
 */
final class RecordOrder {
    private final List<RecordedRun> numbered;

    private record SeriesInLane(RecordedRun.LaneOfSpool lane, long series) {}

    RecordOrder(Collection<RecordedRun> recorded) {
        numbered = recorded.stream()
                .filter(run -> run.place() != null)
                .sorted(Comparator.comparingLong(run -> place(run).sequence()))
                .toList();
    }

    /**
     * All of it.
     *
     * @param probes as their servers know them
     * @param stored a row that another agent stored first says nothing of this one's order
     */
    void check(Collection<Probe> probes, Collection<StoredRun> stored) {
        Map<UUID, Long> transactions =
                stored.stream().collect(Collectors.toMap(StoredRun::run, StoredRun::transaction));
        Map<String, Instant> greeted = new HashMap<>();
        probes.forEach(probe -> greeted.put(probe.name(), probe.at()));
        assertThat(numbered).as("results that were numbered").isNotEmpty();
        by(run -> place(run).lane()).forEach((lane, runs) -> {
            assertThat(runs.stream().map(run -> place(run).sequence()))
                    .as("numbers in %s", lane)
                    .doesNotHaveDuplicates();
            assertAscending(
                    "stored of " + lane,
                    runs.stream()
                            .filter(run -> transactions.containsKey(run.run()))
                            .toList(),
                    run -> transactions.getOrDefault(run.run(), 0L));
        });
        by(run -> new SeriesInLane(place(run).lane(), run.key().series())).forEach((series, runs) -> {
            // Who is triggered goes beside the grid; what was skipped or given up is told beside the run that goes on.
            List<RecordedRun> onGrid = runs.stream()
                    .filter(run -> !run.triggered() && greeted.containsKey(Probe.named(run.greeting())))
                    .toList();
            assertThat(onGrid.stream().map(run -> run.key().scheduledAt()))
                    .as("due in %s, in the order of their numbers", series)
                    .isSorted()
                    .doesNotHaveDuplicates();
            assertAscending(
                    "probed in " + series,
                    onGrid,
                    run -> greeted.getOrDefault(Probe.named(run.greeting()), Instant.EPOCH)
                            .toEpochMilli());
        });
    }

    private <K> Map<K, List<RecordedRun>> by(Function<RecordedRun, K> what) {
        return numbered.stream().collect(Collectors.groupingBy(what));
    }

    private static void assertAscending(String what, List<RecordedRun> runs, ToLongFunction<RecordedRun> value) {
        assertThat(runs)
                .as(what + ", in the order of their numbers")
                .isSortedAccordingTo(Comparator.comparingLong(value));
    }

    private static RecordedRun.Place place(RecordedRun run) {
        return Objects.requireNonNull(run.place());
    }
}
