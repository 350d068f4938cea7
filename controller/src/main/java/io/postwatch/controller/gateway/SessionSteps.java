package io.postwatch.controller.gateway;

import io.grpc.Status;
import io.postwatch.controller.assignment.DesiredState;
import io.postwatch.controller.assignment.PlanChange;
import io.postwatch.controller.assignment.RunOrder;
import io.postwatch.controller.evaluation.BatchOutcome;
import io.postwatch.controller.evaluation.Lane;
import io.postwatch.controller.evaluation.LaneEnd;
import io.postwatch.controller.gateway.SessionEffect.Admit;
import io.postwatch.controller.gateway.SessionEffect.AskLease;
import io.postwatch.controller.gateway.SessionEffect.CloseSession;
import io.postwatch.controller.gateway.SessionEffect.CountUnknown;
import io.postwatch.controller.gateway.SessionEffect.Finish;
import io.postwatch.controller.gateway.SessionEffect.ReadPlan;
import io.postwatch.controller.gateway.SessionEffect.RecordApplied;
import io.postwatch.controller.gateway.SessionEffect.RecordOutcome;
import io.postwatch.controller.gateway.SessionEffect.RecordPulse;
import io.postwatch.controller.gateway.SessionEffect.RecordTexts;
import io.postwatch.controller.gateway.SessionEffect.Register;
import io.postwatch.controller.gateway.SessionEffect.ReturnLease;
import io.postwatch.controller.gateway.SessionEffect.Send;
import io.postwatch.controller.gateway.SessionEffect.Store;
import io.postwatch.controller.gateway.SessionEffect.StoreCertificates;
import io.postwatch.controller.gateway.SessionInput.Admitted;
import io.postwatch.controller.gateway.SessionInput.AppliedUnknown;
import io.postwatch.controller.gateway.SessionInput.AskForTexts;
import io.postwatch.controller.gateway.SessionInput.BatchDone;
import io.postwatch.controller.gateway.SessionInput.Busy;
import io.postwatch.controller.gateway.SessionInput.CancelTest;
import io.postwatch.controller.gateway.SessionInput.Drain;
import io.postwatch.controller.gateway.SessionInput.End;
import io.postwatch.controller.gateway.SessionInput.FromAgent;
import io.postwatch.controller.gateway.SessionInput.Lapsed;
import io.postwatch.controller.gateway.SessionInput.PeerDone;
import io.postwatch.controller.gateway.SessionInput.PeerGone;
import io.postwatch.controller.gateway.SessionInput.PlanChanged;
import io.postwatch.controller.gateway.SessionInput.PlanRead;
import io.postwatch.controller.gateway.SessionInput.PlanUnreadable;
import io.postwatch.controller.gateway.SessionInput.Refused;
import io.postwatch.controller.gateway.SessionInput.Room;
import io.postwatch.controller.gateway.SessionInput.RunOnce;
import io.postwatch.controller.gateway.SessionInput.Silent;
import io.postwatch.controller.gateway.SessionInput.StartTest;
import io.postwatch.controller.gateway.SessionInput.StoreFailed;
import io.postwatch.controller.gateway.SessionInput.WelcomeFailed;
import io.postwatch.controller.gateway.SessionState.Admitting;
import io.postwatch.controller.gateway.SessionState.AskedSnapshot;
import io.postwatch.controller.gateway.SessionState.AwaitingHello;
import io.postwatch.controller.gateway.SessionState.Ended;
import io.postwatch.controller.gateway.SessionState.Open;
import io.postwatch.controller.gateway.mapping.ResultMapping;
import io.postwatch.controller.liveness.Admission;
import io.postwatch.controller.liveness.AgentSession;
import io.postwatch.controller.shared.Bytes;
import io.postwatch.controller.shared.id.SeriesId;
import io.postwatch.proto.agent.v1.GoodbyeReason;
import io.postwatch.proto.agent.v1.Heartbeat;
import io.postwatch.proto.agent.v1.Hello;
import io.postwatch.proto.agent.v1.ResultBatch;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/** The rules of a session, as a pure function. The shell around it is {@link SessionCall}. */
final class SessionSteps {
    /** More runs than this never wait for one agent: the grid runs them soon anyway. */
    static final int MAX_WAITING_RUNS = 1000;
    /** Assignments that one message says are not run: more than one agent ever has. */
    static final int MAX_REJECTED = 20_000;

