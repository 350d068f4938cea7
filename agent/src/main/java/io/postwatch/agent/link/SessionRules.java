package io.postwatch.agent.link;

import io.grpc.Status;
import io.postwatch.agent.link.SessionEffect.AckRows;
import io.postwatch.agent.link.SessionEffect.ApplyState;
import io.postwatch.agent.link.SessionEffect.BeginTest;
import io.postwatch.agent.link.SessionEffect.CancelTest;
import io.postwatch.agent.link.SessionEffect.CheckNumbering;
import io.postwatch.agent.link.SessionEffect.CountUnknown;
import io.postwatch.agent.link.SessionEffect.Finish;
import io.postwatch.agent.link.SessionEffect.MeasureTime;
import io.postwatch.agent.link.SessionEffect.SayHello;
import io.postwatch.agent.link.SessionEffect.Send;
import io.postwatch.agent.link.SessionEffect.SendHeartbeat;
import io.postwatch.agent.link.SessionEffect.SendRows;
import io.postwatch.agent.link.SessionEffect.SetAside;
import io.postwatch.agent.link.SessionEffect.Trigger;
import io.postwatch.agent.link.SessionEffect.UnackRows;
import io.postwatch.agent.link.SessionEffect.UploadCertificates;
import io.postwatch.agent.link.SessionEffect.Welcomed;
import io.postwatch.agent.link.SessionState.AwaitingChallenge;
import io.postwatch.agent.link.SessionState.AwaitingWelcome;
import io.postwatch.agent.link.SessionState.Ended;
import io.postwatch.agent.link.SessionState.Standing;
import io.postwatch.agent.link.mapping.WireValues;
import io.postwatch.agent.spool.Lane;
import io.postwatch.proto.agent.v1.Ack;
import io.postwatch.proto.agent.v1.AgentMessage;
import io.postwatch.proto.agent.v1.ControllerMessage;
import io.postwatch.proto.agent.v1.Goodbye;
import io.postwatch.proto.agent.v1.GoodbyeReason;
import io.postwatch.proto.agent.v1.RejectedRow;
import io.postwatch.proto.agent.v1.Welcome;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The rules of a session as a pure function of its state, an event and the monotonic time. */
final class SessionRules {

    /** Records of the live lane that may be under way without an ack. */
    static final int WINDOW = 2_000;

    /**
     * Most records in one message. Of back-fill, which may wait long for its turn at the controller, one message is under way
     * at most, and the first ones are {@linkplain BackFillPace smaller}: fresh results behind it on the stream would wait with a
     * second.
     */
    static final int BATCH = 250;

    /** For the handshake, the challenge and the welcome each. */
    static final Duration OPENING_PATIENCE = Duration.ofSeconds(15);

    /**
     * How long a hello waits for its turn in all, however often the controller says that it does: longer than a controller
     * lets one wait. Another controller, or the same one anew, may have a place.
     */
    static final Duration QUEUE_PATIENCE = Duration.ofMinutes(10);

    /** Heartbeats without an answer after which the controller is given up. */
    static final int SILENT_HEARTBEATS = 3;

    private static final Duration DEFAULT_HEARTBEAT = Duration.ofSeconds(8);
    private static final Duration SHORTEST_HEARTBEAT = Duration.ofMillis(100);
    private static final Duration LONGEST_HEARTBEAT = Duration.ofMinutes(5);

    private SessionRules() {}

    /** Where the session is now, and what to do, in this order. */
    record Step(SessionState state, List<SessionEffect> effects) {

        Step {
            effects = List.copyOf(effects);
        }

        static Step to(SessionState state, SessionEffect... effects) {
            return new Step(state, List.of(effects));
        }
    }

    static Step step(SessionState state, SessionEvent event, long now) {
        return switch (state) {
            case AwaitingChallenge opening -> opening(opening, event, now);
            case AwaitingWelcome greeting -> greeting(greeting, event, now);
            case Standing standing -> standing(standing, event, now);
            case Ended ended -> Step.to(ended);
        };
    }

