package io.postwatch.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Which agent of one location ran which moment of the grid, as the probed servers saw it. What the grids are is told by what
 * is stored; who came, when and how often, is the servers' own account. Each server is the target of one series.
 */
final class TickLedger {
    /** So much before its moment a run may seem to begin: agents know the controller's time that well. */
    private static final Duration CLOCKS_AGREE = Duration.ofSeconds(1);

    private final Duration period;

    /** Those on the grid that are judged. */
    private final List<Probe> probes;

    private final Map<String, Instant> due;
    private final Set<RunKey> answered = new HashSet<>();
    private final Map<Integer, RunKey> grids = new HashMap<>();

    /** A moment of the grid of the series whose target this server is. */
    record Tick(int server, Instant at) {}

    /** From what makes monitors change agents until both have told that they run what they should. */
    record HandOver(Instant from, Instant to) {
        private boolean covers(Instant moment) {
            return !moment.isBefore(from) && !moment.isAfter(to.plus(CLOCKS_AGREE));
        }
    }

    /**
     * Two agents heard of a move at these moments. That is the only reason why a run may be missing where nobody died: it was
     * due when one of them had given the monitor up and the other one did not have it.
     */
    record Move(Instant oneHeard, Instant otherHeard) {
        /** What is told in milliseconds is told within a second. */
        private static final Duration MILLISECONDS = Duration.ofSeconds(1);

        /** So well do agents know the controller's time, by which a run is due, and so late may one begin. */
        private static final Duration INACCURACY = Duration.ofMillis(100);

        /** Each that one heard of, with what the other one heard in the same moment. */
        static List<Move> of(Collection<Instant> one, Collection<Instant> other) {
            return one.stream()
                    .flatMap(heard -> other.stream()
                            .filter(alsoHeard ->
                                    Duration.between(heard, alsoHeard).abs().compareTo(MILLISECONDS) < 0)
                            .map(alsoHeard -> new Move(heard, alsoHeard)))
                    .toList();
        }

        private boolean covers(Instant moment) {
            boolean after = !moment.isBefore(earlier(oneHeard, otherHeard).minus(INACCURACY));
            return after && !moment.isAfter(later(oneHeard, otherHeard).plus(INACCURACY));
        }

        private static Instant earlier(Instant one, Instant other) {
            return one.isBefore(other) ? one : other;
        }

        private static Instant later(Instant one, Instant other) {
            return one.isBefore(other) ? other : one;
        }
    }

    /**
     * The agent that ran these series did nothing any more, and others had so long to take over.
     *
     * @param inFlight so long before its death a run may have been due that died with it
     */
    record Death(Set<Long> series, Instant at, Duration inFlight, Duration failOver) {
        Death {
            series = Set.copyOf(series);
        }
    }

    /**
     * Opens it.
     *
     * @param from who ran what before is not judged
     * @param due by the name of a probe, for which moment the agent says that it was
     */
    TickLedger(
            Duration period,
            Instant from,
            Collection<Probe> probes,
            Map<String, Instant> due,
            Collection<StoredRun> stored) {
        this.period = period;
        this.due = Map.copyOf(due);
        Set<String> triggered = new HashSet<>();
        for (StoredRun run : stored) {
            int server = Probe.server(run.greeting());
            if (run.triggered()) {
                triggered.add(Probe.named(run.greeting()));
            } else if (server >= 0) {
                grids.put(server, run.key());
                answered.add(run.key());
            }
        }
        this.probes = probes.stream()
                .filter(probe ->
                        !triggered.contains(probe.name()) && !probe.at().isBefore(from))
                .toList();
    }

    /**
     * Where agents recorded the moment of a probe, and it fits, that; else by when it was. An agent that goes on after it was
     * stopped runs the moment that has passed last, which may be just before the next.
     */
    private Tick tick(Probe probe) {
        RunKey grid = grid(probe.server());
        Instant near = probe.at().plus(CLOCKS_AGREE);
        Instant recorded = due.getOrDefault(probe.name(), near);
        boolean fits =
                !recorded.isAfter(near) && recorded.isAfter(near.minus(period).minus(CLOCKS_AGREE));
        return new Tick(probe.server(), tickAt(grid, fits ? recorded : near));
    }

    private RunKey grid(int server) {
        return Objects.requireNonNull(grids.get(server), "a server of which no run is stored");
    }

    /** How many moments were run by two agents. */
    int doubled() {
        return (int) byTick().values().stream().filter(some -> some.size() > 1).count();
    }

    /** Nobody ran a moment twice, and two agents ran one only where the second of them did it while monitors changed agents. */
    void assertRunByOne(List<HandOver> handOvers) {
        assertThat(byTick().values())
                .as("moments that were run more than once, and not by two agents during %s", handOvers)
                .filteredOn(some -> some.size() > 1 && !isHandedOver(some, handOvers))
                .isEmpty();
    }

    /**
     * Every moment has its answer in the database, but those of a dead agent until another one had taken over, and the one
     * run that it was at; and but for so many that fell between one agent's hearing of a move and the other's, while monitors
     * changed agents.
     */
    void assertNoneMissing(
            Instant from, Instant to, List<Death> deaths, List<HandOver> handOvers, List<Move> moves, int atMost) {
        List<Tick> missing = ticks(from, to).stream()
                .filter(tick ->
                        !answered.contains(new RunKey(grid(tick.server()).series(), tick.at())))
                .filter(tick -> deaths.stream().noneMatch(death -> excuses(death, tick)))
                .toList();
        assertThat(missing)
                .as(
                        "moments without a run that fell between no two agents of which one lost it to the other: %s",
                        moves)
                .filteredOn(tick -> handOvers.stream().noneMatch(one -> one.covers(tick.at()))
                        || moves.stream().noneMatch(one -> one.covers(tick.at())))
                .isEmpty();
        assertThat(missing).as("moments without a run").hasSizeLessThanOrEqualTo(atMost);
    }

    private List<Tick> ticks(Instant from, Instant to) {
        List<Tick> ticks = new ArrayList<>();
        grids.forEach((server, grid) -> {
            Instant at = tickAt(grid, from);
            for (at = at.isBefore(from) ? at.plus(period) : at; !at.isAfter(to); at = at.plus(period)) {
                ticks.add(new Tick(server, at));
            }
        });
        return ticks;
    }

    private Map<Tick, List<Probe>> byTick() {
        return probes.stream().collect(Collectors.groupingBy(this::tick));
    }

    private Instant tickAt(RunKey grid, Instant moment) {
        long since = Math.floorDiv(Duration.between(grid.scheduledAt(), moment).toNanos(), period.toNanos());
        return grid.scheduledAt().plus(period.multipliedBy(since));
    }

    private static boolean isHandedOver(List<Probe> some, List<HandOver> handOvers) {
        Set<Integer> agents =
                some.stream().map(probe -> NamedAgent.number(probe.life())).collect(Collectors.toSet());
        Instant last = some.stream().map(Probe::at).max(Instant::compareTo).orElseThrow();
        return agents.size() == some.size() && handOvers.stream().anyMatch(one -> one.covers(last));
    }

    private boolean excuses(Death death, Tick tick) {
        return death.series().contains(grid(tick.server()).series())
                && !tick.at().isBefore(death.at().minus(death.inFlight()))
                && !tick.at().isAfter(death.at().plus(death.failOver()));
    }
}
