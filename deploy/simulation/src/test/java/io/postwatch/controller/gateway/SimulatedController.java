package io.postwatch.controller.gateway;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.postwatch.controller.liveness.AgentSession;
import io.postwatch.controller.liveness.DeadControllers;
import io.postwatch.controller.liveness.SessionLedger.Standing;
import io.postwatch.controller.shared.Bytes;
import io.postwatch.controller.shared.id.AgentId;
import io.postwatch.controller.shared.id.LocationId;
import io.postwatch.proto.agent.v1.AgentMessage;
import io.postwatch.proto.agent.v1.ControllerMessage;
import io.postwatch.simulation.machine.Connection;
import io.postwatch.simulation.machine.SimulatedProcess;
import io.postwatch.simulation.store.DatabaseAway;
import io.postwatch.simulation.store.Placer;
import io.postwatch.simulation.store.Rows;
import java.math.BigInteger;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;

/** One life of a controller's process: what {@link AgentServer} does on a schedule is done here in virtual time. */
final class SimulatedController {

    private static final Duration SILENCE = Duration.ofSeconds(24);
    private static final Duration HELLO_WITHIN = Duration.ofSeconds(15);
    /** A hello is judged at once here. */
    private static final Duration JUDGED_WITHIN = Duration.ofMinutes(2);

    private static final Duration ANSWER_WITHIN = Duration.ofSeconds(15);
    private static final Duration SPREAD = Duration.ofSeconds(5);
    private static final Duration LEASE = Duration.ofSeconds(15);
    private static final Bytes NONCE = Bytes.of(new byte[32]);

    private final ControllerHost host;
    private final UUID id;
    private final SimulatedProcess process;
    private final SessionRegistry registry = new SessionRegistry(new SimpleMeterRegistry());
    private final SimulatedTasks tasks;
    private final Placer placer;
    private final OvertakenSessions overtaken = new OvertakenSessions();
    private DeadControllers dead = DeadControllers.NONE;

    SimulatedController(ControllerHost host, Placer placer) {
        this.host = host;
        this.id = host.id();
        this.placer = placer;
        this.process = new SimulatedProcess(host.time(), host::crashed);
        this.tasks = new SimulatedTasks(this, host, placer);
        process.after(Duration.ZERO, () -> attempt(this::renewLease));
        process.every(Duration.ofSeconds(2), () -> {
            registry.reassure();
            registry.endSilent(SILENCE);
            registry.endUngreeted(HELLO_WITHIN, JUDGED_WITHIN);
            checkOver(overtaken.stillOpenHere(registry.all()));
        });
        process.every(Duration.ofSeconds(5), () -> attempt(this::compareWithDatabase));
        process.every(Duration.ofSeconds(10), () -> attempt(tasks::writePulses));
        process.every(Duration.ofSeconds(30), () -> attempt(this::lookForLostResults));
        process.after(Duration.ofSeconds(5), this::placeForgotten);
        process.every(Duration.ofMinutes(1), this::placeForgotten);
    }

    UUID id() {
        return id;
    }

    SimulatedProcess process() {
        return process;
    }

    SimulatedTasks tasks() {
        return tasks;
    }

    boolean holds(AgentId agent) {
        return registry.holds(agent);
    }

    Connection.Server<AgentMessage> accept(Connection<AgentMessage, ControllerMessage> connection, AgentId agent) {
        SimulatedStream stream = new SimulatedStream(connection, process);
        SessionCall call = new SessionCall(
                stream,
                TestPeers.of(agent, BigInteger.ONE),
                tasks,
                registry,
                work -> process.after(host.workTime(), work),
                host::now,
                host.time()::nanos,
                NONCE);
        overtaken.opened(call, stream);
        process.run(() -> call.begin(NONCE));
        return new Connection.Server<>() {
            @Override
            public void message(AgentMessage message) {
                call.onNext(message);
            }

            @Override
            public void room() {
                stream.room();
            }

            @Override
            public void completed() {
                call.onCompleted();
            }

            @Override
            public void torn() {
                stream.torn();
            }
        };
    }