    private static Step opening(AwaitingChallenge state, SessionEvent event, long now) {
        return switch (event) {
            case SessionEvent.Said(ControllerMessage message, double draw) ->
                switch (message.getMessageCase()) {
                    case CHALLENGE ->
                        Step.to(
                                new AwaitingWelcome(now),
                                new SayHello(message.getChallenge().getNonce()));
                    case GOODBYE -> dismissed(message.getGoodbye());
                    case MESSAGE_NOT_SET -> Step.to(state, new CountUnknown());
                    case WELCOME,
                            HEARTBEAT_REPLY,
                            SNAPSHOT,
                            DELTA,
                            TRIGGERED_RUN,
                            RUN_TEST,
                            CANCEL_TEST,
                            ACK,
                            REJECTED_ROW,
                            CERTIFICATE_WANTED,
                            LOOK_UP_TEXTS,
                            DRAIN,
                            LOGIN_LEASE,
                            QUEUED -> protocolError("The controller did not begin with a challenge.");
                };
            case SessionEvent.Ticked() -> givenUpAfter(state, state.sinceNanos(), now);
            case SessionEvent.Sendable _,
                    SessionEvent.RowsSent _,
                    SessionEvent.TestEnded _,
                    SessionEvent.TextsLookedUp _,
                    SessionEvent.LeaseSaid _,
                    SessionEvent.BecameOutdated _,
                    SessionEvent.StopWanted _,
                    SessionEvent.StreamEnded _ -> common(state, event);
        };
    }

    private static Step greeting(AwaitingWelcome state, SessionEvent event, long now) {
        return switch (event) {
            case SessionEvent.Said(ControllerMessage message, double draw) ->
                switch (message.getMessageCase()) {
                    case WELCOME -> welcome(message.getWelcome(), now);
                    case QUEUED -> queued(state, now);
                    case GOODBYE -> dismissed(message.getGoodbye());
                    case MESSAGE_NOT_SET -> Step.to(state, new CountUnknown());
                    case CHALLENGE,
                            HEARTBEAT_REPLY,
                            SNAPSHOT,
                            DELTA,
                            TRIGGERED_RUN,
                            RUN_TEST,
                            CANCEL_TEST,
                            ACK,
                            REJECTED_ROW,
                            CERTIFICATE_WANTED,
                            LOOK_UP_TEXTS,
                            LOGIN_LEASE,
                            DRAIN -> protocolError("The controller did not answer the hello with a welcome.");
                };
            case SessionEvent.Ticked() ->
                now - state.helloNanos() > QUEUE_PATIENCE.toNanos()
                        ? givenUp("the hello waited for its turn for " + QUEUE_PATIENCE.toMinutes() + " minutes")
                        : givenUpAfter(state, state.heardNanos(), now);
            case SessionEvent.Sendable _,
                    SessionEvent.RowsSent _,
                    SessionEvent.TestEnded _,
                    SessionEvent.TextsLookedUp _,
                    SessionEvent.LeaseSaid _,
                    SessionEvent.BecameOutdated _,
                    SessionEvent.StopWanted _,
                    SessionEvent.StreamEnded _ -> common(state, event);
        };
    }

    private static Step queued(AwaitingWelcome state, long now) {
        return state.queued()
                ? Step.to(state.queuedAt(now))
                : Step.to(state.queuedAt(now), new SessionEffect.TellQueued());
    }

    private static Step welcome(Welcome welcome, long now) {
        Duration interval = heartbeatInterval(welcome);
        Map<Lane, Long> acked = new EnumMap<>(Lane.class);
        List<SessionEffect> effects = new ArrayList<>();
        effects.add(new Welcomed(welcome));
        for (Ack ack : welcome.getAckedList()) {
            lane(ack.getLane()).ifPresent(lane -> {
                acked.put(lane, ack.getThroughSequence());
                effects.add(new CheckNumbering(lane, ack.getThroughSequence(), ack.getMark()));
                effects.add(new AckRows(lane, ack.getThroughSequence()));
            });
        }
        for (Lane lane : Lane.values()) {
            effects.add(new UnackRows(lane, acked.getOrDefault(lane, 0L)));
        }
        Standing standing =
                new Standing(interval, now, 0, now, acked, acked, BackFillPace.atFirst(now), Long.MAX_VALUE);
        Step first = beat(standing, now);
        effects.addAll(first.effects());
        effects.addAll(rows((Standing) first.state()));
        return new Step(first.state(), effects);
    }

    private static Duration heartbeatInterval(Welcome welcome) {
        if (!welcome.hasHeartbeatInterval()) {
            return DEFAULT_HEARTBEAT;
        }
        Duration wished = WireValues.duration(welcome.getHeartbeatInterval());
        if (wished.compareTo(SHORTEST_HEARTBEAT) < 0) {
            return SHORTEST_HEARTBEAT;
        }
        return wished.compareTo(LONGEST_HEARTBEAT) > 0 ? LONGEST_HEARTBEAT : wished;
    }

