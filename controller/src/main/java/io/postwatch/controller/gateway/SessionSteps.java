package io.postwatch.controller.gateway;

import com.google.protobuf.ByteString;
import io.grpc.Status;
import io.postwatch.controller.assignment.AssignmentOrder;
import io.postwatch.controller.assignment.DesiredState;
import io.postwatch.controller.assignment.PlanChange;
import io.postwatch.controller.assignment.RunOrder;
import io.postwatch.controller.evaluation.Batch;
import io.postwatch.controller.evaluation.BatchOutcome;
import io.postwatch.controller.evaluation.BatchOutcome.Witness;
import io.postwatch.controller.evaluation.Lane;
import io.postwatch.controller.evaluation.Rejection;
import io.postwatch.controller.fleet.Admission;
import io.postwatch.controller.fleet.AgentSession;
import io.postwatch.controller.gateway.SessionEffect.Admit;
import io.postwatch.controller.gateway.SessionEffect.CloseSession;
import io.postwatch.controller.gateway.SessionEffect.CountUnknown;
import io.postwatch.controller.gateway.SessionEffect.Finish;
import io.postwatch.controller.gateway.SessionEffect.ReadPlan;
import io.postwatch.controller.gateway.SessionEffect.RecordApplied;
import io.postwatch.controller.gateway.SessionEffect.RecordOutcome;
import io.postwatch.controller.gateway.SessionEffect.RecordPulse;
import io.postwatch.controller.gateway.SessionEffect.Register;
import io.postwatch.controller.gateway.SessionEffect.Send;
import io.postwatch.controller.gateway.SessionEffect.Store;
import io.postwatch.controller.gateway.SessionEffect.StoreCertificates;
import io.postwatch.controller.gateway.SessionInput.Admitted;
import io.postwatch.controller.gateway.SessionInput.BatchDone;
import io.postwatch.controller.gateway.SessionInput.CancelTest;
import io.postwatch.controller.gateway.SessionInput.Drain;
import io.postwatch.controller.gateway.SessionInput.End;
import io.postwatch.controller.gateway.SessionInput.FromAgent;
import io.postwatch.controller.gateway.SessionInput.Lapsed;
import io.postwatch.controller.gateway.SessionInput.PeerGone;
import io.postwatch.controller.gateway.SessionInput.PlanChanged;
import io.postwatch.controller.gateway.SessionInput.PlanRead;
import io.postwatch.controller.gateway.SessionInput.PlanUnreadable;
import io.postwatch.controller.gateway.SessionInput.Refused;
import io.postwatch.controller.gateway.SessionInput.RunOnce;
import io.postwatch.controller.gateway.SessionInput.Silent;
import io.postwatch.controller.gateway.SessionInput.StartTest;
import io.postwatch.controller.gateway.SessionInput.StoreFailed;
import io.postwatch.controller.gateway.SessionState.Admitting;
import io.postwatch.controller.gateway.SessionState.AwaitingHello;
import io.postwatch.controller.gateway.SessionState.Ended;
import io.postwatch.controller.gateway.SessionState.Open;
import io.postwatch.controller.shared.Bytes;
import io.postwatch.controller.shared.Fingerprint;
import io.postwatch.controller.shared.SeriesId;
import io.postwatch.proto.agent.v1.Ack;
import io.postwatch.proto.agent.v1.CertificateWanted;
import io.postwatch.proto.agent.v1.ControllerMessage;
import io.postwatch.proto.agent.v1.Delta;
import io.postwatch.proto.agent.v1.Goodbye;
import io.postwatch.proto.agent.v1.GoodbyeReason;
import io.postwatch.proto.agent.v1.Heartbeat;
import io.postwatch.proto.agent.v1.HeartbeatReply;
import io.postwatch.proto.agent.v1.Hello;
import io.postwatch.proto.agent.v1.RejectedRow;
import io.postwatch.proto.agent.v1.ResultBatch;
import io.postwatch.proto.agent.v1.RowRejection;
import io.postwatch.proto.agent.v1.Snapshot;
import io.postwatch.proto.agent.v1.Welcome;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;

