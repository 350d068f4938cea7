package io.postwatch.controller.gateway;

import com.google.protobuf.ByteString;
import io.postwatch.controller.assignment.AssignmentOrder;
import io.postwatch.controller.assignment.DesiredState;
import io.postwatch.controller.assignment.PlanChange;
import io.postwatch.controller.assignment.RunOrder;
import io.postwatch.controller.assignment.login.LeaseAnswer;
import io.postwatch.controller.evaluation.Lane;
import io.postwatch.controller.evaluation.LaneEnd;
import io.postwatch.controller.evaluation.Rejection;
import io.postwatch.controller.gateway.mapping.OrderMapping;
import io.postwatch.controller.liveness.Admission;
import io.postwatch.controller.shared.Fingerprint;
import io.postwatch.proto.agent.v1.Ack;
import io.postwatch.proto.agent.v1.CertificateWanted;
import io.postwatch.proto.agent.v1.ControllerMessage;
import io.postwatch.proto.agent.v1.Delta;
import io.postwatch.proto.agent.v1.Goodbye;
import io.postwatch.proto.agent.v1.GoodbyeReason;
import io.postwatch.proto.agent.v1.Heartbeat;
import io.postwatch.proto.agent.v1.HeartbeatReply;
import io.postwatch.proto.agent.v1.LeaseBusy;
import io.postwatch.proto.agent.v1.LeaseGranted;
import io.postwatch.proto.agent.v1.LoginLease;
import io.postwatch.proto.agent.v1.LoginSuspended;
import io.postwatch.proto.agent.v1.LoginWithheld;
import io.postwatch.proto.agent.v1.LookUpTexts;
import io.postwatch.proto.agent.v1.Queued;
import io.postwatch.proto.agent.v1.RejectedRow;
import io.postwatch.proto.agent.v1.RowRejection;
import io.postwatch.proto.agent.v1.RunTest;
import io.postwatch.proto.agent.v1.Snapshot;
import io.postwatch.proto.agent.v1.Welcome;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HexFormat;
import java.util.List;

/** What a session says, as messages. */
final class SessionMessages {
    /** Small enough that a part of a snapshot stays far below gRPC's limit of 4 MiB. */
    static final int ASSIGNMENTS_PER_PART = 500;

    private SessionMessages() {}

    static ControllerMessage welcome(SessionInput.Admitted admitted) {
        Admission.Admitted admission = admitted.admission();
        Welcome.Builder welcome = Welcome.newBuilder()
                .setSessionId(OrderMapping.bytes(admission.session().id()))
                .setEpoch(admission.session().epoch())
                .setControllerTime(OrderMapping.timestamp(admitted.welcoming().now()))
                .addAllRoots(admitted.welcoming().roots())
                .addAllFormerRoots(admitted.welcoming().formerRoots())
                .setHeartbeatInterval(OrderMapping.duration(admitted.welcoming().heartbeatInterval()))
                .setAgentName(admission.agentName())
                .setLocationName(admission.locationName());
        admitted.acked().forEach((lane, end) -> welcome.addAcked(ack(lane, end)));
        return ControllerMessage.newBuilder().setWelcome(welcome).build();
    }

    static ControllerMessage heartbeatReply(Heartbeat heartbeat, Instant receivedAt) {
        return ControllerMessage.newBuilder()
                .setHeartbeatReply(HeartbeatReply.newBuilder()
                        .setNumber(heartbeat.getNumber())
                        .setMonotonicNanos(heartbeat.getMonotonicNanos())
                        .setControllerTime(OrderMapping.timestamp(receivedAt)))
                .build();
    }

