package io.postwatch.simulation;

import io.postwatch.agent.link.AgentHost;
import io.postwatch.agent.link.SimulatedAgent;
import io.postwatch.controller.assignment.DesiredState;
import io.postwatch.controller.gateway.ControllerHost;
import io.postwatch.controller.shared.id.AgentId;
import io.postwatch.simulation.ledger.BrokenPromise;
import io.postwatch.simulation.ledger.Ledger;
import io.postwatch.simulation.store.Rows;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One seed, from the first start to the last check: a while in which things go wrong, then a calm in which everybody must
 * find together within a bound, then an end at which the books must agree.
 */
final class Story {

    /** Within this time after the last fault all is well. */
    static final Duration HEALED_WITHIN = Duration.ofMinutes(4);

    /** What is recorded in a session that stands is stored within this time, whatever else is to be sent. */
    static final Duration FRESH = Duration.ofSeconds(10);

    private static final Duration CALM = Duration.ofSeconds(90);
    private static final Duration AWAY = Duration.ofSeconds(15);

    /** Longer than a result is fresh. */
    private static final Duration FULL = Duration.ofSeconds(150);

    private static final Duration LOOK = Duration.ofSeconds(5);

    /** More waits nowhere. */
    private static final int MOST_UNDER_WAY = 600;

    private static final int MOST_EVENTS = 20_000;

    private final World world;
    private Duration healed = Duration.ZERO;

    private Story(World world) {
        this.world = world;
    }

    /** What a seed came to. */
    record Outcome(int results, Duration healed, long digest) {}

    /** Tells the story of a seed. Throws where a promise is broken. */
    static Outcome tell(long seed, Path folder, boolean realSpool) {
        try (World world = World.drawn(seed, folder, realSpool)) {
            Story story = new Story(world);
            try {
                story.tell();
            } catch (BrokenPromise | RuntimeException broken) {
                throw new AssertionError(
                        "Seed " + seed + (realSpool ? " (real spool)" : "") + ": " + broken.getMessage() + "\n"
                                + world.trace() + "\nTell it again: -Dpostwatch.simulation.seed=" + seed,
                        broken);
            }
            return new Outcome(
                    world.ledger().size(), story.healed, world.trace().digest());
        }
    }

    private void tell() {
        world.begin();
        Faults faults = new Faults(world, world.chance(), world.time());
        faults.begin();
        pass(world.chance().mostlyNear(Duration.ofMinutes(1), Duration.ofMinutes(12)));
        faults.end();
        world.heal();
        long from = world.time().nanos();
        awaitHealed(from);
        healed = Duration.ofNanos(world.time().nanos() - from);
        pass(CALM);
        checkHealthy();
        checkFreshness(from);
        if (world.chance().onceIn(6)) {
            fillDisks();
        }
        world.agents().forEach(host -> running(host).stopRunning());
        world.agents().forEach(host -> host.diskFull(false));
        pass(Duration.ofSeconds(30));
        checkBooks();
    }

    /**
     * What was recorded while nobody answered, and gets its number from no disk that is full, is back-fill once there is room;
     * and what the disk refused is a gap. No run comes after them that would have them sent.
     */
    private void fillDisks() {
        List<AgentHost> some =
                world.agents().stream().filter(host -> world.chance().onceIn(2)).toList();
        some.forEach(host -> world.network().isolate(host, AWAY));
        pass(AWAY);
        some.forEach(host -> host.diskFull(true));
        pass(FULL);
    }

    private void pass(Duration time) {
        for (Duration left = time; left.isPositive(); left = left.minus(LOOK)) {
            world.time().pass(left.compareTo(LOOK) < 0 ? left : LOOK);
            world.ledger().check();
            if (world.network().underWay() > MOST_UNDER_WAY || world.time().planned() > MOST_EVENTS) {
                throw new BrokenPromise("Too much waits: " + world.network().underWay() + " messages, "
                        + world.time().planned() + " events");
            }
        }
    }

    private void awaitHealed(long from) {
        for (String ill = illness(); ill != null; ill = illness()) {
            if (world.time().nanos() - from > HEALED_WITHIN.toNanos()) {
                throw new BrokenPromise(HEALED_WITHIN + " after the last fault " + ill);
            }
            pass(LOOK);
        }
    }

    private void checkHealthy() {
        String ill = illness();
        if (ill != null) {
            throw new BrokenPromise("In the calm " + ill);
        }
    }

    /** What is not as it should be, if anything. */
    private @Nullable String illness() {
        for (AgentHost host : world.agents()) {
            String ill = illness(host);
            if (ill != null) {
                return host.name() + " " + ill;
            }
        }
        return null;
    }