    /** Many times what an agent has to say: nobody knows yet whether it is one, and it may wait for its turn. */
    static final int MAX_HELLO_BYTES = 64 * 1024;

    private SessionSteps() {}

    /** Where the session is now, and what to do, in this order. */
    record Step(SessionState state, List<SessionEffect> effects) {
        Step {
            effects = List.copyOf(effects);
        }

        Step(SessionState state, SessionEffect... effects) {
            this(state, List.of(effects));
        }
    }

    static Step step(SessionState state, SessionInput input) {
        return switch (state) {
            case AwaitingHello awaiting -> awaitingHello(awaiting, input);
            case Admitting admitting -> admitting(admitting, input);
            case Open open -> open(open, input);
            case Ended ended -> ended(ended, input);
        };
    }

    private static Step awaitingHello(AwaitingHello state, SessionInput input) {
        return switch (input) {
            case FromAgent(var message, var receivedAt) ->
                switch (message.getMessageCase()) {
                    case HELLO -> hello(state, message.getHello(), new FromAgent(message, receivedAt));
                    case GOODBYE -> new Step(new Ended(), new Finish(Status.OK));
                    case MESSAGE_NOT_SET -> new Step(state, new CountUnknown());
                    case HEARTBEAT,
                            SNAPSHOT_WANTED,
                            APPLIED,
                            RESULT_BATCH,
                            CERTIFICATE_UPLOAD,
                            TEST_OUTCOME,
                            TEXTS_FOUND,
                            LOGIN_LEASE_WANTED,
                            LOGIN_LEASE_RETURNED ->
                        farewell(GoodbyeReason.GOODBYE_REASON_PROTOCOL_ERROR, "Hello is the first message");
                };
            case PeerDone _, PeerGone _, Silent _, Lapsed _ -> new Step(new Ended(), new Finish(Status.CANCELLED));
            case End(var reason, var message) -> farewell(reason, message);
            case Drain _ -> stopping();
            case Admitted _,
                    Refused _,
                    WelcomeFailed _,
                    PlanChanged _,
                    AppliedUnknown _,
                    PlanRead _,
                    PlanUnreadable _,
                    RunOnce _,
                    StartTest _,
                    CancelTest _,
                    AskForTexts _,
                    BatchDone _,
                    Busy _,
                    StoreFailed _,
                    Room _ -> new Step(state);
        };
    }

    private static Step hello(AwaitingHello state, Hello hello, FromAgent input) {
        if (hello.getSerializedSize() > MAX_HELLO_BYTES) {
            return farewell(
                    GoodbyeReason.GOODBYE_REASON_PROTOCOL_ERROR, "A hello has at most " + MAX_HELLO_BYTES + " bytes");
        }
        try {
            UUID spool = ResultMapping.uuid(hello.getSpoolId(), "spool");
            return new Step(
                    new Admitting(ResultMapping.bytes(hello.getAppliedHash()), hello.getAppliedRevision(), spool),
                    new Admit(state.nonce(), hello, input.receivedAt()));
        } catch (IllegalArgumentException e) {
            return farewell(GoodbyeReason.GOODBYE_REASON_PROTOCOL_ERROR, String.valueOf(e.getMessage()));
        }
    }

