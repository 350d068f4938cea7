package io.postwatch.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;

/** What was destroyed of the results of agents, beside what each of them told of it. */
final class GapLedger {
    private static final int SPOOL_DAMAGED = 3;

    /** By agent, in the order in which they were done: the moment, and what was lost with it. */
    private final Map<String, TreeMap<Instant, List<RecordedRun>>> damages = new HashMap<>();

    /**
     * A gap as the database has it.
     *
     * @param agent its id
     * @param reason a number of the protocol
     * @param first what was due from here
     * @param last to here may be missing; of a damage when it was noticed
     */
    record Told(String agent, int reason, Instant first, Instant last) {
        private static final String ALL = "SELECT agent_id || '|' || reason || '|' || "
                + ControllerDatabase.utc("first_at") + " || '|' || " + ControllerDatabase.utc("last_at")
                + " FROM postwatch.spool_gap";

        static List<Told> all(ControllerDatabase database) {
            return database.strings(ALL).stream()
                    .map(row -> row.split("\\|", 4))
                    .map(row ->
                            new Told(row[0], Integer.parseInt(row[1]), Instant.parse(row[2]), Instant.parse(row[3])))
                    .toList();
        }

        private boolean covers(RecordedRun lost) {
            return !lost.key().scheduledAt().isBefore(first)
                    && !lost.key().scheduledAt().isAfter(last);
        }
    }

    /** The disk of the agent with this id, which doesn't run, was damaged; these were on it. */
    void damaged(String agent, Instant at, Collection<RecordedRun> runs) {
        damages.computeIfAbsent(agent, a -> new TreeMap<>())
                .put(at, runs.stream().filter(run -> !run.acked()).toList());
    }

    /** The ids of the runs that went with a disk before the agent knew them stored. */
    Set<UUID> destroyed() {
        Set<UUID> destroyed = new HashSet<>();
        damages.values()
                .forEach(ofAgent -> ofAgent.values().forEach(lost -> lost.forEach(run -> destroyed.add(run.run()))));
        return destroyed;
    }

    /**
     * Each gap is explained by one damage that was done to its agent, noticed before the next one; each agent told the last
     * damage that was done to it, and of every result that was destroyed tells a gap that it may be missing. A gap that waits
     * in a spool is destroyed with it, so of several damages in a row only the last is sure to be told.
     */
    void check(Collection<Told> told) {
        assertThat(told).as("gaps that no damaged disk explains").allMatch(gap -> gap.reason() == SPOOL_DAMAGED);
        List<String> explained = new ArrayList<>();
        for (Told gap : told) {
            Instant damage = damages.getOrDefault(gap.agent(), new TreeMap<>()).floorKey(gap.last());
            assertThat(damage)
                    .as("the damage that explains %s, of %s", gap, damages)
                    .isNotNull();
            explained.add(gap.agent() + " " + damage);
        }
        assertThat(explained).as("damages that gaps tell of").doesNotHaveDuplicates();
        damages.forEach((agent, done) -> {
            assertThat(explained).as("damages that are told").contains(agent + " " + done.lastKey());
            List<Told> ofAgent =
                    told.stream().filter(gap -> gap.agent().equals(agent)).toList();
            done.values()
                    .forEach(lost -> assertThat(lost)
                            .as("destroyed results of %s, which told %s", agent, ofAgent)
                            .allMatch(run -> ofAgent.stream().anyMatch(gap -> gap.covers(run))));
        });
    }
}
