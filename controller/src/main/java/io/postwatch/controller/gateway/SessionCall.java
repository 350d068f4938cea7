package io.postwatch.controller.gateway;

import com.google.protobuf.ByteString;
import io.grpc.Status;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import io.postwatch.controller.evaluation.StoredLanes;
import io.postwatch.controller.gateway.SessionInput.Admitted;
import io.postwatch.controller.gateway.SessionInput.BatchDone;
import io.postwatch.controller.gateway.SessionInput.FromAgent;
import io.postwatch.controller.gateway.SessionInput.PeerDone;
import io.postwatch.controller.gateway.SessionInput.PeerGone;
import io.postwatch.controller.gateway.SessionInput.Room;
import io.postwatch.controller.gateway.gate.SessionEnd;
import io.postwatch.controller.liveness.AgentPeer;
import io.postwatch.controller.liveness.AgentSession;
import io.postwatch.controller.shared.Bytes;
import io.postwatch.controller.shared.NanoTicker;
import io.postwatch.proto.agent.v1.AgentMessage;
import io.postwatch.proto.agent.v1.Challenge;
import io.postwatch.proto.agent.v1.ControllerMessage;
import io.postwatch.proto.agent.v1.GoodbyeReason;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The shell of one session: a {@link Mailbox}, and one virtual thread at a time that takes inputs from it, asks
 * {@link SessionSteps} what to do, and does it. Any thread may put an input in, and never waits. The stream is written by
 * that one thread only, and only as far as the agent reads. The next message of the agent is asked for when the one before
 * is done with and all that it led to has gone out: an agent that asks and doesn't read waits in its own window, and one
 * that reads nothing for too long is taken for silent.
 *
 * <p>Batches of results may wait long for their turn and are stored by threads beside, one of each lane at most; the
 * session goes on listening meanwhile. An agent that has said more than that is not listened to, nor taken for silent,
 * until there is room ({@link BatchesUnderWay}).
 */
final class SessionCall implements StreamObserver<AgentMessage> {
    private static final Logger LOG = LoggerFactory.getLogger(SessionCall.class);
    /** An agent waits 15 s for its welcome, and again after each of these. */
    private static final Duration QUEUED_EVERY = Duration.ofSeconds(5);

    private final ServerCallStreamObserver<ControllerMessage> toAgent;
    private final AgentPeer peer;
    private final SessionTasks work;
    private final SessionRegistry registry;
    private final Executor executor;
    private final InstantSource clock;
    private final NanoTicker ticker;
    private final Mailbox<SessionInput> mailbox;
    private final ToldPlan told;
    private final long began;
    private volatile long lastHeard;
    private volatile @Nullable AgentSession session;
    private volatile SessionState.@Nullable Open standing;
    private volatile boolean draining;
    /** More has come than can be stored now: the agent is not listened to. */
    private volatile boolean holding;
    /** The same, since so much of all agents waits. */
    private boolean crowdedOut;

    /** The hello waits for its turn, or is being judged. */
    private volatile boolean admitting;

    private volatile long admittingSince;
    private volatile long queuedAt;
    private final SessionEnd end;
    private final BatchesUnderWay batches = new BatchesUnderWay();
    private final LoadWindow load = new LoadWindow();
    private final Outbox outbox;
    private SessionState state;
    private boolean owesRequest;
    private volatile boolean finished;

    SessionCall(
            ServerCallStreamObserver<ControllerMessage> toAgent,
            AgentPeer peer,
            SessionTasks work,
            SessionRegistry registry,
            Executor executor,
            InstantSource clock,
            NanoTicker ticker,
            Bytes nonce) {
        this.toAgent = toAgent;
        this.outbox = new Outbox(toAgent);
        this.end = new SessionEnd(toAgent::isCancelled);
        this.peer = peer;
        this.work = work;
        this.registry = registry;
        this.executor = executor;
        this.clock = clock;
        this.ticker = ticker;
        this.mailbox = new Mailbox<>(executor, this::take);
        this.told = new ToldPlan(ticker);
        this.state = new SessionState.AwaitingHello(nonce);
        this.began = ticker.nanos();
        this.lastHeard = began;
        toAgent.disableAutoRequest();
        toAgent.setOnCancelHandler(() -> offer(new PeerGone()));
        toAgent.setOnCloseHandler(this::closed);
        toAgent.setOnReadyHandler(() -> offer(new Room()));
    }

    /** Called once, by gRPC's thread of this call, before anything else. */
    void begin(Bytes nonce) {
        toAgent.onNext(ControllerMessage.newBuilder()
                .setChallenge(Challenge.newBuilder().setNonce(ByteString.copyFrom(nonce.toArray())))
                .build());
        toAgent.request(1);
        // Last: where the controller stops, another thread says so at once.
        registry.expect(this);
    }

    /** gRPC ends a call itself where what came is no message, and takes that for no cancellation. */
    private void closed() {
        if (!finished) {
            registry.unreadable(peer.certificate().agent(), ticker.nanos());
        }
        offer(new PeerGone());
    }