    private static Step admitting(Admitting state, SessionInput input) {
        return switch (input) {
            case Admitted admitted -> welcome(state, admitted);
            case Refused(var reason, var message) -> farewell(reason, message);
            case PeerDone _, PeerGone _, Silent _, Lapsed _ -> new Step(new Ended(), new Finish(Status.CANCELLED));
            case End(var reason, var message) -> farewell(reason, message);
            case Drain _ -> stopping();
            case Busy _ -> new Step(state, new Send(SessionMessages.queued()));
            case StoreFailed _ -> new Step(new Ended(), new Finish(unavailable()));
            case WelcomeFailed(var opened) ->
                new Step(new Ended(), new Finish(unavailable()), new CloseSession(opened, false));
            case FromAgent _,
                    PlanChanged _,
                    AppliedUnknown _,
                    PlanRead _,
                    PlanUnreadable _,
                    RunOnce _,
                    StartTest _,
                    CancelTest _,
                    AskForTexts _,
                    BatchDone _,
                    Room _ -> new Step(state);
        };
    }

    /** Who left while its hello was judged has a session all the same, which is closed: it must take no other's place. */
    private static Step ended(Ended state, SessionInput input) {
        return switch (input) {
            case Admitted admitted ->
                new Step(state, new CloseSession(admitted.admission().session(), false));
            case WelcomeFailed(var opened) -> new Step(state, new CloseSession(opened, false));
            case FromAgent _,
                    PeerDone _,
                    PeerGone _,
                    Silent _,
                    Lapsed _,
                    End _,
                    Drain _,
                    Refused _,
                    PlanChanged _,
                    AppliedUnknown _,
                    PlanRead _,
                    PlanUnreadable _,
                    RunOnce _,
                    StartTest _,
                    CancelTest _,
                    AskForTexts _,
                    BatchDone _,
                    Busy _,
                    StoreFailed _,
                    Room _ -> new Step(state);
        };
    }

    private static Step welcome(Admitting state, Admitted admitted) {
        Admission.Admitted admission = admitted.admission();
        DesiredState wanted = admitted.wanted();
        // Equal hashes mean equal assignments, but not a secret sealed to a key that the agent has no more.
        boolean known = !admission.newSealingKey()
                && state.appliedHash().equals(Bytes.of(wanted.hash()))
                && state.appliedRevision() > 0;
        DesiredState told = known ? wanted.at(state.appliedRevision()) : DesiredState.NOTHING;
        Open open = new Open(
                admission.session(),
                state.spool(),
                admitted.ackedThrough(),
                told,
                true,
                false,
                Map.of(),
                Map.of(),
                Map.of(),
                null);
        return new Step(
                open,
                new Send(SessionMessages.welcome(admitted)),
                new Register(admission.session()),
                new ReadPlan(admission.session(), told, !known));
    }

    private static Step open(Open state, SessionInput input) {
        return switch (input) {
            case FromAgent said -> fromAgent(state, said);
            case PlanChanged _ -> planChanged(state);
            case AppliedUnknown _ -> askApplied(state);
            case PlanRead(var change, var whole) -> planRead(state, change, whole);
            case PlanUnreadable _ ->
                new Step(state.with(state.told(), false, false, state.waiting()).with(null));
            case RunOnce(var order) -> runOnce(state, order);
            case StartTest(var order) -> new Step(state, new Send(SessionMessages.test(order)));
            case CancelTest(var test) -> new Step(state, new Send(SessionMessages.cancelTest(test)));
            case AskForTexts(var wanted) -> new Step(state, new Send(SessionMessages.lookUpTexts(wanted)));
            case BatchDone(var lane, var last, var outcome) -> batchDone(state, lane, last, outcome);
            case StoreFailed _ ->
                new Step(new Ended(), new Finish(unavailable()), new CloseSession(state.session(), false));
            case End(var reason, var message) ->
                new Step(
                        new Ended(),
                        new Send(SessionMessages.goodbye(reason, message)),
                        new Finish(Status.OK),
                        new CloseSession(state.session(), false));
            case Drain(var within) -> new Step(state, new Send(SessionMessages.drain(within)));
            case Busy _ -> new Step(state, new Send(SessionMessages.ackAgain(state)));
            case Silent _ ->
                new Step(
                        new Ended(),
                        new Finish(Status.UNAVAILABLE.withDescription("Nothing was heard for three heartbeats")),
                        new CloseSession(state.session(), true));
            case Lapsed _ -> lapsed(state);
            case PeerDone _, PeerGone _ ->
                new Step(new Ended(), new Finish(Status.CANCELLED), new CloseSession(state.session(), true));
            case Admitted _, Refused _, WelcomeFailed _, Room _ -> new Step(state);
        };
    }

