package io.postwatch.agent.link;

import com.google.protobuf.ByteString;
import io.postwatch.agent.disk.PrivateFolder;
import io.postwatch.agent.probe.ProbeResult;
import io.postwatch.agent.probe.Status;
import io.postwatch.agent.probe.Transcript;
import io.postwatch.agent.probe.failure.Failure;
import io.postwatch.agent.probe.failure.FailureCode;
import io.postwatch.agent.probe.time.ControllerTime;
import io.postwatch.agent.spool.MemorySpool;
import io.postwatch.agent.spool.ResultSpool;
import io.postwatch.agent.spool.Spool;
import io.postwatch.agent.spool.SpoolBounds;
import io.postwatch.proto.agent.v1.AgentMessage;
import io.postwatch.proto.agent.v1.ControllerMessage;
import io.postwatch.simulation.ledger.Ledger;
import io.postwatch.simulation.machine.Chance;
import io.postwatch.simulation.machine.Connection;
import io.postwatch.simulation.machine.Crash;
import io.postwatch.simulation.machine.SimulatedProcess;
import io.postwatch.simulation.machine.Trace;
import io.postwatch.simulation.machine.VirtualTime;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/** The machine an agent runs on: its disk, its clocks, its way to the controllers. Outlives the agent's process. */
public final class AgentHost {

    /** What a host is in. */
    public interface Surroundings {

        VirtualTime time();

        Chance chance();

        Trace trace();

        Ledger ledger();

        /** Answers null where nobody answers. */
        @Nullable
        Connection<AgentMessage, ControllerMessage> dial(
                AgentHost from, SimulatedProcess process, Connection.Dialler<ControllerMessage> dialler);

        /** An agent applied what has this hash. */
        void applied(AgentHost host, long revision, ByteString hash);

        void welcomed(AgentHost host);

        void crashed(AgentHost host);
    }

    private static final Transcript LONG = new Transcript(
            List.of(new Transcript.Line(Duration.ZERO, Transcript.Direction.SERVER, "x".repeat(12_000))), 0);

    private final String name;
    private final UUID agentId;
    private final Surroundings around;
    private final HostDisk disk;
    private final SpoolBounds bounds;
    private final boolean realSpool;
    private final boolean longRows;
    private final long bootNanos;
    private SimulatedAgent.@Nullable Memory memory;
    final ObservedSpool.Seen seen;
    final RunMoments moments;
    private @Nullable Spool openSpool;
    private @Nullable SimulatedAgent agent;
    private Duration wallOffset;
    private boolean everJumped;
    private long suspended;
    private boolean sleeps;
    private long sleepsSince;
    private boolean gone;

    /**
     * A host that is switched off.
     *
     * @param realSpool whether the spool is the real file
     * @param longRows whether results are so long that a small spool is soon full
     */
    public AgentHost(
            String name,
            UUID agentId,
            Surroundings around,
            Path folder,
            SpoolBounds bounds,
            boolean realSpool,
            boolean longRows,
            Duration wallOffset) {
        this.name = name;
        this.agentId = agentId;
        this.around = around;
        this.bounds = bounds;
        this.realSpool = realSpool;
        this.longRows = longRows;
        this.wallOffset = wallOffset;
        this.bootNanos = around.chance().between(0, 1_000_000_000);
        this.disk = new HostDisk(
                name, folder, new MemorySpool.Contents(around.chance().uuid()));
        this.seen = new ObservedSpool.Seen();
        this.moments = new RunMoments(around.time());
        this.memory = null;
    }

    /**
     * A copy of the machine as it is now, which is switched off.
     *
     * @param alive whether its memory was copied, too: then what runs there takes itself for the same process
     */
    private AgentHost(AgentHost original, String name, Path folder, boolean alive) {
        this.name = name;
        this.agentId = original.agentId;
        this.around = original.around;
        this.disk = original.disk.copy(name, folder);
        this.bounds = original.bounds;
        this.realSpool = false;
        this.longRows = original.longRows;
        this.wallOffset = original.wallOffset;
        this.bootNanos = original.bootNanos;
        this.seen = original.seen.copy();
        this.moments = original.moments.copy();
        this.suspended = original.suspended;
        this.everJumped = original.everJumped;
        this.memory = alive && original.agent != null ? original.agent.memory() : null;
    }

    /** Makes a copy of the machine that is switched off; only of a spool in memory. */
    public AgentHost copy(String copyName, Path copyFolder, boolean alive) {
        if (realSpool) {
            throw new IllegalStateException("a spool that is open is not copied");
        }
        return new AgentHost(this, copyName, copyFolder, alive);
    }

    /** The machine is switched off for ever, with its disk. What its agent recorded since then is nobody's fault. */
    public void destroy(long sinceNanos) {
        kill();
        note("is no more");
        gone = true;
        around.ledger().lostWithDisk(name, sinceNanos);
    }

    public String name() {
        return name;
    }

    public UUID agentId() {
        return agentId;
    }

    public @Nullable SimulatedAgent agent() {
        return agent;
    }

    public boolean isRunning() {
        return agent != null && agent.process().isAlive();
    }