    private @Nullable String illness(AgentHost host) {
        SimulatedAgent agent = host.agent();
        if (agent == null || !host.isRunning() || !agent.isConnected()) {
            return "has no session";
        }
        AgentId id = new AgentId(host.agentId());
        int sessions = world.controllers().stream()
                .mapToInt((ControllerHost controller) -> controller.sessionsOf(host.agentId()))
                .sum();
        if (sessions != 1) {
            return "has " + sessions + " sessions";
        }
        Rows rows = world.database().look();
        Rows.AgentRow row = rows.agents.get(id);
        if (row == null || row.session() == null) {
            return "has no session in the database";
        }
        DesiredState wanted = world.placer().wanted(rows, id);
        if (row.appliedRevision() != row.wantedRevision()
                || (row.wantedRevision() > 0
                        && !Arrays.equals(wanted.hash(), agent.appliedHash().toByteArray()))) {
            return "runs revision " + agent.appliedRevision() + " (said " + row.appliedRevision() + ") and not "
                    + row.wantedRevision();
        }
        if (agent.unackedRows() > wanted.size() * 3L + 3) {
            return "has " + agent.unackedRows() + " results that are not stored";
        }
        Duration error =
                Duration.between(world.time().instant(), agent.controllerTime()).abs();
        if (error.compareTo(Duration.ofSeconds(2)) > 0) {
            return "is wrong about the time by " + error;
        }
        return null;
    }

    /** Every series that is assigned is run, and what is run is stored soon, also while older results follow. */
    private void checkFreshness(long from) {
        long now = world.time().nanos();
        long connected =
                Math.max(Math.max(from, world.lastWelcome()), world.network().lastStallEnds())
                        + Duration.ofSeconds(3).toNanos();
        List<Ledger.Row> late = world.ledger().storedLate(connected, now - FRESH.toNanos(), FRESH);
        if (!late.isEmpty()) {
            throw new BrokenPromise(
                    "Stored late, or never: " + late.getFirst() + " and " + (late.size() - 1) + " more");
        }
        Rows rows = world.database().look();
        for (Rows.PlacementRow placement : rows.placements.values()) {
            Rows.MonitorRow monitor = rows.monitors.get(placement.monitor());
            if (monitor != null) {
                checkRuns(rows, placement, monitor.settings().period());
            }
        }
    }

    private void checkRuns(Rows rows, Rows.PlacementRow placement, Duration period) {
        Instant now = world.time().instant();
        Instant since = now.minus(period).minus(Duration.ofSeconds(25));
        if (runsFrom(placement).isAfter(since)) {
            return;
        }
        boolean runs = rows.results.keySet().stream()
                .anyMatch(key -> key.series() == placement.series().value()
                        && key.scheduledAt().isAfter(since)
                        && !key.scheduledAt().isAfter(now));
        if (!runs) {
            throw new BrokenPromise("Series " + placement.series() + " is assigned, to be run every " + period
                    + ", and was not run since " + since);
        }
    }

    private Instant runsFrom(Rows.PlacementRow placement) {
        return world.agents().stream()
                .filter(host -> host.agentId().equals(placement.agent().value()))
                .map(host -> world.runsFrom(host, running(host)))
                .max(Comparator.naturalOrder())
                .orElse(Instant.MIN);
    }

    private void checkBooks() {
        Ledger ledger = world.ledger();
        List<Ledger.Row> lost = ledger.lostAgain(world::isInDatabase).stream()
                .filter(world::knowsWhatWasForgotten)
                .toList();
        if (!lost.isEmpty()) {
            throw new BrokenPromise("Acked, lost with the database and not sent again: " + lost.getFirst() + " and "
                    + (lost.size() - 1) + " more");
        }
        for (AgentHost host : world.agents()) {
            long unacked = running(host).unackedRows();
            // An ack that a full disk did not take is noted with the next one.
            if (unacked > 0 && !host.wasEverFull()) {
                throw new BrokenPromise(host.name() + " keeps " + unacked + " results that are not acked");
            }
            long missing = world.machines(host).stream()
                    .mapToLong(ledger::neverArrived)
                    .sum();
            long told = ledger.toldAsLost(world.agentName(host.agentId()));
            // A gap that was written after a copy is lost where the disk goes back to the copy.
            boolean gapLost = host.wasEverFull() && host.wasEverRestored();
            // What was counted before a machine was copied, both tell; what had a number may get another one.
            boolean toldTwice = host.wasEverRestored() || world.machines(host).size() > 1;
            if ((missing > told && !gapLost) || (missing < told && !toldTwice)) {
                throw new BrokenPromise(
                        host.name() + " tells " + told + " results as lost, and " + missing + " are missing");
            }
        }
    }

    private static SimulatedAgent running(AgentHost host) {
        SimulatedAgent agent = host.agent();
        if (agent == null) {
            throw new BrokenPromise(host.name() + " doesn't run");
        }
        return agent;
    }
}