    private static Step fromAgent(Open state, FromAgent said) {
        AgentSession session = state.session();
        return switch (said.message().getMessageCase()) {
            case HEARTBEAT -> heartbeat(state, said);
            case SNAPSHOT_WANTED -> snapshotWanted(state, said.receivedAt());
            case APPLIED ->
                said.message().getApplied().getRejectedCount() > MAX_REJECTED
                        ? protocolError(state, "More assignments were rejected than an agent can have")
                        : new Step(
                                state.with(null),
                                new RecordApplied(session, said.message().getApplied()));
            case RESULT_BATCH -> batch(state, said.message().getResultBatch());
            case CERTIFICATE_UPLOAD ->
                new Step(state, new StoreCertificates(session, said.message().getCertificateUpload(), state.wanted()));
            case TEST_OUTCOME ->
                new Step(state, new RecordOutcome(session, said.message().getTestOutcome()));
            case TEXTS_FOUND ->
                new Step(state, new RecordTexts(session, said.message().getTextsFound()));
            case LOGIN_LEASE_WANTED ->
                new Step(state, new AskLease(session.agent(), said.message().getLoginLeaseWanted()));
            case LOGIN_LEASE_RETURNED ->
                new Step(state, new ReturnLease(session.agent(), said.message().getLoginLeaseReturned()));
            case GOODBYE -> new Step(new Ended(), new Finish(Status.OK), new CloseSession(session, false));
            case HELLO -> protocolError(state, "Hello is sent once");
            case MESSAGE_NOT_SET -> new Step(state, new CountUnknown());
        };
    }

    /** Making one costs the database and this controller a lot, so an agent waits for its answer to the one before. */
    private static Step snapshotWanted(Open state, Instant now) {
        AskedSnapshot before = state.snapshot();
        return before != null && before.isFresh(now)
                ? new Step(state.with(before.askedAgain()))
                : new Step(snapshotAsked(state, now), new ReadPlan(state.session(), DesiredState.NOTHING, true));
    }

    private static Open snapshotAsked(Open state, Instant now) {
        return state.with(DesiredState.NOTHING, true, state.stale(), state.waiting())
                .with(new AskedSnapshot(now, false));
    }

    private static Step heartbeat(Open state, FromAgent said) {
        Heartbeat heartbeat = said.message().getHeartbeat();
        Instant now = said.receivedAt();
        Send reply = new Send(SessionMessages.heartbeatReply(heartbeat, now));
        RecordPulse pulse = new RecordPulse(state.session(), heartbeat, now);
        AskedSnapshot asked = state.snapshot();
        return asked != null && asked.again() && !asked.isFresh(now)
                ? new Step(
                        snapshotAsked(state, now),
                        reply,
                        pulse,
                        new ReadPlan(state.session(), DesiredState.NOTHING, true))
                : new Step(state, reply, pulse);
    }

    private static Step batch(Open state, ResultBatch message) {
        try {
            return new Step(state, new Store(ReportedBatch.of(state, message), message.getSerializedSize()));
        } catch (IllegalArgumentException e) {
            return protocolError(state, String.valueOf(e.getMessage()));
        }
    }

