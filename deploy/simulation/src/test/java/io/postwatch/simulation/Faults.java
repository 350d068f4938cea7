package io.postwatch.simulation;

import io.postwatch.agent.link.AgentHost;
import io.postwatch.controller.gateway.ControllerHost;
import io.postwatch.simulation.machine.Chance;
import io.postwatch.simulation.machine.VirtualTime;
import io.postwatch.simulation.store.Rows;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What goes wrong, when, and for how long. */
final class Faults {

    private enum Kind {
        CUT,
        STALL,
        ISOLATE,
        AGENT_KILLED,
        AGENT_STOPPED,
        AGENT_CRASHES,
        AGENT_PAUSED,
        AGENT_SUSPENDED,
        AGENT_COPIED,
        CLOCK_JUMPS,
        CLOCK_JUMPS_OFFLINE,
        DISK_FULL,
        DISK_RESTORED,
        CONTROLLER_KILLED,
        CONTROLLER_STOPPED,
        CONTROLLER_CRASHES,
        CONTROLLER_PAUSED,
        DATABASE_DOWN,
        DATABASE_FLAKY,
        DATABASE_RESTORED,
        MONITORS_CHANGE
    }

    private static final Set<Kind> RARE = EnumSet.of(
            Kind.DATABASE_RESTORED, Kind.DISK_RESTORED, Kind.AGENT_COPIED, Kind.CLOCK_JUMPS, Kind.CLOCK_JUMPS_OFFLINE);

    /** A copy that the database goes back to is at most this old: what was acked since is still in the spools. */
    private static final Duration OLDEST_BACKUP = Duration.ofMinutes(4);

    /** By more than what results are refused for, and by more than what acked results are kept for. */
    private static final Duration SHORTEST_SLEEP = Duration.ofMinutes(4);

    private static final Duration LONGEST_SLEEP = Duration.ofMinutes(14);

    private static final List<Duration> LEAPS = List.of(
            Duration.ofSeconds(3),
            Duration.ofMinutes(1),
            Duration.ofMinutes(10),
            Duration.ofHours(30),
            Duration.ofDays(10));

    private final World world;
    private final Chance chance;
    private final VirtualTime time;
    private final List<Kind> kinds;
    private final Duration gap;
    private @Nullable Rows backup;
    private long backupNanos;
    private boolean over;

    Faults(World world, Chance chance, VirtualTime time) {
        this.world = world;
        this.chance = chance;
        this.time = time;
        Set<Kind> some = EnumSet.noneOf(Kind.class);
        for (Kind kind : Kind.values()) {
            if (chance.onceIn(RARE.contains(kind) ? 6 : 2)) {
                some.add(kind);
            }
        }
        some.add(Kind.MONITORS_CHANGE);
        this.kinds = new ArrayList<>(some);
        this.gap = chance.between(Duration.ofSeconds(2), Duration.ofSeconds(40));
    }

    void begin() {
        time.after(chance.between(Duration.ZERO, gap.multipliedBy(2)), () -> {
            if (!over) {
                happen(chance.oneOf(kinds));
                begin();
            }
        });
    }

    void end() {
        over = true;
    }

