package io.postwatch.agent.link;

import com.google.protobuf.ByteString;
import io.postwatch.agent.assignment.AssignmentStore;
import io.postwatch.agent.disk.PrivateFolder;
import io.postwatch.agent.identity.AgentId;
import io.postwatch.agent.identity.SimulatedKeys;
import io.postwatch.agent.link.mapping.WireStateCodec;
import io.postwatch.agent.localsecret.LocalSecrets;
import io.postwatch.agent.login.LoginLeases;
import io.postwatch.agent.probe.ProbeResult;
import io.postwatch.agent.probe.TextAnswer;
import io.postwatch.agent.probe.failure.FailureCategory;
import io.postwatch.agent.schedule.CheckRunner;
import io.postwatch.agent.schedule.ControllerClock;
import io.postwatch.agent.schedule.FinishedRun;
import io.postwatch.agent.schedule.ScheduleLimits;
import io.postwatch.agent.schedule.SteppedSchedule;
import io.postwatch.agent.schedule.TestRuns;
import io.postwatch.agent.selfcheck.Egress;
import io.postwatch.agent.selfcheck.EgressHosts;
import io.postwatch.agent.spool.ResultSpool;
import io.postwatch.proto.agent.v1.AgentGatewayGrpc;
import io.postwatch.proto.agent.v1.AgentMessage;
import io.postwatch.proto.agent.v1.ControllerMessage;
import io.postwatch.simulation.ledger.Ledger;
import io.postwatch.simulation.machine.Connection;
import io.postwatch.simulation.machine.Crash;
import io.postwatch.simulation.machine.SimulatedProcess;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;

/** One life of an agent's process on its host. */
public final class SimulatedAgent {

    private static final SecureRandom NONCES = new SecureRandom();
    private static final Backoff BACKOFF = Backoff.DEFAULT;
    private static final Duration TICK = Duration.ofSeconds(1);
    /** By less nobody corrects a clock that runs. */
    private static final Duration CORRECTED = Duration.ofSeconds(2);

    private static final Duration SHORTEST_LOOK = Duration.ofMillis(100);

    private static final SealedLogins NO_SECRETS =
            new SealedLogins(SimulatedKeys.opener(), new LocalSecrets(Map.of(), variable -> null, () -> 0));

    private final AgentHost host;
    private final SimulatedProcess process;
    private final ControllerClock clock;
    private final ResultSpool spool;
    private final SteppedSchedule schedule;
    private final StateDesk desk;
    private final SessionParts parts;
    private final SpoolRecorder recorder;
    private final Map<Long, Instant> lastRun = new HashMap<>();
    private boolean corrected;
    private ByteString checkedHash = ByteString.EMPTY;
    private @Nullable Session session;
    private @Nullable SimulatedChannel channel;
    private Instant seenTime = Instant.MIN;
    private boolean working;
    private boolean stopping;
    private int failures;
    private final UUID bootId;
    private long attempts;

    /** What a copy of a process that lives has in common with it. */
    record Memory(UUID bootId, long attempts) {}