    private static Step batchDone(Open state, Lane lane, long last, BatchOutcome outcome) {
        return switch (outcome) {
            case BatchOutcome.OutOfSequence(var acked) ->
                protocolError(state, "Records after " + acked + " are missing in the lane " + lane);
            case BatchOutcome.Fenced _ -> lapsed(state);
            case BatchOutcome.Stored(var acked, var mark, var rejections, var wanted) -> {
                List<SessionEffect> effects = new ArrayList<>();
                rejections.forEach(rejection -> effects.add(new Send(SessionMessages.rejectedRow(lane, rejection))));
                effects.add(new Send(SessionMessages.ackOf(lane, new LaneEnd(acked, mark))));
                if (!wanted.isEmpty()) {
                    effects.add(new Send(SessionMessages.certificateWanted(wanted.keySet())));
                }
                yield new Step(state.stored(lane, last, wanted), effects);
            }
        };
    }

    private static Step planChanged(Open state) {
        if (state.reading()) {
            return new Step(state.with(state.told(), true, true, state.waiting()));
        }
        return new Step(
                state.with(state.told(), true, false, state.waiting()),
                new ReadPlan(state.session(), state.told(), false));
    }

    /** An agent says what it runs after every change, also after one that changes nothing. */
    private static Step askApplied(Open state) {
        if (state.reading()) {
            return new Step(state);
        }
        PlanChange nothing = new PlanChange(state.told(), List.of(), List.of());
        return new Step(state, new Send(SessionMessages.delta(state.told(), nothing)));
    }

    private static Step planRead(Open state, PlanChange change, boolean whole) {
        List<SessionEffect> effects = new ArrayList<>();
        DesiredState now = change.state();
        if (whole) {
            SessionMessages.snapshot(change).forEach(part -> effects.add(new Send(part)));
        } else if (now.revision() != state.told().revision()
                || !change.assigned().isEmpty()
                || !change.withdrawn().isEmpty()) {
            effects.add(new Send(SessionMessages.delta(state.told(), change)));
        }
        Map<SeriesId, RunOrder> waiting = new LinkedHashMap<>(state.waiting());
        state.waiting().values().stream()
                .filter(order -> now.covers(order.series(), order.revision()))
                .forEach(order -> {
                    waiting.remove(order.series());
                    effects.add(new Send(SessionMessages.run(order)));
                });
        if (state.stale()) {
            effects.add(new ReadPlan(state.session(), now, false));
        } else {
            // A run is ordered after its assignment: what is not there now was withdrawn since.
            waiting.keySet().removeIf(series -> !now.covers(series, 0));
        }
        return new Step(state.with(now, state.stale(), false, waiting), effects);
    }

    private static Step runOnce(Open state, RunOrder order) {
        if (!state.reading() && state.told().covers(order.series(), order.revision())) {
            return new Step(state, new Send(SessionMessages.run(order)));
        }
        Map<SeriesId, RunOrder> waiting = new LinkedHashMap<>(state.waiting());
        if (waiting.size() < MAX_WAITING_RUNS || waiting.containsKey(order.series())) {
            waiting.put(order.series(), order);
        }
        return new Step(state.with(state.told(), state.reading(), state.stale(), waiting));
    }

    /** The end of a session that a newer one overtook changes nothing. */
    private static Step lapsed(Open state) {
        return new Step(
                new Ended(),
                new Finish(Status.UNAVAILABLE.withDescription("The session has lapsed; come again")),
                new CloseSession(state.session(), false));
    }

    private static Step protocolError(Open state, String message) {
        return new Step(
                new Ended(),
                new Send(SessionMessages.goodbye(GoodbyeReason.GOODBYE_REASON_PROTOCOL_ERROR, message)),
                new Finish(Status.OK),
                new CloseSession(state.session(), false));
    }

    private static Step farewell(GoodbyeReason reason, String message) {
        return new Step(new Ended(), new Send(SessionMessages.goodbye(reason, message)), new Finish(Status.OK));
    }

    /** Before the welcome, where an agent takes a drain for an error: it comes again, and finds another or a new one. */
    private static Step stopping() {
        return farewell(GoodbyeReason.GOODBYE_REASON_STOPPING, "This controller stops");
    }

    private static Status unavailable() {
        return Status.UNAVAILABLE.withDescription("The database does not answer");
    }
}
