package io.postwatch.agent.link;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import io.grpc.Status;
import io.postwatch.agent.link.mapping.WireValues;
import io.postwatch.agent.spool.Lane;
import io.postwatch.proto.agent.v1.Ack;
import io.postwatch.proto.agent.v1.AgentMessage;
import io.postwatch.proto.agent.v1.CancelTest;
import io.postwatch.proto.agent.v1.CertificateWanted;
import io.postwatch.proto.agent.v1.Challenge;
import io.postwatch.proto.agent.v1.ControllerMessage;
import io.postwatch.proto.agent.v1.Delta;
import io.postwatch.proto.agent.v1.Drain;
import io.postwatch.proto.agent.v1.Goodbye;
import io.postwatch.proto.agent.v1.GoodbyeReason;
import io.postwatch.proto.agent.v1.HeartbeatReply;
import io.postwatch.proto.agent.v1.LoginLease;
import io.postwatch.proto.agent.v1.LoginLeaseWanted;
import io.postwatch.proto.agent.v1.LookUpTexts;
import io.postwatch.proto.agent.v1.Queued;
import io.postwatch.proto.agent.v1.RejectedRow;
import io.postwatch.proto.agent.v1.RunTest;
import io.postwatch.proto.agent.v1.Snapshot;
import io.postwatch.proto.agent.v1.TestOutcome;
import io.postwatch.proto.agent.v1.TriggeredRun;
import io.postwatch.proto.agent.v1.Welcome;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class SessionRulesTest {

    private static final long NOW = 1_000_000_000_000L;
    private static final SessionState OPENING = new SessionState.AwaitingChallenge(NOW);
    private static final SessionState GREETING = new SessionState.AwaitingWelcome(NOW);
    private static final SessionState STANDING = step(
                    GREETING,
                    ControllerMessage.newBuilder()
                            .setWelcome(Welcome.getDefaultInstance())
                            .build())
            .state();
    private static final SessionState ENDED = new SessionState.Ended(new SessionEnd.Stopped());

    /** Records in the first batch of back-fill of a session. */
    private static final int FIRST_BACK_FILL = 20;

    private static final ByteString NONCE = ByteString.copyFromUtf8("a nonce");

    static List<ControllerMessage> everyMessage() {
        ControllerMessage.Builder any = ControllerMessage.newBuilder();
        return List.of(
                any.setChallenge(Challenge.newBuilder().setNonce(NONCE)).build(),
                any.setWelcome(Welcome.getDefaultInstance()).build(),
                any.setHeartbeatReply(HeartbeatReply.getDefaultInstance()).build(),
                any.setSnapshot(Snapshot.getDefaultInstance()).build(),
                any.setDelta(Delta.getDefaultInstance()).build(),
                any.setTriggeredRun(TriggeredRun.getDefaultInstance()).build(),
                any.setRunTest(RunTest.getDefaultInstance()).build(),
                any.setCancelTest(CancelTest.getDefaultInstance()).build(),
                any.setAck(ackOf(io.postwatch.proto.agent.v1.Lane.LANE_LIVE, 0)).build(),
                any.setRejectedRow(RejectedRow.getDefaultInstance()).build(),
                any.setCertificateWanted(CertificateWanted.getDefaultInstance()).build(),
                any.setDrain(Drain.getDefaultInstance()).build(),
                any.setGoodbye(Goodbye.getDefaultInstance()).build(),
                any.setQueued(Queued.getDefaultInstance()).build(),
                any.setLookUpTexts(LookUpTexts.getDefaultInstance()).build(),
                any.setLoginLease(LoginLease.getDefaultInstance()).build(),
                ControllerMessage.getDefaultInstance());
    }

    /** Every message in every state leads where the life cycle allows it, and the end is the end. */
    @ParameterizedTest
    @MethodSource("everyMessage")
    void messagesAreTakenOnlyInTheirPlace(ControllerMessage message) {
        SessionEvent said = new SessionEvent.Said(message, 0.5);
        Class<?> fromOpening = switch (message.getMessageCase()) {
            case CHALLENGE -> SessionState.AwaitingWelcome.class;
            case MESSAGE_NOT_SET -> SessionState.AwaitingChallenge.class;
            default -> SessionState.Ended.class;
        };
        Class<?> fromGreeting = switch (message.getMessageCase()) {
            case WELCOME -> SessionState.Standing.class;
            case MESSAGE_NOT_SET, QUEUED -> SessionState.AwaitingWelcome.class;
            default -> SessionState.Ended.class;
        };
        Class<?> fromStanding = switch (message.getMessageCase()) {
            case CHALLENGE, WELCOME, GOODBYE, QUEUED -> SessionState.Ended.class;
            default -> SessionState.Standing.class;
        };
        assertThat(SessionRules.step(OPENING, said, NOW).state()).isInstanceOf(fromOpening);
        assertThat(SessionRules.step(GREETING, said, NOW).state()).isInstanceOf(fromGreeting);
        assertThat(SessionRules.step(STANDING, said, NOW).state()).isInstanceOf(fromStanding);
        assertThat(SessionRules.step(ENDED, said, NOW)).isEqualTo(new SessionRules.Step(ENDED, List.of()));
    }

    /** A message in the wrong place ends the session with a good-bye that says what was wrong; nothing else is done about it. */
    @ParameterizedTest
    @MethodSource("everyMessage")
    void aMessageInTheWrongPlaceIsRefusedInSoManyWords(ControllerMessage message) {
        switch (message.getMessageCase()) {
            case CHALLENGE, GOODBYE, MESSAGE_NOT_SET -> {}
            default -> assertRefused(OPENING, message, "The controller did not begin with a challenge.");
        }
        switch (message.getMessageCase()) {
            case WELCOME, QUEUED, GOODBYE, MESSAGE_NOT_SET -> {}
            default -> assertRefused(GREETING, message, "The controller did not answer the hello with a welcome.");
        }
        switch (message.getMessageCase()) {
            case CHALLENGE, WELCOME, QUEUED -> assertRefused(STANDING, message, "The controller greeted twice.");
            default -> {}
        }
    }

    private static void assertRefused(SessionState state, ControllerMessage message, String why) {
        assertThat(step(state, message))
                .isEqualTo(SessionRules.Step.to(
                        new SessionState.Ended(new SessionEnd.GivenUp(why)),
                        new SessionEffect.Send(AgentMessage.newBuilder()
                                .setGoodbye(Goodbye.newBuilder()
                                        .setReason(GoodbyeReason.GOODBYE_REASON_PROTOCOL_ERROR)
                                        .setMessage(why))
                                .build()),
                        new SessionEffect.Finish()));
    }

    static Stream<SessionEvent> endings() {
        return Stream.of(
                new SessionEvent.StreamEnded(Status.UNAVAILABLE),
                new SessionEvent.StopWanted(),
                new SessionEvent.BecameOutdated("a test"));
    }

    @ParameterizedTest
    @MethodSource("endings")
    void everyStateCanEnd(SessionEvent event) {
        for (SessionState state : List.of(OPENING, GREETING, STANDING, ENDED)) {
            assertThat(SessionRules.step(state, event, NOW).state()).isInstanceOf(SessionState.Ended.class);
        }
    }

    @Test
    void whatRunsSayOfTheirLeasesIsSaidInAStandingSessionOnly() {
        AgentMessage wanted = AgentMessage.newBuilder()
                .setLoginLeaseWanted(LoginLeaseWanted.getDefaultInstance())
                .build();
        SessionEvent said = new SessionEvent.LeaseSaid(wanted);

        assertThat(SessionRules.step(STANDING, said, NOW).effects()).containsExactly(new SessionEffect.Send(wanted));
        for (SessionState state : List.of(OPENING, GREETING, ENDED)) {
            assertThat(SessionRules.step(state, said, NOW)).isEqualTo(new SessionRules.Step(state, List.of()));
        }
    }

    @Test
    void whoHearsThatItsHelloWaitsGoesOnWaiting() {
        SessionState queued = SessionRules.step(
                        GREETING,
                        new SessionEvent.Said(
                                ControllerMessage.newBuilder()
                                        .setQueued(Queued.getDefaultInstance())
                                        .build(),
                                0.5),
                        NOW + seconds(14))
                .state();
        assertThat(SessionRules.step(queued, new SessionEvent.Ticked(), NOW + seconds(28))
                        .state())
                .isEqualTo(queued);
        assertThat(SessionRules.step(queued, new SessionEvent.Ticked(), NOW + seconds(30))
                        .state())
                .isInstanceOf(SessionState.Ended.class);
    }

    @Test
    void whoHearsOnlyThatItsHelloWaitsGivesUpInTheEndAndTellsPeopleOnce() {
        SessionEvent queued = new SessionEvent.Said(
                ControllerMessage.newBuilder()
                        .setQueued(Queued.getDefaultInstance())
                        .build(),
                0.5);
        long patience = SessionRules.QUEUE_PATIENCE.toNanos();
        SessionState state = GREETING;
        int told = 0;
        for (long at = NOW; at <= NOW + patience; at += seconds(5)) {
            SessionRules.Step heard = SessionRules.step(state, queued, at);
            told += heard.effects().size();
            state = heard.state();
            assertThat(SessionRules.step(state, new SessionEvent.Ticked(), at)).isEqualTo(SessionRules.Step.to(state));
        }

        assertThat(told).as("times that people were told").isOne();
        assertThat(SessionRules.step(state, new SessionEvent.Ticked(), NOW + patience + 1)
                        .state())
                .isInstanceOfSatisfying(
                        SessionState.Ended.class,
                        ended -> assertThat(ended.end()).isInstanceOf(SessionEnd.GivenUp.class));
    }

    @Test
    void theChallengeIsAnsweredWithAHello() {
        assertThat(step(
                                OPENING,
                                ControllerMessage.newBuilder()
                                        .setChallenge(Challenge.newBuilder().setNonce(NONCE))
                                        .build())
                        .effects())
                .containsExactly(new SessionEffect.SayHello(NONCE));
    }

    @Test
    void aControllerThatDoesNotOpenTheSessionIsGivenUp() {
        long patience = SessionRules.OPENING_PATIENCE.toNanos();
        for (SessionState state : List.of(OPENING, GREETING)) {
            assertThat(SessionRules.step(state, new SessionEvent.Ticked(), NOW + patience)
                            .state())
                    .isEqualTo(state);
            assertThat(SessionRules.step(state, new SessionEvent.Ticked(), NOW + patience + 1)
                            .state())
                    .isInstanceOf(SessionState.Ended.class);
        }
    }

    @Test
    void welcomeBeginsWithAHeartbeatAndWithWhatIsNotStoredYet() {
        SessionRules.Step step = step(
                GREETING,
                ControllerMessage.newBuilder()
                        .setWelcome(
                                Welcome.newBuilder().addAcked(ackOf(io.postwatch.proto.agent.v1.Lane.LANE_LIVE, 17)))
                        .build());
        assertThat(step.effects())
                .containsSubsequence(
                        new SessionEffect.CheckNumbering(Lane.LIVE, 17, 0),
                        new SessionEffect.AckRows(Lane.LIVE, 17),
                        new SessionEffect.UnackRows(Lane.LIVE, 17),
                        new SessionEffect.UnackRows(Lane.BACK_FILL, 0),
                        new SessionEffect.SendHeartbeat(1),
                        new SessionEffect.SendRows(Lane.LIVE, 17, SessionRules.BATCH),
                        new SessionEffect.SendRows(Lane.BACK_FILL, 0, FIRST_BACK_FILL));
    }

    @Test
    void heartbeatsAreOnTimeAndSilenceEndsTheSession() {
        assertThat(SessionRules.step(STANDING, new SessionEvent.Ticked(), NOW + seconds(8) - 1)
                        .effects())
                .isEmpty();
        assertThat(SessionRules.step(STANDING, new SessionEvent.Ticked(), NOW + seconds(8))
                        .effects())
                .containsExactly(new SessionEffect.SendHeartbeat(2));
        assertThat(SessionRules.step(STANDING, new SessionEvent.Ticked(), NOW + seconds(24) + 1)
                        .state())
                .isInstanceOfSatisfying(
                        SessionState.Ended.class,
                        ended -> assertThat(ended.end()).isInstanceOf(SessionEnd.GivenUp.class));
        SessionState heard = SessionRules.step(
                        STANDING, new SessionEvent.Said(ControllerMessage.getDefaultInstance(), 0), NOW + seconds(20))
                .state();
        assertThat(SessionRules.step(heard, new SessionEvent.Ticked(), NOW + seconds(24) + 1)
                        .state())
                .isInstanceOf(SessionState.Standing.class);
    }

    @Test
    void neverMoreIsUnderWayThanTheWindow() {
        SessionState state = STANDING;
        long sent = 0;
        while (true) {
            List<SessionEffect> effects =
                    SessionRules.step(state, new SessionEvent.Sendable(), NOW).effects();
            SessionEffect.SendRows rows = effects.stream()
                    .filter(SessionEffect.SendRows.class::isInstance)
                    .map(SessionEffect.SendRows.class::cast)
                    .filter(each -> each.lane() == Lane.LIVE)
                    .findFirst()
                    .orElse(null);
            if (rows == null) {
                break;
            }
            assertThat(rows.afterSequence()).isEqualTo(sent);
            sent += rows.atMost();
            state = SessionRules.step(state, new SessionEvent.RowsSent(Lane.LIVE, sent), NOW)
                    .state();
        }
        assertThat(sent).isEqualTo(SessionRules.WINDOW);
        SessionRules.Step acked = step(state, ack(io.postwatch.proto.agent.v1.Lane.LANE_LIVE, 100));
        assertThat(acked.effects())
                .containsExactly(
                        new SessionEffect.AckRows(Lane.LIVE, 100),
                        new SessionEffect.SendRows(Lane.LIVE, SessionRules.WINDOW, 100));
    }

    @Test
    void ofBackFillOneBatchIsUnderWay() {
        SessionRules.Step sent = SessionRules.step(STANDING, new SessionEvent.RowsSent(Lane.BACK_FILL, 200), NOW);
        assertThat(sent.effects()).isEmpty();
        assertThat(SessionRules.step(sent.state(), new SessionEvent.Sendable(), NOW)
                        .effects())
                .containsExactly(new SessionEffect.SendRows(Lane.LIVE, 0, SessionRules.BATCH));
        assertThat(step(sent.state(), ack(io.postwatch.proto.agent.v1.Lane.LANE_BACK_FILL, 199))
                        .effects())
                .as("where a part of it is stored")
                .doesNotHaveAnyElementsOfTypes(SessionEffect.Finish.class)
                .noneMatch(effect -> effect instanceof SessionEffect.SendRows(var lane, var after, var most)
                        && lane == Lane.BACK_FILL);
    }

    @Test
    void freshResultsGoBeforeTheRestOfTheBackFill() {
        SessionState state = SessionRules.step(STANDING, new SessionEvent.RowsSent(Lane.BACK_FILL, 250), NOW)
                .state();
        assertThat(step(state, ack(io.postwatch.proto.agent.v1.Lane.LANE_BACK_FILL, 250))
                        .effects())
                .containsExactly(
                        new SessionEffect.AckRows(Lane.BACK_FILL, 250),
                        new SessionEffect.SendRows(Lane.LIVE, 0, SessionRules.BATCH),
                        new SessionEffect.SendRows(Lane.BACK_FILL, 250, 2 * FIRST_BACK_FILL));
    }

    @Test
    void anAckOfWhatTheSessionBeforeSentIsBelievedAfterALookAtTheNumbering() {
        SessionRules.Step step = step(STANDING, ack(io.postwatch.proto.agent.v1.Lane.LANE_BACK_FILL, 9));
        assertThat(step.effects())
                .containsExactly(
                        new SessionEffect.CheckNumbering(Lane.BACK_FILL, 9, 0),
                        new SessionEffect.AckRows(Lane.BACK_FILL, 9),
                        new SessionEffect.SendRows(Lane.LIVE, 0, SessionRules.BATCH),
                        new SessionEffect.SendRows(Lane.BACK_FILL, 9, FIRST_BACK_FILL));
    }

    /** Where batches follow one another, what another copy of this agent stored may lie within what was sent. */
    @Test
    void anAckWithAMarkIsLookedAtAlsoWhereMoreIsUnderWay() {
        SessionState sent = SessionRules.step(STANDING, new SessionEvent.RowsSent(Lane.LIVE, 22), NOW)
                .state();
        Ack beyondItsBatch = ackOf(io.postwatch.proto.agent.v1.Lane.LANE_LIVE, 20).toBuilder()
                .setMark(7)
                .build();

        SessionRules.Step step =
                step(sent, ControllerMessage.newBuilder().setAck(beyondItsBatch).build());

        assertThat(step.effects())
                .startsWith(
                        new SessionEffect.CheckNumbering(Lane.LIVE, 20, 7), new SessionEffect.AckRows(Lane.LIVE, 20));
        assertThat(step.state())
                .isInstanceOfSatisfying(
                        SessionState.Standing.class,
                        standing -> assertThat(standing.sent(Lane.LIVE)).isEqualTo(22));
    }

    @Test
    void lanesOfTheFutureAreCountedAndIgnored() {
        assertThat(step(STANDING, ack(io.postwatch.proto.agent.v1.Lane.LANE_UNSPECIFIED, 9))
                        .effects())
                .containsExactly(new SessionEffect.CountUnknown());
    }

    @Test
    void aDrainIsFollowedAfterARandomPartOfItsTime() {
        SessionState draining = SessionRules.step(
                        STANDING,
                        new SessionEvent.Said(
                                ControllerMessage.newBuilder()
                                        .setDrain(Drain.newBuilder()
                                                .setWithin(WireValues.duration(Duration.ofSeconds(4))))
                                        .build(),
                                0.25),
                        NOW)
                .state();
        assertThat(SessionRules.step(draining, new SessionEvent.Ticked(), NOW + seconds(1) - 1)
                        .state())
                .isInstanceOf(SessionState.Standing.class);
        assertThat(SessionRules.step(draining, new SessionEvent.Ticked(), NOW + seconds(1))
                        .state())
                .isEqualTo(new SessionState.Ended(new SessionEnd.Drained()));
    }

    @Test
    void aStandingSessionSaysGoodbyeWhenTheAgentStops() {
        assertThat(SessionRules.step(STANDING, new SessionEvent.StopWanted(), NOW)
                        .effects())
                .first()
                .isInstanceOfSatisfying(
                        SessionEffect.Send.class,
                        send -> assertThat(send.message().getGoodbye().getReason())
                                .isEqualTo(GoodbyeReason.GOODBYE_REASON_STOPPING));
    }

    @Test
    void theOutcomeOfATestIsSentWhileTheSessionStandsAndNotBefore() {
        SessionEvent ended = new SessionEvent.TestEnded(TestOutcome.getDefaultInstance());
        assertThat(SessionRules.step(STANDING, ended, NOW).effects())
                .containsExactly(new SessionEffect.Send(AgentMessage.newBuilder()
                        .setTestOutcome(TestOutcome.getDefaultInstance())
                        .build()));
        assertThat(SessionRules.step(GREETING, ended, NOW).effects()).isEmpty();
    }

    private static SessionRules.Step step(SessionState state, ControllerMessage message) {
        return SessionRules.step(state, new SessionEvent.Said(message, 0.5), NOW);
    }

    private static ControllerMessage ack(io.postwatch.proto.agent.v1.Lane lane, long through) {
        return ControllerMessage.newBuilder().setAck(ackOf(lane, through)).build();
    }

    private static Ack ackOf(io.postwatch.proto.agent.v1.Lane lane, long through) {
        return Ack.newBuilder().setLane(lane).setThroughSequence(through).build();
    }

    private static long seconds(long seconds) {
        return seconds * 1_000_000_000L;
    }
}
