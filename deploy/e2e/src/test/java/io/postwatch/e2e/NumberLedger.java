package io.postwatch.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.UUID;

/**
 * The numbers that agents give, each of them once for ever: the number of a run on the grid of its series, and the number
 * of a record in its lane. What was seen once counts, also where the agent says something else of it later.
 */
final class NumberLedger {
    private final Map<OnGrid, Set<UUID>> runsOnGrid = new HashMap<>();
    private final Map<RecordedRun.Place, Set<UUID>> runsInLane = new HashMap<>();
    private final Map<InSpool, Set<RecordedRun.Place>> placesOfRun = new HashMap<>();

    /** By agent: an agent knows which numbers it has taken by what is on its disk. */
    private final Map<String, Integer> disks = new HashMap<>();

    /** A moment of a grid on one disk of one agent. Two agents may run the same one. */
    private record OnGrid(String agent, int disk, RunKey number) {}

    private record InSpool(UUID run, String spool) {}

    /** The agent with this id has that run on its disk. */
    void note(String agent, RecordedRun run) {
        // Who is triggered goes beside the grid.
        if (!run.triggered()) {
            runsOnGrid
                    .computeIfAbsent(
                            new OnGrid(agent, disks.getOrDefault(agent, 0), run.key()), number -> new HashSet<>())
                    .add(run.run());
        }
        RecordedRun.Place place = run.place();
        if (place != null) {
            runsInLane.computeIfAbsent(place, number -> new HashSet<>()).add(run.run());
            placesOfRun
                    .computeIfAbsent(new InSpool(run.run(), place.lane().spool()), record -> new HashSet<>())
                    .add(place);
        }
    }

    /** What the agent with this id had on its disk is no more. */
    void damaged(String agent) {
        disks.merge(agent, 1, Integer::sum);
    }

    void check() {
        assertNone("numbers of the grid that one agent gave to several runs", runsOnGrid);
        assertNone("numbers of a lane that were given to several runs", runsInLane);
        assertNone("runs that had several numbers in one spool", placesOfRun);
    }

    private static <N, T> void assertNone(String what, Map<N, Set<T>> given) {
        assertThat(given.entrySet())
                .as(what)
                .filteredOn(entry -> entry.getValue().size() > 1)
                .isEmpty();
    }
}
