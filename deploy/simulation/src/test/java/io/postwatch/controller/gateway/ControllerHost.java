package io.postwatch.controller.gateway;

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
import io.postwatch.simulation.store.DatabaseAway;
import io.postwatch.simulation.store.Placer;
import io.postwatch.simulation.store.Rows;
import io.postwatch.simulation.store.SimulatedDatabase;
import java.time.Duration;
import java.time.Instant;
import java.util.UUID;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** The machine a controller runs on. Outlives its process. */
public final class ControllerHost {

    /** What a host is in. */
    public interface Surroundings {

        VirtualTime time();

        Chance chance();

        Trace trace();

        Ledger ledger();

        SimulatedDatabase database();

        Placer placer();

        String agentName(UUID agent);

        /** Whether a database or a spool went back to an older copy, so that sequences may leap. */
        boolean mayHaveForgotten();

        /** Whether a look at a lane comes before a batch that is under way is committed: drawn anew each time. */
        boolean mayLookEarly();

        void ended(ControllerHost host);
    }

    /** After a crash somebody starts the program again. */
    private static final Duration RESTART = Duration.ofSeconds(5);

    private final String name;
    private final Surroundings around;
    private final Duration clockOffset;
    private @Nullable SimulatedController controller;
    private int crashesIn;
    private boolean crashesAfterCommit;

    public ControllerHost(String name, Surroundings around, Duration clockOffset) {
        this.name = name;
        this.around = around;
        this.clockOffset = clockOffset;
    }

    public String name() {
        return name;
    }

    public boolean isRunning() {
        return controller != null && controller.process().isAlive();
    }

    public @Nullable SimulatedProcess process() {
        return controller == null ? null : controller.process();
    }

    public void start() {
        if (!isRunning()) {
            note("starts");
            crashesIn = 0;
            controller = new SimulatedController(this, around.placer());
        }
    }

    /** SIGKILL. */
    public void kill() {
        if (controller != null && isRunning()) {
            note("is killed");
            controller.process().end();
            around.ended(this);
        }
    }

    /** SIGTERM: asks its agents to spread, and ends a moment later. */
    public void stop() {
        SimulatedController running = controller;
        if (running == null || !isRunning()) {
            return;
        }
        note("stops");
        running.process().run(running::drain);
        around.time().after(Duration.ofSeconds(2), () -> {
            if (running.process().isAlive()) {
                running.process().run(running::release);
                running.process().end();
                around.ended(this);
            }
        });
    }

    public void pause() {
        if (controller != null) {
            note("is paused");
            controller.process().pause();
        }
    }

    public void goOn() {
        if (controller != null && controller.process().isPaused()) {
            note("goes on");
            controller.process().goOn();
        }
    }

    /** The process will end with one of its next transactions, before it or after it. */
    public void crashSoon(int transactionsFromNow, boolean afterCommit) {
        crashesIn = transactionsFromNow;
        crashesAfterCommit = afterCommit;
    }

    /** What its sessions work with. */
    SimulatedTasks tasks() {
        return running().tasks();
    }

    private SimulatedController running() {
        SimulatedController running = controller;
        if (running == null) {
            throw new IllegalStateException(name + " doesn't run");
        }
        return running;
    }

    /** Takes a call of an agent. */
    public Connection.Server<AgentMessage> accept(Connection<AgentMessage, ControllerMessage> connection, UUID agent) {
        return running().accept(connection, new AgentId(agent));
    }

    /** Sessions that stand here, and none that was overtaken. */
    public int sessionsOf(UUID agent) {
        SimulatedController running = controller;
        return running != null && isRunning() && running.holds(new AgentId(agent)) ? 1 : 0;
    }

    /** Monitors of these locations were changed through this controller. */
    public void changed(Iterable<LocationId> locations) {
        SimulatedController running = controller;
        if (running != null) {
            running.process().run(() -> locations.forEach(running::place));
        }
    }

    void crashed() {
        note("crashes");
        around.ended(this);
        around.time().after(RESTART, this::start);
    }

    <T> T call(Function<Rows, T> transaction) {
        SimulatedController running = controller;
        if (running == null || !running.process().isAlive()) {
            throw new DatabaseAway("this controller is dead");
        }
        boolean crashes = crashesIn > 0 && --crashesIn == 0;
        if (crashes && !crashesAfterCommit) {
            throw running.process().crash("before a commit");
        }
        T answer = around.database().call(transaction);
        if (crashes) {
            throw running.process().crash("after a commit");
        }
        return answer;
    }

    VirtualTime time() {
        return around.time();
    }

    Instant now() {
        return around.time().instant().plus(clockOffset);
    }

    Ledger ledger() {
        return around.ledger();
    }

    UUID id() {
        return around.chance().uuid();
    }

    /** How long the database lets a session wait. */
    Duration workTime() {
        return around.chance().mostlyNear(Duration.ofMillis(1), Duration.ofMillis(60));
    }

    /** Whether a look at a lane comes before a batch that is under way is committed. */
    boolean mayLookEarly() {
        return around.mayLookEarly();
    }

    boolean mayHaveForgotten() {
        return around.mayHaveForgotten();
    }

    String name(AgentId agent) {
        return around.agentName(agent.value());
    }

    void note(String what) {
        around.trace().note(name, what);
    }
}