    void drain() {
        registry.drain(SPREAD);
    }

    /** Gives its lease back. */
    void release() {
        attempt(() -> host.call(rows -> rows.leases.put(id, host.time().instant())));
    }

    private static void attempt(Runnable work) {
        try {
            work.run();
        } catch (DatabaseAway away) {
            // The next look makes up for it.
            return;
        }
    }

    private void placeForgotten() {
        Set<LocationId> all = new LinkedHashSet<>();
        attempt(() -> host.call(rows -> rows.agents.values().stream()
                .map(Rows.AgentRow::location)
                .allMatch(place -> {
                    all.add(place);
                    return true;
                })));
        all.forEach(this::place);
    }

    /** After its agents or monitors changed; a failure is made up for by the look at all locations. */
    void place(LocationId location) {
        attempt(() -> {
            Placer.Told told = host.call(rows -> placer.place(rows, location, host.now()));
            told.agents().forEach(registry::planChanged);
            told.runs().forEach((order, agent) -> registry.runOnce(agent, order));
        });
    }

    private void compareWithDatabase() {
        renewLease();
        Collection<SessionCall> held = registry.all();
        List<AgentSession> sessions = registry.sessions(held);
        List<Standing> standing = standing(sessions);
        checkOver(overtaken.stillHeld(held, standing));
        registry.reconcile(held, standing, ANSWER_WITHIN);
        closeAbandoned(sessions);
    }

    private void checkOver(List<AgentSession> sessions) {
        if (!sessions.isEmpty()) {
            AgentSession first = sessions.getFirst();
            throw host.ledger()
                    .broken(host.name() + " goes on with epoch " + first.epoch() + " of " + host.name(first.agent())
                            + ", which was overtaken");
        }
    }

    private void lookForLostResults() {
        List<SessionCall> told = List.copyOf(registry.all());
        registry.setBack(host.call(rows -> told.stream()
                .filter(call -> call.storedLanes()
                        .filter(lanes -> SimulatedTasks.isSetBack(rows, lanes))
                        .isPresent())
                .toList()));
    }

    private void renewLease() {
        Instant now = host.time().instant();
        Set<UUID> without = host.call(rows -> {
            rows.leases.put(id, now.plus(LEASE));
            return rows.agents.values().stream()
                    .map(Rows.AgentRow::controller)
                    .filter(holder -> holder != null
                            && !rows.leases.getOrDefault(holder, Instant.MIN).isAfter(now))
                    .collect(Collectors.toCollection(HashSet::new));
        });
        long nanos = host.time().nanos();
        dead = dead.seen(without, nanos);
        Set<UUID> overdue = dead.overdue();
        lose(row -> row.controller() != null && overdue.contains(row.controller()));
    }

    private List<Standing> standing(List<AgentSession> held) {
        return host.call(rows -> held.stream()
                .map(session -> rows.agents.get(session.agent()))
                .filter(java.util.Objects::nonNull)
                .map(row -> new Standing(
                        row.id(), row.epoch(), row.session(), null, row.wantedRevision(), row.appliedRevision()))
                .toList());
    }

    private void closeAbandoned(List<AgentSession> held) {
        Map<AgentId, Long> epochs =
                held.stream().collect(Collectors.toMap(AgentSession::agent, AgentSession::epoch, Math::max));
        Instant since = host.now().minus(DeadControllers.GRACE);
        lose(row -> id.equals(row.controller())
                && row.lastSeen().isBefore(since)
                && !Long.valueOf(row.epoch()).equals(epochs.get(row.id())));
    }

    private void lose(java.util.function.Predicate<Rows.AgentRow> which) {
        Set<LocationId> touched = host.call(rows -> {
            Set<LocationId> places = new LinkedHashSet<>();
            List.copyOf(rows.agents.values()).stream().filter(which).forEach(row -> {
                rows.agents.put(row.id(), Placer.withoutSession(row));
                places.add(row.location());
            });
            return places;
        });
        touched.forEach(this::place);
    }
}