    private static Step standing(Standing state, SessionEvent event, long now) {
        return switch (event) {
            case SessionEvent.Said(ControllerMessage message, double draw) ->
                said(state.heard(now), message, draw, now);
            case SessionEvent.Ticked() -> ticked(state, now);
            case SessionEvent.Sendable() -> new Step(state, rows(state));
            case SessionEvent.RowsSent(Lane lane, long through) -> {
                Standing sent = sent(state, lane, through, now);
                yield new Step(sent, rows(sent, lane).stream().toList());
            }
            case SessionEvent.TestEnded(var outcome) ->
                Step.to(
                        state,
                        new Send(AgentMessage.newBuilder()
                                .setTestOutcome(outcome)
                                .build()));
            case SessionEvent.TextsLookedUp(var found) ->
                Step.to(
                        state,
                        new Send(AgentMessage.newBuilder().setTextsFound(found).build()));
            case SessionEvent.LeaseSaid(AgentMessage message) -> Step.to(state, new Send(message));
            case SessionEvent.StopWanted() ->
                Step.to(
                        new Ended(new SessionEnd.Stopped()),
                        goodbye(GoodbyeReason.GOODBYE_REASON_STOPPING, "The agent stops."),
                        new Finish());
            case SessionEvent.BecameOutdated _, SessionEvent.StreamEnded _ -> common(state, event);
        };
    }

    private static Step said(Standing state, ControllerMessage message, double draw, long now) {
        return switch (message.getMessageCase()) {
            case HEARTBEAT_REPLY -> Step.to(state, new MeasureTime(message.getHeartbeatReply()));
            case SNAPSHOT, DELTA -> Step.to(state, new ApplyState(message));
            case TRIGGERED_RUN -> Step.to(state, new Trigger(message.getTriggeredRun()));
            case RUN_TEST -> Step.to(state, new BeginTest(message.getRunTest()));
            case CANCEL_TEST ->
                Step.to(state, new CancelTest(message.getCancelTest().getTestId()));
            case LOOK_UP_TEXTS -> Step.to(state, new SessionEffect.LookUp(message.getLookUpTexts()));
            case LOGIN_LEASE -> Step.to(state, new SessionEffect.AnswerLease(message.getLoginLease()));
            case ACK -> acked(state, message.getAck(), now);
            case REJECTED_ROW -> rejected(state, message.getRejectedRow());
            case CERTIFICATE_WANTED ->
                Step.to(
                        state,
                        new UploadCertificates(message.getCertificateWanted().getFingerprintsList()));
            case DRAIN -> {
                Duration within = WireValues.duration(message.getDrain().getWithin());
                yield Step.to(state.leavingAt(now + Math.round(Math.max(0, within.toMillis()) * draw) * 1_000_000));
            }
            case GOODBYE -> dismissed(message.getGoodbye());
            case CHALLENGE, WELCOME, QUEUED -> protocolError("The controller greeted twice.");
            case MESSAGE_NOT_SET -> Step.to(state, new CountUnknown());
        };
    }

    private static Standing sent(Standing state, Lane lane, long through, long now) {
        Standing sent = state.sent(lane, through);
        return switch (lane) {
            case LIVE -> sent;
            case BACK_FILL -> sent.backFilling(state.backFill().sent(now));
        };
    }

    private static Step acked(Standing state, Ack ack, long now) {
        Optional<Lane> lane = lane(ack.getLane());
        if (lane.isEmpty()) {
            return Step.to(state, new CountUnknown());
        }
        long through = ack.getThroughSequence();
        List<SessionEffect> effects = new ArrayList<>();
        Standing acked = state.acked(lane.get(), through);
        if (through > state.sent(lane.get())) {
            // What the session before sent may be stored after this one began.
            acked = acked.sent(lane.get(), through);
        }
        // A mark comes with an ack beyond the batch that it answers, which may still be within those that followed.
        if (through > state.sent(lane.get()) || ack.getMark() != 0) {
            effects.add(new CheckNumbering(lane.get(), through, ack.getMark()));
        }
        effects.add(new AckRows(lane.get(), through));
        switch (lane.get()) {
            case LIVE -> rows(acked, Lane.LIVE).ifPresent(effects::add);
            case BACK_FILL -> {
                // An ack of what the session before sent says nothing of how long this one's batches wait.
                boolean wasUnderWay = state.inFlight(Lane.BACK_FILL) > 0 && acked.inFlight(Lane.BACK_FILL) <= 0;
                acked = wasUnderWay ? acked.backFilling(state.backFill().stored(now)) : acked;
                effects.addAll(rows(acked));
            }
        }
        return new Step(acked, effects);
    }