    /** In parts, of which none is too large for the wire. */
    static List<ControllerMessage> snapshot(PlanChange change) {
        List<AssignmentOrder> all = change.assigned();
        int parts = Math.max(1, (all.size() + ASSIGNMENTS_PER_PART - 1) / ASSIGNMENTS_PER_PART);
        List<ControllerMessage> snapshot = new ArrayList<>();
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
            snapshot.add(ControllerMessage.newBuilder().setSnapshot(message).build());
        }
        return snapshot;
    }

    static ControllerMessage delta(DesiredState base, PlanChange change) {
        Delta.Builder delta = Delta.newBuilder()
                .setBaseRevision(base.revision())
                .setRevision(change.state().revision())
                .setHash(ByteString.copyFrom(change.state().hash()));
        change.assigned().forEach(order -> delta.addAssigned(OrderMapping.assignment(order)));
        change.withdrawn().forEach(series -> delta.addWithdrawnSeries(series.value()));
        return ControllerMessage.newBuilder().setDelta(delta).build();
    }

    static ControllerMessage run(RunOrder order) {
        return ControllerMessage.newBuilder()
                .setTriggeredRun(OrderMapping.run(order))
                .build();
    }

    static ControllerMessage test(RunTest order) {
        return ControllerMessage.newBuilder().setRunTest(order).build();
    }

    static ControllerMessage lookUpTexts(LookUpTexts wanted) {
        return ControllerMessage.newBuilder().setLookUpTexts(wanted).build();
    }

    static ControllerMessage cancelTest(ByteString test) {
        return ControllerMessage.newBuilder()
                .setCancelTest(
                        io.postwatch.proto.agent.v1.CancelTest.newBuilder().setTestId(test))
                .build();
    }

    static ControllerMessage ackOf(Lane lane, LaneEnd stored) {
        return ControllerMessage.newBuilder().setAck(ack(lane, stored)).build();
    }

    /** Tells nothing new, and so may be said at any time: a sign of life. */
    static ControllerMessage ackAgain(SessionState.Open state) {
        return ackOf(Lane.LIVE, new LaneEnd(state.storedThrough().getOrDefault(Lane.LIVE, 0L), 0));
    }

    private static Ack ack(Lane lane, LaneEnd stored) {
        return Ack.newBuilder()
                .setLane(lane(lane))
                .setThroughSequence(stored.acked())
                .setMark(stored.mark())
                .build();
    }

    static ControllerMessage rejectedRow(Lane lane, Rejection rejection) {
        RejectedRow row = RejectedRow.newBuilder()
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
        return ControllerMessage.newBuilder().setRejectedRow(row).build();
    }

    private static io.postwatch.proto.agent.v1.Lane lane(Lane lane) {
        return switch (lane) {
            case LIVE -> io.postwatch.proto.agent.v1.Lane.LANE_LIVE;
            case BACK_FILL -> io.postwatch.proto.agent.v1.Lane.LANE_BACK_FILL;
        };
    }

    static ControllerMessage certificateWanted(Collection<Fingerprint> fingerprints) {
        CertificateWanted.Builder message = CertificateWanted.newBuilder();
        fingerprints.forEach(fingerprint ->
                message.addFingerprints(ByteString.copyFrom(HexFormat.of().parseHex(fingerprint.hex()))));
        return ControllerMessage.newBuilder().setCertificateWanted(message).build();
    }

    static ControllerMessage lease(ByteString lease, LeaseAnswer answer) {
        LoginLease.Builder message = LoginLease.newBuilder().setLeaseId(lease);
        switch (answer) {
            case LeaseAnswer.Granted(var lasts, var credential) ->
                message.setGranted(LeaseGranted.newBuilder()
                        .setLasts(OrderMapping.duration(lasts))
                        .setCredential(ByteString.copyFrom(credential.toArray())));
            case LeaseAnswer.Busy(var retryAfter) ->
                message.setBusy(LeaseBusy.newBuilder().setRetryAfter(OrderMapping.duration(retryAfter)));
            case LeaseAnswer.Withheld(var refusedAt, var until) ->
                message.setWithheld(LoginWithheld.newBuilder()
                        .setRefusedAt(OrderMapping.timestamp(refusedAt))
                        .setUntil(OrderMapping.timestamp(until)));
            case LeaseAnswer.Suspended(var since) ->
                message.setSuspended(LoginSuspended.newBuilder().setSince(OrderMapping.timestamp(since)));
        }
        return ControllerMessage.newBuilder().setLoginLease(message).build();
    }

    static ControllerMessage queued() {
        return ControllerMessage.newBuilder()
                .setQueued(Queued.getDefaultInstance())
                .build();
    }

    static ControllerMessage drain(Duration within) {
        return ControllerMessage.newBuilder()
                .setDrain(io.postwatch.proto.agent.v1.Drain.newBuilder().setWithin(OrderMapping.duration(within)))
                .build();
    }

    static ControllerMessage goodbye(GoodbyeReason reason, String message) {
        return ControllerMessage.newBuilder()
                .setGoodbye(Goodbye.newBuilder().setReason(reason).setMessage(message))
                .build();
    }
}