    /** The session, once it stands. */
    @Nullable
    AgentSession session() {
        return session;
    }

    /** What the agent was told last. */
    long toldRevision() {
        return told.revision();
    }

    /** How far the lanes of the agent's spool are stored, as far as this session knows; none before it stands. */
    Optional<StoredLanes> storedLanes() {
        SessionState.Open open = standing;
        return open == null
                ? Optional.empty()
                : Optional.of(new StoredLanes(open.session(), open.spool(), open.storedThrough()));
    }

    /** The agent is to run the plan of this revision: it is read, once, unless it was told. Called by one thread at a time. */
    void wants(long revision) {
        if (told.isNews(revision)) {
            offer(new SessionInput.PlanChanged());
        }
    }

    /** Asks the agent what it runs, where it was told or asked longer ago than it needs for an answer. */
    void askApplied(Duration answerWithin) {
        if (told.lacksAnswer(answerWithin)) {
            offer(new SessionInput.AppliedUnknown());
        }
    }

    /** Whether the agent neither spoke nor read for so long, although this side was ready for either. */
    boolean isSilentFor(Duration bound) {
        return mailbox.isIdle() && !holding && ticker.nanos() - lastHeard > bound.toNanos();
    }

    /**
     * Where the agent is not listened to, and so hears no answer to its heartbeats, it hears something else; and so does one
     * whose hello waits. Called by one thread at a time.
     */
    void reassure() {
        boolean queued = admitting && ticker.nanos() - queuedAt >= QUEUED_EVERY.toNanos();
        if ((holding || queued) && toAgent.isReady()) {
            queuedAt = ticker.nanos();
            offer(new SessionInput.Busy());
        }
    }

    /**
     * Whether nobody is let in, nor about to be.
     *
     * @param helloWithin how long an agent may take to say who it is
     * @param judgedWithin how long its hello may wait and be judged: what takes longer is lost
     */
    boolean isUngreetedFor(Duration helloWithin, Duration judgedWithin) {
        if (!mailbox.isIdle() || session != null) {
            return false;
        }
        long now = ticker.nanos();
        return admitting ? now - admittingSince > judgedWithin.toNanos() : now - began > helloWithin.toNanos();
    }

    /** Whether its hello waits for its turn, or is judged. */
    boolean isAdmitting() {
        return admitting;
    }

    /** The session ends with this controller: its end is not the agent's loss. */
    void drain(Duration within) {
        draining = true;
        offer(new SessionInput.Drain(within));
    }

    void offer(SessionInput input) {
        mailbox.put(input);
    }

    @Override
    public void onNext(AgentMessage message) {
        lastHeard = ticker.nanos();
        offer(new FromAgent(message, clock.instant()));
    }

    @Override
    public void onError(Throwable broken) {
        offer(new PeerGone());
    }

    @Override
    public void onCompleted() {
        offer(new PeerDone());
    }

    /** Handles an input, and what waited for it; or keeps it for later. */
    private void take(SessionInput input) {
        if (!batches.hold(input)) {
            List<SessionInput> again = input instanceof BatchDone done ? batches.ended(done.lane()) : List.of();
            handle(input);
            again.forEach(this::take);
        }
        boolean held = batches.holds() || crowdedOut;
        if (holding && !held) {
            lastHeard = ticker.nanos();
        }
        holding = held;
    }

    private void handle(SessionInput input) {
        Deque<SessionInput> inputs = new ArrayDeque<>();
        inputs.add(input);
        try {
            while (!inputs.isEmpty()) {
                SessionSteps.Step step = SessionSteps.step(state, inputs.removeFirst());
                state = step.state();
                beAdmitting(state instanceof SessionState.Admitting);
                if (state instanceof SessionState.Open open) {
                    told.is(open.told().revision());
                    standing = open;
                }
                step.effects().forEach(effect -> perform(effect, inputs));
            }
            goOn(input);
        } catch (RuntimeException | Error unexpected) {
            // Also an Error, such as too little memory for one message: a session that nobody serves must not stay.
            fail(input, unexpected);
        }
    }

    /** Any thread that sees it sees also since when. */
    private void beAdmitting(boolean now) {
        if (now && !admitting) {
            admittingSince = ticker.nanos();
        }
        admitting = now;
    }

    /** Sends what there is room for, and asks for the next message once nothing is left. */
    private void goOn(SessionInput done) {
        if (finished) {
            return;
        }
        owesRequest |= done instanceof FromAgent;
        if (done instanceof FromAgent || done instanceof Room || done instanceof Admitted) {
            // Counts from when this side is ready to hear more, not from when it was busy.
            lastHeard = ticker.nanos();
        }
        outbox.sendWhatFits();
        if (outbox.isOverfull()) {
            LOG.warn("Agent {} does not read what it is told: its session ends", agent());
            handle(new SessionInput.End(
                    GoodbyeReason.GOODBYE_REASON_PROTOCOL_ERROR, "This agent does not read what it is told"));
            return;
        }
        askForMore();
    }