    public void start() {
        if (!gone && !isRunning()) {
            wakeUp();
            note("starts");
            try {
                agent = new SimulatedAgent(this);
            } catch (Crash crash) {
                note("crashes while it starts");
                agent = null;
                ended();
                around.crashed(this);
            }
        }
    }

    /** SIGKILL. */
    public void kill() {
        if (agent != null && isRunning()) {
            note("is killed");
            agent.kill();
            ended();
        }
    }

    /** SIGTERM. */
    public void stop() {
        if (agent != null && isRunning()) {
            note("stops");
            agent.stop();
        }
    }

    /** The process will end with one of its next writes, before it or after it. */
    public void crashSoon(int writesFromNow, boolean afterWriting) {
        disk.crashSoon(writesFromNow, afterWriting);
    }

    public void pause() {
        if (agent != null) {
            note("is paused");
            agent.process().pause();
        }
    }

    public void goOn() {
        wakeUp();
        if (agent != null && agent.process().isPaused()) {
            note("goes on");
            agent.process().goOn();
        }
    }

    private void wakeUp() {
        if (sleeps) {
            sleeps = false;
            suspended += around.time().nanos() - sleepsSince;
        }
    }

    /** The machine sleeps: its monotonic clock stands still, its wall clock doesn't. */
    public void suspend(Duration time) {
        if (isRunning() && !sleeps) {
            pause();
            sleeps = true;
            sleepsSince = around.time().nanos();
            around.time().after(time, this::goOn);
        }
    }

    public void jump(Duration by) {
        note("its wall clock jumps by " + by);
        wallOffset = wallOffset.plus(by);
        everJumped = true;
    }

    /** Whether nobody ever set its wall clock. */
    public boolean knewTheTime() {
        return !everJumped;
    }

    public void diskFull(boolean now) {
        disk.full(now);
    }

    /** Whether its disk ever refused anything. */
    public boolean wasEverFull() {
        return disk.wasEverFull();
    }

    public void backUpDisk() {
        disk.backUp(around.time().nanos());
    }

    /** Whether there was an older copy to go back to. Only while nothing runs. */
    public boolean restoreDisk() {
        if (!disk.hasBackup() || isRunning() || realSpool) {
            return false;
        }
        note("its disk goes back to an older copy");
        seen.forget();
        around.ledger().lostWithDisk(name, disk.restore());
        return true;
    }

    /** Whether its disk ever went back to an older copy. */
    public boolean wasEverRestored() {
        return disk.wasEverRestored();
    }

    /** Closes what the simulation has opened. */
    public void dispose() {
        if (agent != null) {
            agent.process().end();
        }
        ended();
    }

    void crashed(SimulatedAgent who) {
        note("crashes");
        who.closeSockets();
        ended();
        around.crashed(this);
    }

    void ended() {
        disk.crashSoon(0, false);
        if (openSpool != null) {
            openSpool.close();
            openSpool = null;
        }
    }

    ResultSpool openSpool(PrivateFolder in, ControllerTime clock) throws IOException {
        if (!realSpool) {
            return new MemorySpool(disk.contents(), bounds, clock, this::id, disk);
        }
        try {
            openSpool = new Spool(in, bounds, clock, this::id);
            return openSpool;
        } catch (SQLException e) {
            throw new IOException(e);
        }
    }

    /** Of the process that was copied, for the first process here alone. */
    SimulatedAgent.@Nullable Memory takeMemory() {
        SimulatedAgent.Memory taken = memory;
        memory = null;
        return taken;
    }

    Path folder() {
        return disk.folder();
    }

    VirtualTime time() {
        return around.time();
    }

    Ledger ledger() {
        return around.ledger();
    }

    RandomGenerator random() {
        return around.chance().generator();
    }

    UUID id() {
        return around.chance().uuid();
    }

    Instant wallTime() {
        return around.time().instant().plus(wallOffset);
    }

    long monotonicNanos() {
        return bootNanos + around.time().nanos() - suspended;
    }

    /** How long a run goes on, or a thread needs to begin. */
    Duration workTime(boolean run) {
        return run
                ? around.chance().mostlyNear(Duration.ofMillis(20), Duration.ofSeconds(12))
                : around.chance().between(Duration.ofMillis(1), Duration.ofMillis(20));
    }

    ProbeResult probe() {
        boolean failed = longRows || around.chance().onceIn(5);
        return new ProbeResult(
                failed ? Status.ERROR : Status.OK,
                failed ? new Failure(FailureCode.CONNECT_TIMEOUT, null, "Nobody answered.", "") : null,
                Duration.ofMillis(20),
                List.of(),
                null,
                null,
                null,
                "",
                List.of(),
                null,
                longRows ? LONG : Transcript.EMPTY);
    }

    Surroundings around() {
        return around;
    }

    void applied(long revision, ByteString hash) {
        around.applied(this, revision, hash);
    }

    void note(String what) {
        around.trace().note(name, what);
    }

    /** Whether something was written since there had been so many writes; of the real file that is not known. */
    boolean wroteSince(long before) {
        return realSpool || disk.writes() > before;
    }

    long writes() {
        return disk.writes();
    }
}