    /** A rejected row is acked by the ack that covers it, like its neighbours. */
    private static Step rejected(Standing state, RejectedRow row) {
        return lane(row.getLane())
                .map(lane -> Step.to(state, new SetAside(lane, row)))
                .orElseGet(() -> Step.to(state, new CountUnknown()));
    }

    private static Step ticked(Standing state, long now) {
        if (now - state.heardNanos() > state.heartbeatInterval().toNanos() * SILENT_HEARTBEATS) {
            return givenUp("nothing was heard for " + SILENT_HEARTBEATS + " heartbeats");
        }
        if (state.leaveNanos() != Long.MAX_VALUE && now - state.leaveNanos() >= 0) {
            return Step.to(new Ended(new SessionEnd.Drained()), new Finish());
        }
        return now - state.nextHeartbeatNanos() >= 0 ? beat(state, now) : Step.to(state);
    }

    private static Step beat(Standing state, long now) {
        return Step.to(state.beaten(now), new SendHeartbeat(state.heartbeats() + 1));
    }

    /** Live first. */
    private static List<SessionEffect> rows(Standing state) {
        List<SessionEffect> effects = new ArrayList<>();
        rows(state, Lane.LIVE).ifPresent(effects::add);
        rows(state, Lane.BACK_FILL).ifPresent(effects::add);
        return effects;
    }

    private static Optional<SessionEffect> rows(Standing state, Lane lane) {
        long inFlight = state.inFlight(lane);
        long room = switch (lane) {
            case LIVE -> WINDOW - inFlight;
            case BACK_FILL -> inFlight > 0 ? 0 : state.backFill().records();
        };
        return room <= 0
                ? Optional.empty()
                : Optional.of(new SendRows(lane, state.sent(lane), (int) Math.min(room, BATCH)));
    }

    private static Step common(SessionState state, SessionEvent event) {
        return switch (event) {
            case SessionEvent.StreamEnded(Status status) -> Step.to(new Ended(new SessionEnd.Broken(status)));
            case SessionEvent.BecameOutdated(String what) ->
                Step.to(new Ended(new SessionEnd.Outdated(what)), new Finish());
            case SessionEvent.StopWanted() -> Step.to(new Ended(new SessionEnd.Stopped()), new Finish());
            case SessionEvent.Said _,
                    SessionEvent.Ticked _,
                    SessionEvent.Sendable _,
                    SessionEvent.RowsSent _,
                    SessionEvent.TestEnded _,
                    SessionEvent.TextsLookedUp _,
                    SessionEvent.LeaseSaid _ -> Step.to(state);
        };
    }

    private static Step givenUpAfter(SessionState state, long sinceNanos, long now) {
        return now - sinceNanos > OPENING_PATIENCE.toNanos()
                ? givenUp("the controller did not open the session in time")
                : Step.to(state);
    }

    private static Step givenUp(String why) {
        return Step.to(new Ended(new SessionEnd.GivenUp(why)), new Finish());
    }

    private static Step dismissed(Goodbye goodbye) {
        return Step.to(new Ended(new SessionEnd.Dismissed(goodbye.getReason(), goodbye.getMessage())), new Finish());
    }

    private static Step protocolError(String message) {
        return Step.to(
                new Ended(new SessionEnd.GivenUp(message)),
                goodbye(GoodbyeReason.GOODBYE_REASON_PROTOCOL_ERROR, message),
                new Finish());
    }

    private static Send goodbye(GoodbyeReason reason, String message) {
        return new Send(AgentMessage.newBuilder()
                .setGoodbye(Goodbye.newBuilder().setReason(reason).setMessage(message))
                .build());
    }

    static Optional<Lane> lane(io.postwatch.proto.agent.v1.Lane lane) {
        return switch (lane) {
            case LANE_LIVE -> Optional.of(Lane.LIVE);
            case LANE_BACK_FILL -> Optional.of(Lane.BACK_FILL);
            case LANE_UNSPECIFIED, UNRECOGNIZED -> Optional.empty();
        };
    }
}