    private void askForMore() {
        crowdedOut = owesRequest && batches.any(work::isCrowded);
        if (owesRequest && !admitting && !crowdedOut && outbox.isEmpty() && toAgent.isReady()) {
            owesRequest = false;
            toAgent.request(1);
        }
    }

    private void fail(SessionInput input, Throwable unexpected) {
        state = new SessionState.Ended();
        AgentSession stood = session;
        if (stood != null) {
            registry.unregister(this, stood);
        }
        try {
            LOG.error("A session of agent {} ends: its {} failed", agent(), name(input), unexpected);
            finish(Status.INTERNAL.withDescription("The controller failed; see its log"));
            if (stood != null) {
                close(stood, false);
            }
        } catch (RuntimeException | Error again) {
            // Nobody holds the session any more; its row is closed when it has been silent for long enough.
            LOG.error("A session of agent {} did not end as it should", agent(), again);
        }
    }

    private void perform(SessionEffect effect, Deque<SessionInput> inputs) {
        switch (effect) {
            case SessionEffect.Send(var message) -> send(message);
            case SessionEffect.Register(var opened) -> {
                session = opened;
                registry.register(this, opened);
                work.announce(opened);
            }
            case SessionEffect.Finish(var status) -> finish(status);
            case SessionEffect.CloseSession(var closing, var agentWent) -> close(closing, agentWent);
            case SessionEffect.Admit admit -> {
                queuedAt = ticker.nanos();
                beside(() -> admit(admit), inputs);
            }
            case SessionEffect.ReadPlan read -> inputs.add(work.readPlan(read));
            case SessionEffect.Store store -> store(store, inputs);
            case SessionEffect.RecordPulse pulse ->
                work.record(
                        pulse, load.add(pulse.receivedAt(), pulse.heartbeat().getLoad()));
            case SessionEffect.RecordApplied applied -> work.record(applied);
            case SessionEffect.RecordOutcome outcome -> work.record(outcome);
            case SessionEffect.RecordTexts texts -> work.record(texts);
            case SessionEffect.StoreCertificates upload -> work.store(upload);
            case SessionEffect.AskLease ask ->
                send(SessionMessages.lease(ask.wanted().getLeaseId(), work.lease(ask)));
            case SessionEffect.ReturnLease returned -> work.giveBack(returned);
            case SessionEffect.CountUnknown _ -> registry.countUnknown();
        }
    }

    /** Where nobody is there any more, what was opened is closed again: it must take no other session's place. */
    private SessionInput admit(SessionEffect.Admit admit) {
        SessionInput answer = work.admit(admit, peer, end);
        return answer instanceof Admitted admitted && end.hasCome()
                ? new SessionInput.WelcomeFailed(admitted.admission().session())
                : answer;
    }

    private void store(SessionEffect.Store store, Deque<SessionInput> inputs) {
        batches.began(store.batch().lane());
        beside(() -> work.store(store, end), inputs);
    }

    /** Does what may wait long for its turn, while the session goes on; the answer is an input like any other. */
    private void beside(Supplier<SessionInput> task, Deque<SessionInput> inputs) {
        try {
            executor.execute(() -> doBeside(task));
        } catch (RejectedExecutionException stopping) {
            LOG.debug("Agent {} wants something when the controller stops", agent(), stopping);
            inputs.add(new SessionInput.StoreFailed());
        }
    }

    private void doBeside(Supplier<SessionInput> task) {
        SessionInput outcome = new SessionInput.StoreFailed();
        try {
            outcome = task.get();
        } catch (RuntimeException | Error unexpected) {
            LOG.error("What agent {} sent was neither stored nor judged", agent(), unexpected);
        } finally {
            // Also where not even that could be logged: a session that waits for an answer for ever must not be.
            mailbox.putAndTake(outcome);
        }
    }

    private void send(ControllerMessage message) {
        if (!finished && !toAgent.isCancelled()) {
            outbox.add(message);
            outbox.sendWhatFits();
        }
    }

    private void finish(Status status) {
        if (finished) {
            return;
        }
        finished = true;
        end.come();
        registry.forget(this);
        List<ControllerMessage> farewell = outbox.farewell();
        if (!toAgent.isCancelled()) {
            // What has no room at the end is dropped, but for the reason of the end.
            farewell.forEach(toAgent::onNext);
            if (status.isOk()) {
                toAgent.onCompleted();
            } else {
                toAgent.onError(status.asRuntimeException());
            }
        }
    }

    private void close(AgentSession closing, boolean agentWent) {
        registry.unregister(this, closing);
        if (!draining) {
            work.close(closing, agentWent);
        }
    }

    private String agent() {
        AgentSession stood = session;
        return stood == null ? "that has not said who it is" : stood.agent().toString();
    }

    /** Of an input: its kind, never its content. */
    private static String name(SessionInput input) {
        return input instanceof FromAgent(var message, var _)
                ? message.getMessageCase().name()
                : input.getClass().getSimpleName();
    }
}
