package io.postwatch.simulation;

import com.google.protobuf.ByteString;
import io.postwatch.agent.link.AgentHost;
import io.postwatch.agent.link.SimulatedAgent;
import io.postwatch.agent.spool.SpoolBounds;
import io.postwatch.controller.assignment.DesiredState;
import io.postwatch.controller.gateway.ControllerHost;
import io.postwatch.controller.shared.id.AgentId;
import io.postwatch.controller.shared.id.LocationId;
import io.postwatch.proto.agent.v1.AgentMessage;
import io.postwatch.proto.agent.v1.ControllerMessage;
import io.postwatch.simulation.ledger.Ledger;
import io.postwatch.simulation.machine.Chance;
import io.postwatch.simulation.machine.Connection;
import io.postwatch.simulation.machine.SimulatedProcess;
import io.postwatch.simulation.machine.Trace;
import io.postwatch.simulation.machine.VirtualTime;
import io.postwatch.simulation.store.Placer;
import io.postwatch.simulation.store.Rows;
import io.postwatch.simulation.store.SimulatedDatabase;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Everybody who takes part in one seed, and where they meet. */
final class World implements AgentHost.Surroundings, ControllerHost.Surroundings, AutoCloseable {

    /** After a crash somebody starts the program again. */
    private static final Duration RESTART = Duration.ofSeconds(5);

    /** A start leaves out moments that may have been run before it, up to so far ahead. */
    private static final Duration LEFT_OUT = Duration.ofMinutes(5);

    /** Small enough to be full after minutes of an outage, where results are long. */
    private static final SpoolBounds SMALL =
            new SpoolBounds(1024 * 1024, Duration.ofMinutes(4), Duration.ofSeconds(30), Duration.ofMinutes(10), 100);

    private final VirtualTime time = new VirtualTime();
    private final Chance chance;
    private final Path folder;
    private final boolean realSpool;
    private final Trace trace = new Trace(time);
    private final Ledger ledger = new Ledger(time);
    private final SimulatedDatabase database;
    private final Placer placer;
    private final Network network;
    private final Monitors monitors;
    private final List<LocationId> locations = new ArrayList<>();
    private final List<AgentHost> agents = new ArrayList<>();
    private final List<ControllerHost> controllers = new ArrayList<>();
    private final Map<UUID, String> names = new HashMap<>();
    private boolean calm;
    private boolean forgot;
    private boolean databaseForgot;
    private final Map<UUID, Copied> copies = new HashMap<>();
    private final Map<UUID, List<String>> machines = new HashMap<>();
    private long lastWelcome;
    private final Map<String, Long> welcomedAt = new HashMap<>();
    private long databaseForgotAt;

    /**
     * Who takes part.
     *
     * @param small whether spools are small and results long
     * @param wrongClocks whether a host may have no idea of the time
     */
    record Cast(
            int locations,
            int agents,
            int controllers,
            int monitors,
            boolean realSpool,
            boolean small,
            boolean wrongClocks) {

        static Cast drawn(Chance chance, boolean realSpool) {
            return new Cast(
                    chance.between(1, 2),
                    chance.between(1, 4),
                    chance.between(1, 2),
                    chance.between(1, 6),
                    realSpool,
                    chance.onceIn(4),
                    chance.onceIn(2));
        }
    }

    /** Two machines that take themselves for the same, and since when. */
    private record Copied(AgentHost original, AgentHost copy, long nanos) {}

    static World drawn(long seed, Path folder, boolean realSpool) {
        Chance chance = new Chance(seed);
        return new World(chance, folder, Cast.drawn(chance, realSpool));
    }

    World(Chance chance, Path folder, Cast cast) {
        this.chance = chance;
        this.folder = folder;
        this.realSpool = cast.realSpool();
        database = new SimulatedDatabase(chance);
        placer = new Placer(database);
        for (int i = 0; i < cast.locations(); i++) {
            locations.add(new LocationId(chance.uuid()));
        }
        for (int i = 1; i <= cast.agents(); i++) {
            AgentHost host = new AgentHost(
                    "agent-" + i,
                    chance.uuid(),
                    this,
                    folder.resolve("agent-" + i),
                    cast.small() ? SMALL : SpoolBounds.DEFAULT,
                    cast.realSpool(),
                    cast.small(),
                    cast.wrongClocks() && chance.onceIn(2)
                            ? chance.between(Duration.ofHours(-30), Duration.ofHours(30))
                            : Duration.ZERO);
            agents.add(host);
            names.put(host.agentId(), host.name());
            machines(host).add(host.name());
            Rows.AgentRow row = new Rows.AgentRow(
                    new AgentId(host.agentId()),
                    locations.get(i % cast.locations()),
                    null,
                    0,
                    null,
                    Instant.EPOCH,
                    0,
                    0);
            database.look().agents.put(row.id(), row);
        }
        for (int i = 1; i <= cast.controllers(); i++) {
            controllers.add(new ControllerHost(
                    "server-" + i, this, chance.between(Duration.ofMillis(-300), Duration.ofMillis(300))));
        }
        network = new Network(time, chance, chance.between(Duration.ofMillis(2), Duration.ofMillis(400)), controllers);
        monitors = new Monitors(chance, locations);
        for (int i = 0; i < cast.monitors(); i++) {
            monitors.add(database.look());
        }
    }

    void begin() {
        controllers.forEach(ControllerHost::start);
        agents.forEach(host -> time.after(chance.between(Duration.ZERO, Duration.ofSeconds(10)), host::start));
    }

