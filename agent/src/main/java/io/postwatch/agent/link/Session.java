package io.postwatch.agent.link;

import com.google.protobuf.ByteString;
import io.postwatch.agent.assignment.SeriesId;
import io.postwatch.agent.identity.AgentId;
import io.postwatch.agent.identity.Credentials;
import io.postwatch.agent.identity.PlatformTrust;
import io.postwatch.agent.link.mapping.WireValues;
import io.postwatch.agent.schedule.TimeSample;
import io.postwatch.agent.spool.Lane;
import io.postwatch.agent.spool.SpoolId;
import io.postwatch.proto.agent.v1.AgentGatewayGrpc;
import io.postwatch.proto.agent.v1.AgentMessage;
import io.postwatch.proto.agent.v1.ControllerMessage;
import io.postwatch.proto.agent.v1.HeartbeatReply;
import io.postwatch.proto.agent.v1.LoginLease;
import io.postwatch.proto.agent.v1.LookUpTexts;
import io.postwatch.proto.agent.v1.RejectedRow;
import io.postwatch.proto.agent.v1.RunTest;
import io.postwatch.proto.agent.v1.TriggeredRun;
import io.postwatch.proto.agent.v1.Welcome;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One session on one stream: the shell around {@link SessionRules}.
 *
 * <p>{@link #run} is the link's thread; it alone steps the state and writes to the stream. gRPC's threads and the runs
 * only put events in its queue, which is bounded by construction: one message at a time is asked for from the controller,
 * wake-ups are merged, tests and lookups are few.
 */
final class Session {

    private static final Logger LOG = LoggerFactory.getLogger(Session.class);

    /** How often the rules look at the time. */
    private static final Duration TICK = Duration.ofMillis(200);

    /** A welcome that took longer says too little about the controller's time. */
    private static final Duration PROMPT = Duration.ofSeconds(2);

    /** Something the rules don't know of, that the session tells its owner. */
    interface Owner {

        /** The session stands. */
        void welcomed(Welcome welcome);
    }

    /**
     * Whose session it is.
     *
     * @param generation of the certificate that it connects with
     * @param trustedRoots SHA-256 of the keys of the roots that it trusts
     */
    record Bearer(AgentId agent, long generation, List<ByteString> trustedRoots) {

        Bearer {
            trustedRoots = List.copyOf(trustedRoots);
        }

        static Bearer of(Credentials credentials) {
            return new Bearer(
                    credentials.agent(),
                    credentials.generation(),
                    PlatformTrust.keyHashes(credentials.roots()).stream()
                            .map(ByteString::copyFrom)
                            .toList());
        }
    }

    private final Bearer bearer;
    private final long attempt;
    private final SessionParts parts;
    private final Owner owner;
    private final BlockingQueue<SessionEvent> events = new LinkedBlockingQueue<>();
    private final AtomicBoolean woken = new AtomicBoolean();
    private final SessionStream stream;
    private final SpoolDesk spoolDesk;
    private final TestDesk testDesk;
    private final TextDesk textDesk;
    private final SpoolId spool;
    private SessionState state;
    private long tickedNanos;
    private long unknownMessages;
    /** Written before {@link #stood}, read after it: other threads ask how long the session stood. */
    private long stoodNanos;

    private long helloNanos;
    private volatile boolean stood;

    /**
     * Makes a session that is not open.
     *
     * @param attempt which of this process's sessions it is, counted from 1
     */
    Session(Bearer bearer, long attempt, SessionParts parts, Owner owner) {
        this.bearer = bearer;
        this.attempt = attempt;
        this.parts = parts;
        this.owner = owner;
        this.stream = new SessionStream(events::add, this::wake, parts.random());
        this.spoolDesk = new SpoolDesk(parts.spool());
        this.testDesk = new TestDesk(
                parts.tests(),
                parts.controllerClock(),
                parts.random(),
                outcome -> events.add(new SessionEvent.TestEnded(outcome)));
        this.textDesk =
                new TextDesk(parts.texts(), parts.ticker(), found -> events.add(new SessionEvent.TextsLookedUp(found)));
        this.spool = parts.spool().id();
        this.state = new SessionState.AwaitingChallenge(parts.ticker().nanos());
    }

    /** There may be something to send. May be called by any thread. */
    void wake() {
        if (woken.compareAndSet(false, true)) {
            events.add(new SessionEvent.Sendable());
        }
    }

    /** Ends the session with a good-bye. May be called by any thread. */
    void stop() {
        events.add(new SessionEvent.StopWanted());
    }

    /** Ends the session since its certificate was replaced. May be called by any thread. */
    void becomeOutdated(String what) {
        events.add(new SessionEvent.BecameOutdated(what));
    }

    /** How long the session stood; zero where it never did. */
    Duration stood() {
        return stood ? Duration.ofNanos(parts.ticker().nanos() - stoodNanos) : Duration.ZERO;
    }

    /** Opens the stream and works until the session is over. */
    SessionEnd run(AgentGatewayGrpc.AgentGatewayStub gateway) throws InterruptedException {
        open(gateway);
        while (true) {
            if (state instanceof SessionState.Ended(SessionEnd end)) {
                return end;
            }
            turn(events.poll(TICK.toMillis(), TimeUnit.MILLISECONDS));
        }
    }

    /** Opens the stream; called once, and before everything else. */
    void open(AgentGatewayGrpc.AgentGatewayStub gateway) {
        parts.desk().beginSession();
        gateway.session(stream);
        tickedNanos = parts.ticker().nanos();
    }

    /** Does what an event asks for, where there is one, and what the time does. */
    private void turn(@Nullable SessionEvent event) {
        if (event != null) {
            handle(event);
        }
        long now = parts.ticker().nanos();
        if (now - tickedNanos >= TICK.toNanos()) {
            tickedNanos = now;
            tick();
        }
    }

    /**
     * Does all that waits, for a session without a thread.
     *
     * @return how it ended, once it has
     */
    Optional<SessionEnd> work() {
        turn(events.poll());
        while (!events.isEmpty() && !(state instanceof SessionState.Ended)) {
            turn(events.poll());
        }
        return state instanceof SessionState.Ended(SessionEnd end) ? Optional.of(end) : Optional.empty();
    }

    private void tick() {
        if (!isOfThisNumbering()) {
            handle(new SessionEvent.BecameOutdated("the spool began a new numbering"));
            return;
        }
        handle(new SessionEvent.Ticked());
        // A row that turned from live to back-fill, or a gap, wakes nobody.
        handle(new SessionEvent.Sendable());
    }

    private void handle(SessionEvent first) {
        Queue<SessionEvent> due = new ArrayDeque<>(List.of(first));
        for (SessionEvent event = due.poll(); event != null; event = due.poll()) {
            if (event instanceof SessionEvent.Sendable) {
                woken.set(false);
            }
            SessionRules.Step step =
                    SessionRules.step(state, event, parts.ticker().nanos());
            state = step.state();
            if (state instanceof SessionState.Ended) {
                parts.leases().close();
            }
            for (SessionEffect effect : step.effects()) {
                perform(effect).ifPresent(due::add);
            }
            if (event instanceof SessionEvent.Said) {
                stream.askForNext();
            }
        }
    }

    /** Does it; what follows at once is the next event. */
    private Optional<SessionEvent> perform(SessionEffect effect) {
        switch (effect) {
            case SessionEffect.SayHello(ByteString nonce) -> {
                helloNanos = parts.ticker().nanos();
                stream.send(AgentReports.hello(nonce, bearer, attempt, spool, parts));
            }
            case SessionEffect.TellQueued() ->
                LOG.info("Many agents connect to the controller at this moment; this one waits for its turn");
            case SessionEffect.Welcomed(Welcome welcome) -> welcomed(welcome);
            case SessionEffect.SendHeartbeat(long number) -> {
                sendHeartbeat(number);
                // Where it begins the next tick sees that the spool has another id.
                spoolDesk.renumberIfDue();
            }
            case SessionEffect.Send(AgentMessage message) -> stream.send(message);
            case SessionEffect.MeasureTime(HeartbeatReply reply) -> measure(reply);
            case SessionEffect.ApplyState(ControllerMessage message) -> apply(message);
            case SessionEffect.Trigger(TriggeredRun run) ->
                parts.scheduler()
                        .trigger(
                                new SeriesId(run.getSeries()),
                                run.getRevision(),
                                WireValues.instant(run.getScheduledAt()));
            case SessionEffect.BeginTest(RunTest test) -> beginTest(test);
            case SessionEffect.CancelTest(ByteString testId) -> testDesk.cancel(testId);
            case SessionEffect.LookUp(LookUpTexts wanted) -> {
                if (!textDesk.begin(wanted)) {
                    countUnknown();
                }
            }
            case SessionEffect.AnswerLease(LoginLease answer) -> parts.leases().answered(answer);
            case SessionEffect.SendRows(Lane lane, long after, int atMost) -> {
                return sendRows(lane, after, atMost);
            }
            case SessionEffect.AckRows(Lane lane, long through) -> {
                if (isOfThisNumbering()) {
                    spoolDesk.ack(lane, through);
                }
            }
            case SessionEffect.UnackRows(Lane lane, long after) -> {
                if (isOfThisNumbering()) {
                    spoolDesk.unack(lane, after);
                }
            }
            case SessionEffect.SetAside(Lane lane, RejectedRow row) -> spoolDesk.setAside(lane, row);
            case SessionEffect.CheckNumbering(Lane lane, long ackedThrough, long mark) ->
                checkNumbering(lane, ackedThrough, mark);
            case SessionEffect.UploadCertificates(List<ByteString> fingerprints) ->
                spoolDesk.uploads(fingerprints).forEach(stream::send);
            case SessionEffect.CountUnknown() -> countUnknown();
            case SessionEffect.Finish() -> stream.finish();
        }
        return Optional.empty();
    }

    private void welcomed(Welcome welcome) {
        stoodNanos = parts.ticker().nanos();
        stood = true;
        LOG.info("Connected as {} of {}", welcome.getAgentName(), welcome.getLocationName());
        parts.controllerClock().forgetSamples();
        // Where the hello has waited for its turn, the answer to the first heartbeat, which follows at once, says more.
        if (welcome.hasControllerTime() && stoodNanos - helloNanos <= PROMPT.toNanos()) {
            parts.controllerClock()
                    .sample(new TimeSample(helloNanos, stoodNanos, WireValues.instant(welcome.getControllerTime())));
        }
        owner.welcomed(welcome);
        parts.leases().open(message -> events.add(new SessionEvent.LeaseSaid(message)));
    }

    private void sendHeartbeat(long number) {
        if (!stream.isReady()) {
            return;
        }
        stream.send(AgentReports.heartbeat(number, parts));
    }

    private void measure(HeartbeatReply reply) {
        parts.desk().confirm();
        long now = parts.ticker().nanos();
        if (now - reply.getMonotonicNanos() >= 0) {
            parts.controllerClock()
                    .sample(new TimeSample(
                            reply.getMonotonicNanos(), now, WireValues.instant(reply.getControllerTime())));
        }
    }

    private void apply(ControllerMessage message) {
        if (message.hasSnapshot()) {
            parts.desk().apply(message.getSnapshot()).ifPresent(stream::send);
        } else {
            stream.send(parts.desk().apply(message.getDelta()));
        }
    }

    private void beginTest(RunTest test) {
        if (!testDesk.begin(test)) {
            countUnknown();
        }
    }

    private Optional<SessionEvent> sendRows(Lane lane, long after, int atMost) {
        if (!stream.isReady() || !isOfThisNumbering()) {
            return Optional.empty();
        }
        return spoolDesk.batch(lane, after, atMost).map(batch -> {
            stream.send(AgentMessage.newBuilder().setResultBatch(batch).build());
            return new SessionEvent.RowsSent(
                    lane, batch.getRecords(batch.getRecordsCount() - 1).getSequence());
        });
    }

    /** Whether the spool still counts as it did when the hello was said: what both sides number means these records. */
    private boolean isOfThisNumbering() {
        return parts.spool().id().equals(spool);
    }

    private void checkNumbering(Lane lane, long ackedThrough, long mark) {
        if (isOfThisNumbering() && spoolDesk.renumberUnlessGiven(lane, ackedThrough, mark)) {
            events.add(new SessionEvent.BecameOutdated("the spool began a new numbering"));
        }
    }

    private void countUnknown() {
        unknownMessages++;
        if (unknownMessages == 1) {
            LOG.warn("The controller says something that this version of the agent doesn't know; it is ignored");
        }
    }
}
