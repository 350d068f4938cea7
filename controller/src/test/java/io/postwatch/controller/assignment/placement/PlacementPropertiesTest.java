package io.postwatch.controller.assignment.placement;

import static org.assertj.core.api.Assertions.assertThat;

import io.postwatch.controller.assignment.placement.Placement.Candidate;
import io.postwatch.controller.assignment.placement.Placement.Standing;
import io.postwatch.controller.shared.AddressFamily;
import io.postwatch.controller.shared.AuthMechanism;
import io.postwatch.controller.shared.MonitorType;
import io.postwatch.controller.shared.id.AgentId;
import io.postwatch.controller.shared.id.MonitorId;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What must hold of placement in every pool: drawn from seeds, which the names of the tests tell. */
class PlacementPropertiesTest {
    private static final AgentAbilities ALL =
            new AgentAbilities(Set.of(MonitorType.values()), Set.of(AuthMechanism.values()), Set.of(), true, true);
    private static final AgentAbilities NO_SMTP =
            new AgentAbilities(Set.of(MonitorType.IMAP, MonitorType.POP3), Set.of(), Set.of(), true, true);
    private static final Needs SMTP = new Needs(MonitorType.SMTP, AddressFamily.ANY, Set.of(), null);
    private static final int MONITORS = 400;

    /** Whatever happens to one agent of a pool, no monitor moves between two others. */
    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20})
    void onlyMonitorsOfTheAgentThatChangedMove(long seed) {
        Random random = new Random(seed);
        List<Candidate> pool = pool(random);
        List<MonitorId> monitors = monitors(random);
        Map<MonitorId, AgentId> placed = place(pool, monitors, Map.of());
        for (int step = 0; step < 12; step++) {
            int which = random.nextInt(pool.size());
            Candidate before = pool.get(which);
            Candidate changed = change(random, before);
            List<Candidate> next = new ArrayList<>(pool);
            next.set(which, changed);

            Map<MonitorId, AgentId> after = place(next, monitors, placed);

            if (next.stream().anyMatch(PlacementPropertiesTest::takesWork)) {
                for (MonitorId monitor : monitors) {
                    AgentId from = placed.get(monitor);
                    AgentId to = after.get(monitor);
                    assertThat(from == null || from.equals(to) || touches(from, to, before))
                            .as("step %s: %s to %s moves %s from %s to %s", step, before, changed, monitor, from, to)
                            .isTrue();
                }
            }
            assertThat(after.values())
                    .as("step %s: in maintenance", step)
                    .noneMatch(agents(next, Standing.IN_MAINTENANCE)::contains);
            pool = next;
            placed = after;
        }
    }

    private static boolean touches(AgentId from, @Nullable AgentId to, Candidate changed) {
        return from.equals(changed.agent()) || changed.agent().equals(to);
    }

    /** An agent's part of the monitors is its part of the capacity, within four standard deviations. */
    @ParameterizedTest
    @ValueSource(longs = {21, 22, 23, 24, 25, 26, 27, 28, 29, 30})
    void monitorsAreSpreadByCapacity(long seed) {
        Random random = new Random(seed);
        List<Candidate> pool = Stream.generate(() -> agent(random, Standing.AT_WORK, ALL))
                .limit(2 + random.nextInt(6))
                .toList();
        double capacity = pool.stream().mapToInt(Candidate::capacity).sum();
        int monitors = 4_000;
        Map<AgentId, Integer> counts = new HashMap<>();
        for (int i = 0; i < monitors; i++) {
            counts.merge(Placement.choose(monitor(random), SMTP, pool, null).orElseThrow(), 1, Integer::sum);
        }

        for (Candidate agent : pool) {
            double part = agent.capacity() / capacity;
            double deviation = Math.sqrt(monitors * part * (1 - part));
            assertThat((double) counts.getOrDefault(agent.agent(), 0))
                    .as("%s of %s", agent.capacity(), capacity)
                    .isBetween(monitors * part - 4 * deviation, monitors * part + 4 * deviation);
        }
    }

    /** Two controllers that see a pool in different orders place alike. */
    @ParameterizedTest
    @ValueSource(longs = {31, 32, 33})
    void theOrderOfAgentsDoesNotMatter(long seed) {
        Random random = new Random(seed);
        List<Candidate> pool = pool(random);
        List<MonitorId> monitors = monitors(random);
        List<Candidate> otherwise = new ArrayList<>(pool);
        java.util.Collections.shuffle(otherwise, random);

        assertThat(place(otherwise, monitors, Map.of())).isEqualTo(place(pool, monitors, Map.of()));
    }

    /** Who ran what before this rule knew weights runs it still: an upgrade moves nothing. */
    @Test
    void placesAsItAlwaysDidWhereCapacitiesAreEqual() {
        List<Candidate> pool = Stream.of(1L, 2L, 3L)
                .map(n -> new Candidate(new AgentId(new UUID(0, n)), Standing.AT_WORK, 80, ALL))
                .toList();

        assertThat(Stream.of(1L, 2L, 3L, 4L, 5L, 6L, 7L, 8L)
                        .map(n -> Placement.choose(new MonitorId(new UUID(0, 100 + n)), SMTP, pool, null)
                                .orElseThrow()
                                .value()
                                .getLeastSignificantBits()))
                .containsExactly(1L, 1L, 1L, 2L, 1L, 1L, 2L, 3L);
    }

    private static Map<MonitorId, AgentId> place(
            List<Candidate> pool, List<MonitorId> monitors, Map<MonitorId, AgentId> current) {
        Map<MonitorId, AgentId> placed = new HashMap<>();
        for (MonitorId monitor : monitors) {
            Optional<AgentId> chosen = Placement.choose(monitor, SMTP, pool, current.get(monitor));
            chosen.ifPresent(agent -> placed.put(monitor, agent));
        }
        return placed;
    }

    private static boolean takesWork(Candidate candidate) {
        return candidate.standing() == Standing.AT_WORK && candidate.abilities().cover(SMTP);
    }

    private static List<AgentId> agents(List<Candidate> pool, Standing standing) {
        return pool.stream()
                .filter(candidate -> candidate.standing() == standing)
                .map(Candidate::agent)
                .toList();
    }

    private static Candidate change(Random random, Candidate agent) {
        Standing[] standings = Standing.values();
        return new Candidate(
                agent.agent(),
                standings[random.nextInt(standings.length)],
                random.nextBoolean() ? agent.capacity() : capacity(random),
                random.nextInt(4) > 0 ? agent.abilities() : random.nextBoolean() ? ALL : NO_SMTP);
    }

    private static List<Candidate> pool(Random random) {
        List<Candidate> pool = new ArrayList<>();
        pool.add(agent(random, Standing.AT_WORK, ALL));
        for (int others = 1 + random.nextInt(7); others > 0; others--) {
            Standing[] standings = Standing.values();
            pool.add(agent(random, standings[random.nextInt(standings.length)], random.nextInt(5) > 0 ? ALL : NO_SMTP));
        }
        return pool;
    }

    private static Candidate agent(Random random, Standing standing, AgentAbilities abilities) {
        return new Candidate(
                new AgentId(new UUID(random.nextLong(), random.nextLong())), standing, capacity(random), abilities);
    }

    private static int capacity(Random random) {
        return 1 << random.nextInt(8);
    }

    private static List<MonitorId> monitors(Random random) {
        return Stream.generate(() -> monitor(random)).limit(MONITORS).toList();
    }

    private static MonitorId monitor(Random random) {
        return new MonitorId(new UUID(random.nextLong(), random.nextLong()));
    }
}