    /** From now on nothing goes wrong any more, and everything that stands still goes on. */
    void heal() {
        calm = true;
        trace.note("world", "nothing goes wrong any more");
        database.fails(false, 0);
        network.heal();
        List.copyOf(copies.keySet()).forEach(this::removeOneOf);
        controllers.forEach(host -> {
            host.goOn();
            host.crashSoon(0, false);
            host.start();
        });
        agents.forEach(host -> {
            host.diskFull(false);
            host.crashSoon(0, false);
            host.goOn();
            host.start();
        });
        if (monitors.isIdle(database.look())) {
            trace.note("world", monitors.add(database.look()));
            controllers.getFirst().changed(locations);
        }
    }

    /** Somebody starts a copy of the agent's machine while it goes on; after a while there is one of the two again. */
    void copy(AgentHost host) {
        if (realSpool || calm || copies.containsKey(host.agentId())) {
            return;
        }
        List<String> before = machines(host);
        String name = agentName(host.agentId()) + "'".repeat(before.size());
        boolean alive = chance.onceIn(2);
        trace.note(host.name(), "is copied" + (alive ? ", alive" : ""));
        AgentHost copy = host.copy(name, folder.resolve(name), alive);
        ledger.copied(agentName(host.agentId()));
        before.add(name);
        agents.add(copy);
        copies.put(host.agentId(), new Copied(host, copy, time.nanos()));
        if (chance.onceIn(2)) {
            // What it numbers meanwhile is under way when the copy gives the same numbers to records of its own.
            network.stall(host, chance.between(Duration.ofSeconds(5), Duration.ofSeconds(40)));
        }
        time.after(chance.between(Duration.ZERO, Duration.ofSeconds(20)), copy::start);
        time.after(chance.between(Duration.ofSeconds(20), Duration.ofMinutes(5)), () -> removeOneOf(host.agentId()));
    }

    private void removeOneOf(UUID agent) {
        Copied two = copies.remove(agent);
        if (two != null) {
            AgentHost gone = chance.onceIn(2) ? two.original() : two.copy();
            gone.destroy(two.nanos());
            agents.remove(gone);
        }
    }

    /** The names of all machines that ever were this agent. */
    List<String> machines(AgentHost host) {
        return machines.computeIfAbsent(host.agentId(), agent -> new ArrayList<>());
    }

    void changeMonitors() {
        if (!database.isUp()) {
            return;
        }
        trace.note("world", monitors.change(database.look()));
        chance.oneOf(controllers).changed(locations);
    }

    void forgot() {
        forgot = true;
    }

    void databaseForgot() {
        forgot = true;
        databaseForgot = true;
        databaseForgotAt = time.nanos();
    }

    /** Whether the agent had a chance to learn what the database has lost: a welcome tells. */
    boolean knowsWhatWasForgotten(Ledger.Row row) {
        return !databaseForgot || welcomedAt.getOrDefault(row.agent().replace("'", ""), 0L) >= databaseForgotAt;
    }

    List<AgentHost> agents() {
        return agents;
    }

    List<ControllerHost> controllers() {
        return controllers;
    }

    Network network() {
        return network;
    }

    /** From when on an agent is known to run what it is to: a start leaves out what may have been run before it. */
    Instant runsFrom(AgentHost host, SimulatedAgent agent) {
        Instant welcomed = VirtualTime.at(welcomedAt.getOrDefault(agentName(host.agentId()), 0L));
        Instant before = agent.latestBefore();
        return before.isAfter(welcomed.plus(LEFT_OUT)) ? welcomed : before;
    }

    long lastWelcome() {
        return lastWelcome;
    }

    boolean isInDatabase(Ledger.Row row) {
        Rows.ResultRow there = database.look().results.get(new Rows.ResultKey(row.series(), row.scheduledAt()));
        return there != null && (there.measured() || !row.measured());
    }

    @Override
    public VirtualTime time() {
        return time;
    }

    @Override
    public Chance chance() {
        return chance;
    }

    @Override
    public Trace trace() {
        return trace;
    }

    @Override
    public Ledger ledger() {
        return ledger;
    }

    @Override
    public SimulatedDatabase database() {
        return database;
    }

    @Override
    public Placer placer() {
        return placer;
    }

    @Override
    public @Nullable Connection<AgentMessage, ControllerMessage> dial(
            AgentHost from, SimulatedProcess process, Connection.Dialler<ControllerMessage> dialler) {
        return network.dial(from, process, dialler);
    }

    @Override
    public void applied(AgentHost host, long revision, ByteString hash) {
        trace.note(host.name(), "applies revision " + revision);
        // Before its first revision an agent names no hash.
        byte[] named = revision == 0 ? DesiredState.NOTHING.hash() : hash.toByteArray();
        if (!placer.isTruth(host.agentId(), revision, named)) {
            throw ledger.broken(host.name() + " runs as revision " + revision + " what was never assigned to it");
        }
    }

    @Override
    public void welcomed(AgentHost host) {
        trace.note(host.name(), "is welcome");
        lastWelcome = time.nanos();
        welcomedAt.put(agentName(host.agentId()), lastWelcome);
        if (databaseForgot) {
            machines(host).forEach(name -> ledger.welcomed(name, host.knewTheTime(), this::isInDatabase));
        }
    }

    @Override
    public void crashed(AgentHost host) {
        time.after(RESTART, host::start);
    }

    @Override
    public void ended(ControllerHost host) {
        network.controllerEnded(host);
        time.after(RESTART, () -> {
            if (calm) {
                host.start();
            }
        });
    }

    @Override
    public String agentName(UUID agent) {
        return names.getOrDefault(agent, "nobody");
    }

    @Override
    public boolean mayLookEarly() {
        return !calm && chance.onceIn(8);
    }

    @Override
    public boolean mayHaveForgotten() {
        return forgot;
    }

    @Override
    public void close() {
        agents.forEach(AgentHost::dispose);
    }
}