    private void happen(Kind kind) {
        AgentHost agent = chance.oneOf(world.agents());
        ControllerHost controller = chance.oneOf(world.controllers());
        switch (kind) {
            case CUT -> {
                note(agent, "connection is cut");
                world.network().cut(agent);
            }
            case STALL -> {
                Duration how = shortly();
                note(agent, "network stalls for " + how);
                world.network().stall(agent, how);
            }
            case ISOLATE -> {
                Duration how = forAWhile();
                note(agent, "is cut off for " + how);
                world.network().isolate(agent, how);
            }
            case AGENT_KILLED -> {
                agent.kill();
                later(forAWhile(), agent::start);
            }
            case AGENT_STOPPED -> {
                agent.stop();
                later(forAWhile(), agent::start);
            }
            case AGENT_CRASHES -> agent.crashSoon(chance.between(1, 5), chance.onceIn(2));
            case AGENT_PAUSED -> {
                agent.pause();
                later(forAWhile(), agent::goOn);
            }
            case AGENT_SUSPENDED ->
                agent.suspend(chance.onceIn(4) ? chance.between(SHORTEST_SLEEP, LONGEST_SLEEP) : forAWhile());
            case AGENT_COPIED -> world.copy(agent);
            case CLOCK_JUMPS -> agent.jump(jump());
            case CLOCK_JUMPS_OFFLINE -> jumpOffline(agent);
            case DISK_FULL -> {
                note(agent, "disk is full");
                agent.diskFull(true);
                later(forAWhile(), () -> agent.diskFull(false));
            }
            case DISK_RESTORED -> diskRestored(agent);
            case CONTROLLER_KILLED -> {
                controller.kill();
                later(forAWhile(), controller::start);
            }
            case CONTROLLER_STOPPED -> {
                controller.stop();
                later(forAWhile().plusSeconds(3), controller::start);
            }
            case CONTROLLER_CRASHES -> controller.crashSoon(chance.between(1, 20), chance.onceIn(2));
            case CONTROLLER_PAUSED -> {
                controller.pause();
                later(forAWhile(), controller::goOn);
            }
            case DATABASE_DOWN -> {
                world.trace().note("database", "is down");
                world.database().fails(true, 0);
                later(forAWhile(), () -> world.database().fails(false, 0));
            }
            case DATABASE_FLAKY -> {
                world.trace().note("database", "fails now and then");
                world.database().fails(false, chance.between(2, 10));
                later(forAWhile(), () -> world.database().fails(false, 0));
            }
            case DATABASE_RESTORED -> databaseRestored();
            case MONITORS_CHANGE -> world.changeMonitors();
        }
    }

    private void diskRestored(AgentHost agent) {
        if (chance.onceIn(2)) {
            agent.backUpDisk();
            return;
        }
        agent.kill();
        later(Duration.ofSeconds(1), () -> {
            if (agent.restoreDisk()) {
                world.forgot();
            }
            agent.start();
        });
    }

    private void databaseRestored() {
        Rows copy = backup;
        if (copy == null || time.nanos() - backupNanos > OLDEST_BACKUP.toNanos()) {
            backup = world.database().backup();
            backupNanos = time.nanos();
            return;
        }
        world.trace().note("database", "goes back to an older copy");
        world.database().restore(copy);
        world.databaseForgot();
        backup = null;
    }

    private void later(Duration wait, Runnable end) {
        time.after(wait, () -> {
            if (!over) {
                end.run();
            }
        });
    }

    /** While nobody can say what it meant; over a restart, and taken back, now and then. */
    private void jumpOffline(AgentHost agent) {
        Duration how = chance.between(Duration.ofSeconds(10), Duration.ofMinutes(4));
        note(agent, "is cut off for " + how);
        world.network().isolate(agent, how);
        Duration by = jump();
        boolean restart = chance.onceIn(2);
        boolean takenBack = chance.onceIn(3);
        later(chance.between(Duration.ZERO, how.dividedBy(2)), () -> {
            if (restart && chance.onceIn(2)) {
                agent.stop();
            } else if (restart) {
                agent.kill();
            }
            agent.jump(by);
            later(chance.between(Duration.ofSeconds(1), Duration.ofSeconds(20)), agent::start);
        });
        if (takenBack) {
            later(how.dividedBy(2).plus(chance.between(Duration.ZERO, how)), () -> agent.jump(by.negated()));
        }
    }

    /** By seconds as likely as by days. */
    private Duration jump() {
        int size = chance.between(1, LEAPS.size() - 1);
        Duration by = chance.between(LEAPS.get(size - 1), LEAPS.get(size));
        return chance.onceIn(2) ? by : by.negated();
    }

    private Duration shortly() {
        return chance.mostlyNear(Duration.ofMillis(100), Duration.ofSeconds(20));
    }

    private Duration forAWhile() {
        return chance.mostlyNear(Duration.ofMillis(500), Duration.ofMinutes(2));
    }

    private void note(AgentHost agent, String what) {
        world.trace().note(agent.name(), what);
    }
}