    /** Starts on what the host has on its disk, and goes on from its memory where that was copied. */
    public SimulatedAgent(AgentHost host) {
        this.host = host;
        this.process = new SimulatedProcess(host.time(), () -> host.crashed(this));
        Memory memory = host.takeMemory();
        this.bootId = memory == null ? host.id() : memory.bootId();
        this.attempts = memory == null ? 0 : memory.attempts();
        try {
            PrivateFolder folder = PrivateFolder.open(host.folder());
            InstantSource wallClock = host::wallTime;
            this.clock = new ControllerClock(host::monotonicNanos, wallClock, folder);
            this.spool = new ObservedSpool(host.openSpool(folder, clock), host.seen, host.ledger());
            clock.recall(spool::newestScheduledAt);
            CheckRunner checks = new CheckRunner(
                    (request, deadline) -> host.probe(),
                    (secret, check, deadline) -> {
                        throw new GeneralSecurityException("nothing is sealed in a simulation");
                    },
                    LoginLeases.NONE);
            this.schedule = new SteppedSchedule(
                    checks,
                    this::record,
                    clock,
                    host::monotonicNanos,
                    ScheduleLimits.DEFAULT,
                    host::id,
                    (name, work) -> process.after(host.workTime(name.startsWith("run")), work));
            AssignmentStore store = new AssignmentStore(
                    folder,
                    new SecretKeySpec(new byte[32], "AES"),
                    NONCES,
                    new WireStateCodec("simulated", NO_SECRETS),
                    clock,
                    Duration.ofDays(7));
            this.desk = new StateDesk(store, schedule.scheduler(), NO_SECRETS);
            AgentFacts facts = new AgentFacts(
                    "simulated", bootId, host.name(), "Linux", "none", true, true, 100, false, List.of());
            this.parts = new SessionParts(
                    SimulatedKeys.KEYS,
                    () -> facts,
                    desk,
                    schedule.scheduler(),
                    new TestRuns(checks, clock, host::monotonicNanos, ScheduleLimits.DEFAULT),
                    (name, deadline) -> new TextAnswer.Unknown("nothing is looked up in a simulation"),
                    new LeaseDesk(host::monotonicNanos, host::id, 1),
                    spool,
                    new Egress(EgressHosts.NONE, host::monotonicNanos),
                    clock,
                    wallClock,
                    host::monotonicNanos,
                    host.random());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (Crash crash) {
            process.end();
            throw crash;
        }
        this.recorder = new SpoolRecorder(spool, this::wake);
        this.checkedHash = desk.hash();
        process.after(Duration.ZERO, this::look);
        process.after(host.workTime(false), this::connect);
        process.every(TICK, this::work);
    }

    public SimulatedProcess process() {
        return process;
    }

    Memory memory() {
        return new Memory(bootId, attempts);
    }

    public AgentHost host() {
        return host;
    }

    public ByteString appliedHash() {
        return desk.hash();
    }

    public long appliedRevision() {
        return desk.revision();
    }

    public boolean isConnected() {
        return session != null && !session.stood().isZero();
    }

    public Instant controllerTime() {
        return clock.instant();
    }

    /** What an earlier process may have run up to then, this one leaves out. */
    public Instant latestBefore() {
        return clock.latestBefore();
    }

    public long unackedRows() {
        return spool.unackedRows();
    }

    /** From now on it makes no more results, but sends those that it has. */
    public void stopRunning() {
        stopping = true;
    }

    /** Says good-bye; the process ends a moment later. */
    public void stop() {
        stopping = true;
        process.run(() -> {
            if (session != null) {
                session.stop();
                work();
            }
            clock.keepNow();
            host.ended();
            process.end();
        });
    }

    /** The process is gone; its sockets are closed by its system. */
    public void kill() {
        process.end();
        closeSockets();
    }

    void closeSockets() {
        if (channel != null) {
            channel.hangUp();
        }
    }

    private void look() {
        if (stopping) {
            return;
        }
        Duration next = schedule.look();
        process.after(next.compareTo(SHORTEST_LOOK) < 0 ? SHORTEST_LOOK : next, this::look);
    }

    private void wake() {
        if (session != null) {
            session.wake();
            process.after(Duration.ofMillis(1), this::work);
        }
    }

    private void connect() {
        attempts++;
        Session next = new Session(
                new Session.Bearer(new AgentId(host.agentId()), 1, List.of()),
                attempts,
                parts,
                welcome -> host.around().welcomed(host));
        SimulatedChannel through = new SimulatedChannel(this::dial, this::work);
        session = next;
        channel = through;
        next.open(AgentGatewayGrpc.newStub(through));
        work();
    }

    private @Nullable Connection<AgentMessage, ControllerMessage> dial(Connection.Dialler<ControllerMessage> dialler) {
        return host.around().dial(host, process, dialler);
    }

    private void work() {
        lookAtTheTime();
        Session current = session;
        if (working || current == null || !process.isAlive()) {
            return;
        }
        working = true;
        try {
            Optional<SessionEnd> end = current.work();
            checkApplied();
            end.ifPresent(how -> over(current, how));
        } finally {
            working = false;
        }
    }

    /** Where the time was corrected, moments that were jumped over come after those that were taken. */
    private void lookAtTheTime() {
        Instant now = clock.instant();
        if (seenTime.isAfter(now.plus(CORRECTED))) {
            lastRun.clear();
            corrected = true;
        }
        seenTime = now;
    }

    private void checkApplied() {
        ByteString hash = desk.hash();
        if (!hash.equals(checkedHash)) {
            checkedHash = hash;
            host.applied(desk.revision(), hash);
        }
    }

    private void over(Session ended, SessionEnd how) {
        host.note("session over: " + how);
        session = null;
        closeSockets();
        Reconnection next = Reconnection.after(
                how, ended.stood(), failures, BACKOFF, host.random().nextDouble());
        failures = next.failures();
        if (!stoppedBy(how)) {
            process.after(next.pause().plus(host.workTime(false)), this::connect);
        }
    }

    private static boolean stoppedBy(SessionEnd how) {
        return how instanceof SessionEnd.Stopped;
    }

    private void record(FinishedRun run) {
        ProbeResult result = run.result();
        boolean measured = result.failure() == null || result.failure().code().category() != FailureCategory.AGENT;
        Ledger.Row row = new Ledger.Row(
                host.name(),
                run.runId(),
                run.series().value(),
                run.scheduledAt(),
                measured,
                run.triggered(),
                run.clockSuspect(),
                host.time().nanos());
        if (!run.triggered()) {
            checkNumber(run, measured);
        }
        long writes = host.writes();
        try {
            recorder.record(run);
        } catch (Crash crash) {
            if (host.writes() > writes) {
                recorded(run, row, writes);
            }
            throw crash;
        }
        recorded(run, row, writes);
    }

    private void recorded(FinishedRun run, Ledger.Row row, long writesBefore) {
        host.ledger().recorded(row);
        if (!run.triggered() && host.wroteSince(writesBefore)) {
            host.moments.hasResult(row);
        }
    }

    /**
     * The numbers of one series never repeat, and never go back while the clock is the same. One whose result was not
     * written any more, or refused by a full disk, was not taken: a process that starts with a wrong clock and without a
     * controller can't know of it, and loses nothing by running it.
     */
    private void checkNumber(FinishedRun run, boolean measured) {
        if (!host.moments.isNew(run.series().value(), run.scheduledAt(), run.clockSuspect())) {
            throw host.ledger().broken(host.name() + " ran series " + run.series() + " twice for " + run.scheduledAt());
        }
        // Begun before the time was corrected, and ended after it.
        boolean ahead = corrected && run.scheduledAt().isAfter(clock.instant());
        if (measured && !ahead && !run.clockSuspect() && host.moments.isPresent(run.scheduledAt())) {
            Instant before = lastRun.put(run.series().value(), run.scheduledAt());
            if (before != null && !run.scheduledAt().isAfter(before)) {
                throw host.ledger()
                        .broken(host.name() + " ran series " + run.series() + " for " + run.scheduledAt() + " after "
                                + before);
            }
        }
    }
}