/** The rules of a session, as a pure function. The shell around it is {@link SessionCall}. */
final class SessionSteps {
    /** Small enough that a part of a snapshot stays far below gRPC's limit of 4 MiB. */
    static final int ASSIGNMENTS_PER_PART = 500;
    /** More runs than this never wait for one agent: the grid runs them soon anyway. */
    static final int MAX_WAITING_RUNS = 1000;
    /** Certificates that one agent was asked for and has not sent. */
    static final int MAX_WANTED = 1000;

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
            case Ended ended -> new Step(ended);
        };
    }

    private static Step awaitingHello(AwaitingHello state, SessionInput input) {
        return switch (input) {
            case FromAgent(var message, var receivedAt) ->
                switch (message.getMessageCase()) {
                    case HELLO -> hello(state, message.getHello(), new FromAgent(message, receivedAt));
                    case GOODBYE -> new Step(new Ended(), new Finish(Status.OK));
                    case MESSAGE_NOT_SET -> new Step(state, new CountUnknown());
                    case HEARTBEAT, SNAPSHOT_WANTED, APPLIED, RESULT_BATCH, CERTIFICATE_UPLOAD, TEST_OUTCOME ->
                        farewell(GoodbyeReason.GOODBYE_REASON_PROTOCOL_ERROR, "Hello is the first message");
                };
            case PeerGone _, Silent _, Lapsed _ -> new Step(new Ended(), new Finish(Status.CANCELLED));
            case End(var reason, var message) -> farewell(reason, message);
            case Drain _,
                    Admitted _,
                    Refused _,
                    PlanChanged _,
                    PlanRead _,
                    PlanUnreadable _,
                    RunOnce _,
                    StartTest _,
                    CancelTest _,
                    BatchDone _,
                    StoreFailed _ -> new Step(state);
        };
    }

    private static Step hello(AwaitingHello state, Hello hello, FromAgent input) {
        try {
            UUID spool = ResultMapping.uuid(hello.getSpoolId(), "spool");
            return new Step(
                    new Admitting(Bytes.of(hello.getAppliedHash().toByteArray()), hello.getAppliedRevision(), spool),
                    new Admit(state.nonce(), hello, input.receivedAt()));
        } catch (IllegalArgumentException e) {
            return farewell(GoodbyeReason.GOODBYE_REASON_PROTOCOL_ERROR, String.valueOf(e.getMessage()));
        }
    }

    private static Step admitting(Admitting state, SessionInput input) {
        return switch (input) {
            case Admitted admitted -> welcome(state, admitted);
            case Refused(var reason, var message) -> farewell(reason, message);
            case PeerGone _, Silent _, Lapsed _ -> new Step(new Ended(), new Finish(Status.CANCELLED));
            case End(var reason, var message) -> farewell(reason, message);
            case StoreFailed _ -> new Step(new Ended(), new Finish(unavailable()));
            case FromAgent _,
                    Drain _,
                    PlanChanged _,
                    PlanRead _,
                    PlanUnreadable _,
                    RunOnce _,
                    StartTest _,
                    CancelTest _,
                    BatchDone _ -> new Step(state);
        };
    }

    private static Step welcome(Admitting state, Admitted admitted) {
        Admission.Admitted admission = admitted.admission();
        Welcome.Builder welcome = Welcome.newBuilder()
                .setSessionId(OrderMapping.bytes(admission.session().id()))
                .setEpoch(admission.session().epoch())
                .setControllerTime(OrderMapping.timestamp(admitted.welcoming().now()))
                .addAllRoots(admitted.welcoming().roots())
                .setHeartbeatInterval(OrderMapping.duration(admitted.welcoming().heartbeatInterval()))
                .setAgentName(admission.agentName())
                .setLocationName(admission.locationName());
        admitted.acked().forEach((lane, through) -> welcome.addAcked(ack(lane, through)));
        DesiredState wanted = admitted.wanted();
        // Equal hashes mean equal assignments, but not a secret sealed to a key that the agent has no more.
        boolean known = !admission.newSealingKey()
                && state.appliedHash().equals(Bytes.of(wanted.hash()))
                && state.appliedRevision() > 0;
        DesiredState told = known ? wanted.at(state.appliedRevision()) : DesiredState.NOTHING;
        Open open = new Open(admission.session(), state.spool(), told, true, false, Map.of(), Map.of(), Map.of());
        return new Step(
                open,
                new Send(ControllerMessage.newBuilder().setWelcome(welcome).build()),
                new Register(admission.session()),
                new ReadPlan(admission.session(), told, !known));
    }

    private static Step open(Open state, SessionInput input) {
        return switch (input) {
            case FromAgent said -> fromAgent(state, said);
            case PlanChanged _ -> planChanged(state);
            case PlanRead(var change, var whole) -> planRead(state, change, whole);
            case PlanUnreadable _ -> new Step(with(state, state.told(), false, false, state.waiting()));
            case RunOnce(var order) -> runOnce(state, order);
            case StartTest(var order) ->
                new Step(
                        state,
                        new Send(
                                ControllerMessage.newBuilder().setRunTest(order).build()));
            case CancelTest(var test) ->
                new Step(
                        state,
                        new Send(ControllerMessage.newBuilder()
                                .setCancelTest(io.postwatch.proto.agent.v1.CancelTest.newBuilder()
                                        .setTestId(test))
                                .build()));
            case BatchDone(var lane, var last, var outcome) -> batchDone(state, lane, last, outcome);
            case StoreFailed _ -> new Step(new Ended(), new Finish(unavailable()), new CloseSession(state.session()));
            case End(var reason, var message) ->
                new Step(
                        new Ended(),
                        goodbye(reason, message),
                        new Finish(Status.OK),
                        new CloseSession(state.session()));
            case Drain(var within) ->
                new Step(
                        state,
                        new Send(ControllerMessage.newBuilder()
                                .setDrain(io.postwatch.proto.agent.v1.Drain.newBuilder()
                                        .setWithin(OrderMapping.duration(within)))
                                .build()));
            case Silent _ ->
                new Step(
                        new Ended(),
                        new Finish(Status.UNAVAILABLE.withDescription("Nothing was heard for three heartbeats")),
                        new CloseSession(state.session()));
            case Lapsed _ ->
                new Step(
                        new Ended(),
                        new Finish(Status.UNAVAILABLE.withDescription("The session has lapsed; come again")),
                        new CloseSession(state.session()));
            case PeerGone _ -> new Step(new Ended(), new Finish(Status.CANCELLED), new CloseSession(state.session()));
            case Admitted _, Refused _ -> new Step(state);
        };
    }

    private static Step fromAgent(Open state, FromAgent said) {
        AgentSession session = state.session();
        return switch (said.message().getMessageCase()) {
            case HEARTBEAT -> heartbeat(state, said);
            case SNAPSHOT_WANTED ->
                new Step(
                        with(state, DesiredState.NOTHING, true, state.stale(), state.waiting()),
                        new ReadPlan(session, DesiredState.NOTHING, true));
            case APPLIED ->
                new Step(state, new RecordApplied(session, said.message().getApplied()));
            case RESULT_BATCH -> batch(state, said.message().getResultBatch());
            case CERTIFICATE_UPLOAD ->
                new Step(state, new StoreCertificates(session, said.message().getCertificateUpload(), state.wanted()));
            case TEST_OUTCOME ->
                new Step(state, new RecordOutcome(session, said.message().getTestOutcome()));
            case GOODBYE -> new Step(new Ended(), new Finish(Status.OK), new CloseSession(session));
            case HELLO -> protocolError(state, "Hello is sent once");
            case MESSAGE_NOT_SET -> new Step(state, new CountUnknown());
        };
    }

    private static Step heartbeat(Open state, FromAgent said) {
        Heartbeat heartbeat = said.message().getHeartbeat();
        HeartbeatReply reply = HeartbeatReply.newBuilder()
                .setNumber(heartbeat.getNumber())
                .setMonotonicNanos(heartbeat.getMonotonicNanos())
                .setControllerTime(OrderMapping.timestamp(said.receivedAt()))
                .build();
        return new Step(
                state,
                new Send(ControllerMessage.newBuilder().setHeartbeatReply(reply).build()),
                new RecordPulse(state.session(), heartbeat, said.receivedAt()));
    }

    private static Step batch(Open state, ResultBatch message) {
        Lane lane = switch (message.getLane()) {
            case LANE_LIVE -> Lane.LIVE;
            case LANE_BACK_FILL -> Lane.BACK_FILL;
            case LANE_UNSPECIFIED, UNRECOGNIZED -> null;
        };
        if (lane == null) {
            return protocolError(state, "A batch of a lane that is not known here");
        }
        Long last = state.lastSequence().get(lane);
        Batch batch;
        try {
            batch = new Batch(
                    new Batch.Reporter(
                            state.session().tenant(),
                            state.session().agent(),
                            state.session().location()),
                    state.spool(),
                    lane,
                    last == null,
                    message.getRecordsList().stream().map(ResultMapping::entry).toList());
        } catch (IllegalArgumentException e) {
            return protocolError(state, String.valueOf(e.getMessage()));
        }
        return new Step(state, new Store(batch));
    }

    private static Step batchDone(Open state, Lane lane, long last, BatchOutcome outcome) {
        return switch (outcome) {
            case BatchOutcome.OutOfSequence(var acked) ->
                protocolError(state, "Records after " + acked + " are missing in the lane " + lane);
            case BatchOutcome.Stored(var acked, var rejections, var wanted) -> {
                List<SessionEffect> effects = new ArrayList<>();
                rejections.forEach(rejection -> effects.add(new Send(ControllerMessage.newBuilder()
                        .setRejectedRow(rejectedRow(lane, rejection))
                        .build())));
                effects.add(new Send(
                        ControllerMessage.newBuilder().setAck(ack(lane, acked)).build()));
                if (!wanted.isEmpty()) {
                    CertificateWanted.Builder message = CertificateWanted.newBuilder();
                    wanted.keySet()
                            .forEach(fingerprint -> message.addFingerprints(
                                    ByteString.copyFrom(HexFormat.of().parseHex(fingerprint.hex()))));
                    effects.add(new Send(ControllerMessage.newBuilder()
                            .setCertificateWanted(message)
                            .build()));
                }
                Map<Lane, Long> sequences = new LinkedHashMap<>(state.lastSequence());
                sequences.merge(lane, last, Math::max);
                yield new Step(
                        new Open(
                                state.session(),
                                state.spool(),
                                state.told(),
                                state.reading(),
                                state.stale(),
                                state.waiting(),
                                sequences,
                                remember(state.wanted(), wanted)),
                        effects);
            }
        };
    }

    /** Those of the last batches: an agent answers soon or not at all. */
    private static Map<Fingerprint, Set<Witness>> remember(
            Map<Fingerprint, Set<Witness>> before, Map<Fingerprint, Set<Witness>> now) {
        Map<Fingerprint, Set<Witness>> wanted = new LinkedHashMap<>();
        if (before.size() + now.size() <= MAX_WANTED) {
            wanted.putAll(before);
        }
        now.forEach((fingerprint, witnesses) -> wanted.merge(fingerprint, witnesses, (some, more) -> {
            Set<Witness> all = new LinkedHashSet<>(some);
            all.addAll(more);
            return all;
        }));
        return wanted;
    }

    private static Step planChanged(Open state) {
        if (state.reading()) {
            return new Step(with(state, state.told(), true, true, state.waiting()));
        }
        return new Step(
                with(state, state.told(), true, false, state.waiting()),
                new ReadPlan(state.session(), state.told(), false));
    }

    private static Step planRead(Open state, PlanChange change, boolean whole) {
        List<SessionEffect> effects = new ArrayList<>();
        DesiredState now = change.state();
        if (whole) {
            snapshot(change)
                    .forEach(part -> effects.add(new Send(
                            ControllerMessage.newBuilder().setSnapshot(part).build())));
        } else if (now.revision() != state.told().revision()
                || !change.assigned().isEmpty()
                || !change.withdrawn().isEmpty()) {
            effects.add(new Send(ControllerMessage.newBuilder()
                    .setDelta(delta(state.told(), change))
                    .build()));
        }
        Map<SeriesId, RunOrder> waiting = new LinkedHashMap<>(state.waiting());
        state.waiting().values().stream()
                .filter(order -> now.covers(order.series(), order.revision()))
                .forEach(order -> {
                    waiting.remove(order.series());
                    effects.add(run(order));
                });
        if (state.stale()) {
            effects.add(new ReadPlan(state.session(), now, false));
        }
        return new Step(with(state, now, state.stale(), false, waiting), effects);
    }

    private static Step runOnce(Open state, RunOrder order) {
        if (!state.reading() && state.told().covers(order.series(), order.revision())) {
            return new Step(state, run(order));
        }
        Map<SeriesId, RunOrder> waiting = new LinkedHashMap<>(state.waiting());
        if (waiting.size() < MAX_WAITING_RUNS || waiting.containsKey(order.series())) {
            waiting.put(order.series(), order);
        }
        return new Step(with(state, state.told(), state.reading(), state.stale(), waiting));
    }

    private static List<Snapshot> snapshot(PlanChange change) {
        List<AssignmentOrder> all = change.assigned();
        int parts = Math.max(1, (all.size() + ASSIGNMENTS_PER_PART - 1) / ASSIGNMENTS_PER_PART);
        List<Snapshot> snapshot = new ArrayList<>();
        for (int part = 0; part < parts; part++) {
            int from = part * ASSIGNMENTS_PER_PART;
            boolean last = part == parts - 1;
            Snapshot.Builder message = Snapshot.newBuilder()
                    .setRevision(change.state().revision())
                    .setPart(part)
                    .setLast(last);
            all.subList(from, Math.min(all.size(), from + ASSIGNMENTS_PER_PART))
                    .forEach(order -> message.addAssignments(OrderMapping.assignment(order)));
            if (last) {
                message.setHash(ByteString.copyFrom(change.state().hash()));
            }
            snapshot.add(message.build());
        }
        return snapshot;
    }

    private static Delta delta(DesiredState base, PlanChange change) {
        Delta.Builder delta = Delta.newBuilder()
                .setBaseRevision(base.revision())
                .setRevision(change.state().revision())
                .setHash(ByteString.copyFrom(change.state().hash()));
        change.assigned().forEach(order -> delta.addAssigned(OrderMapping.assignment(order)));
        change.withdrawn().forEach(series -> delta.addWithdrawnSeries(series.value()));
        return delta.build();
    }

    private static Send run(RunOrder order) {
        return new Send(ControllerMessage.newBuilder()
                .setTriggeredRun(OrderMapping.run(order))
                .build());
    }

    private static Ack ack(Lane lane, long through) {
        return Ack.newBuilder().setLane(lane(lane)).setThroughSequence(through).build();
    }

    private static RejectedRow rejectedRow(Lane lane, Rejection rejection) {
        return RejectedRow.newBuilder()
                .setLane(lane(lane))
                .setSequence(rejection.sequence())
                .setMessage(rejection.message())
                .setReason(
                        switch (rejection.reason()) {
                            case UNKNOWN_SERIES -> RowRejection.ROW_REJECTION_UNKNOWN_SERIES;
                            case TOO_OLD -> RowRejection.ROW_REJECTION_TOO_OLD;
                            case IN_FUTURE -> RowRejection.ROW_REJECTION_IN_FUTURE;
                            case MALFORMED -> RowRejection.ROW_REJECTION_MALFORMED;
                        })
                .build();
    }

    private static io.postwatch.proto.agent.v1.Lane lane(Lane lane) {
        return switch (lane) {
            case LIVE -> io.postwatch.proto.agent.v1.Lane.LANE_LIVE;
            case BACK_FILL -> io.postwatch.proto.agent.v1.Lane.LANE_BACK_FILL;
        };
    }

    private static Open with(
            Open state, DesiredState told, boolean reading, boolean stale, Map<SeriesId, RunOrder> waiting) {
        return new Open(
                state.session(), state.spool(), told, reading, stale, waiting, state.lastSequence(), state.wanted());
    }

    private static Step protocolError(Open state, String message) {
        return new Step(
                new Ended(),
                goodbye(GoodbyeReason.GOODBYE_REASON_PROTOCOL_ERROR, message),
                new Finish(Status.OK),
                new CloseSession(state.session()));
    }

    private static Step farewell(GoodbyeReason reason, String message) {
        return new Step(new Ended(), goodbye(reason, message), new Finish(Status.OK));
    }

    private static Send goodbye(GoodbyeReason reason, String message) {
        return new Send(ControllerMessage.newBuilder()
                .setGoodbye(Goodbye.newBuilder().setReason(reason).setMessage(message))
                .build());
    }

    private static Status unavailable() {
        return Status.UNAVAILABLE.withDescription("The database does not answer");
    }
}
