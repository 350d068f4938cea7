package io.postwatch.controller.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import io.postwatch.controller.assignment.DesiredState;
import io.postwatch.controller.assignment.PlanChange;
import io.postwatch.controller.assignment.RunOrder;
import io.postwatch.controller.evaluation.Batch;
import io.postwatch.controller.evaluation.BatchOutcome;
import io.postwatch.controller.evaluation.Lane;
import io.postwatch.controller.gateway.SessionSteps.Step;
import io.postwatch.controller.gateway.mapping.OrderMapping;
import io.postwatch.controller.liveness.Admission;
import io.postwatch.controller.liveness.AgentSession;
import io.postwatch.controller.shared.Bytes;
import io.postwatch.controller.shared.id.AgentId;
import io.postwatch.controller.shared.id.LocationId;
import io.postwatch.controller.shared.id.SeriesId;
import io.postwatch.controller.shared.id.TenantId;
import io.postwatch.proto.agent.v1.AgentMessage;
import io.postwatch.proto.agent.v1.Applied;
import io.postwatch.proto.agent.v1.ControllerMessage;
import io.postwatch.proto.agent.v1.ControllerMessage.MessageCase;
import io.postwatch.proto.agent.v1.Goodbye;
import io.postwatch.proto.agent.v1.GoodbyeReason;
import io.postwatch.proto.agent.v1.Heartbeat;
import io.postwatch.proto.agent.v1.Hello;
import io.postwatch.proto.agent.v1.ResultBatch;
import io.postwatch.proto.agent.v1.SnapshotWanted;
import io.postwatch.proto.agent.v1.SpoolRecord;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class SessionStepsTest {
    private static final Instant NOW = Instant.parse("2026-11-22T12:00:00Z");
    private static final SeriesId SERIES = new SeriesId(7);
    private static final AgentSession SESSION = new AgentSession(
            new TenantId(new UUID(0, 1)),
            new AgentId(new UUID(0, 2)),
            new LocationId(new UUID(0, 3)),
            new UUID(0, 4),
            5);
    private static final DesiredState WANTED = state(3, 1);
    /** As the welcome told. */
    private static final long ACKED = 4;

    private SessionState state = new SessionState.AwaitingHello(Bytes.of(new byte[32]));

    @Test
    void aHelloIsJudgedAndAGoodOneIsWelcomedBeforeAnythingElse() {
        assertThat(say(AgentMessage.newBuilder().setHello(hello(0, ByteString.EMPTY))))
                .hasOnlyElementsOfType(SessionEffect.Admit.class);

        List<SessionEffect> effects = admitted(false);

        assertThat(sent(effects)).containsExactly(MessageCase.WELCOME);
        assertThat(effects.get(1)).isInstanceOf(SessionEffect.Register.class);
        assertThat(effects.get(2)).isEqualTo(new SessionEffect.ReadPlan(SESSION, DesiredState.NOTHING, true));
    }

    @Test
    void anAgentWithTheSameHashGetsNoSnapshotUnlessItsSealingKeyIsNew() {
        say(AgentMessage.newBuilder().setHello(hello(2, ByteString.copyFrom(WANTED.hash()))));
        assertThat(readPlan(admitted(false)).whole()).isFalse();

        state = new SessionState.AwaitingHello(Bytes.of(new byte[32]));
        say(AgentMessage.newBuilder().setHello(hello(2, ByteString.copyFrom(WANTED.hash()))));
        assertThat(readPlan(admitted(true)).whole()).isTrue();
    }

    @Test
    void aSessionThatWasOpenedAndCannotBeWelcomedIsClosed() {
        say(AgentMessage.newBuilder().setHello(hello(0, ByteString.EMPTY)));

        List<SessionEffect> effects = step(new SessionInput.WelcomeFailed(SESSION));

        assertThat(effects).hasExactlyElementsOfTypes(SessionEffect.Finish.class, SessionEffect.CloseSession.class);
        assertThat(effects).contains(new SessionEffect.CloseSession(SESSION, false));
        assertThat(state).isInstanceOf(SessionState.Ended.class);
    }

    @Test
    void aRefusedHelloEndsWithTheReason() {
        say(AgentMessage.newBuilder().setHello(hello(0, ByteString.EMPTY)));

        List<SessionEffect> effects = step(new SessionInput.Refused(GoodbyeReason.GOODBYE_REASON_REVOKED, "revoked"));

        assertThat(goodbye(effects)).isEqualTo(GoodbyeReason.GOODBYE_REASON_REVOKED);
        assertThat(effects).noneMatch(SessionEffect.CloseSession.class::isInstance);
        assertThat(state).isInstanceOf(SessionState.Ended.class);
    }

    @Test
    void unknownMessagesAreCountedAndIgnored() {
        open();
        SessionState before = state;

        assertThat(say(AgentMessage.newBuilder())).containsExactly(new SessionEffect.CountUnknown());
        assertThat(state).isEqualTo(before);
    }

    @Test
    void aTriggeredRunWaitsForTheDeltaThatBringsItsAssignment() {
        open();
        RunOrder order = new RunOrder(SERIES, 2, NOW);

        assertThat(step(new SessionInput.RunOnce(order))).isEmpty();
        assertThat(step(new SessionInput.PlanChanged())).hasOnlyElementsOfType(SessionEffect.ReadPlan.class);
        assertThat(sent(step(new SessionInput.PlanRead(new PlanChange(state(4, 2), List.of(), List.of()), false))))
                .containsExactly(MessageCase.DELTA, MessageCase.TRIGGERED_RUN);
    }

    @Test
    void aTriggeredRunOfWhatWasWithdrawnWaitsNoLonger() {
        open();
        step(new SessionInput.RunOnce(new RunOrder(SERIES, 2, NOW)));
        PlanChange withdrawn = new PlanChange(DesiredState.of(4, new TreeMap<>()), List.of(), List.of(SERIES));

        step(new SessionInput.PlanRead(withdrawn, false));

        assertThat(((SessionState.Open) state).waiting()).isEmpty();
        assertThat(sent(step(new SessionInput.PlanRead(new PlanChange(state(5, 2), List.of(), List.of()), false))))
                .containsExactly(MessageCase.DELTA);
    }

    @Test
    void aTriggeredRunWaitsForThePlanThatIsReadOnceMore() {
        open();
        step(new SessionInput.PlanChanged());
        step(new SessionInput.RunOnce(new RunOrder(new SeriesId(8), 1, NOW)));
        step(new SessionInput.PlanChanged());

        step(new SessionInput.PlanRead(new PlanChange(state(4, 1), List.of(), List.of()), false));
        DesiredState both = DesiredState.of(5, new TreeMap<>(Map.of(SERIES.value(), 1L, 8L, 1L)));

        assertThat(sent(step(new SessionInput.PlanRead(new PlanChange(both, List.of(), List.of()), false))))
                .containsExactly(MessageCase.DELTA, MessageCase.TRIGGERED_RUN);
    }

    @Test
    void aTriggeredRunOfWhatTheAgentHasGoesAtOnce() {
        open();

        assertThat(sent(step(new SessionInput.RunOnce(new RunOrder(SERIES, 1, NOW)))))
                .containsExactly(MessageCase.TRIGGERED_RUN);
    }

    @Test
    void changesWhileThePlanIsReadAreReadOnceMore() {
        open();
        step(new SessionInput.PlanChanged());

        assertThat(step(new SessionInput.PlanChanged())).isEmpty();
        assertThat(step(new SessionInput.PlanChanged())).isEmpty();
        List<SessionEffect> effects =
                step(new SessionInput.PlanRead(new PlanChange(state(4, 2), List.of(), List.of()), false));

        assertThat(effects).filteredOn(SessionEffect.ReadPlan.class::isInstance).hasSize(1);
        assertThat(sent(step(new SessionInput.PlanRead(new PlanChange(state(4, 2), List.of(), List.of()), false))))
                .as("nothing new")
                .isEmpty();
    }

    @Test
    void aSecondEditThatIsToldBeforeItsPlacementIsSentToo() {
        open();
        PlanChange withdrawn =
                new PlanChange(DesiredState.of(WANTED.revision(), new TreeMap<>()), List.of(), List.of(SERIES));

        assertThat(sent(step(new SessionInput.PlanRead(withdrawn, false)))).containsExactly(MessageCase.DELTA);
    }

    @Test
    void anAgentWithAGapGetsEverything() {
        open();

        assertThat(readPlan(say(AgentMessage.newBuilder()
                                .setSnapshotWanted(SnapshotWanted.newBuilder().setReason("gap"))))
                        .whole())
                .isTrue();
    }

    @Test
    void aSnapshotIsNotMadeAgainBeforeTheAgentHasAppliedTheOneBefore() {
        open();
        assertThat(say(snapshotWanted())).hasSize(1);
        step(new SessionInput.PlanRead(new PlanChange(WANTED, List.of(), List.of()), true));

        assertThat(say(snapshotWanted())).isEmpty();
        assertThat(say(snapshotWanted())).isEmpty();
        say(AgentMessage.newBuilder().setApplied(Applied.getDefaultInstance()));

        assertThat(readPlan(say(snapshotWanted())).whole()).isTrue();
    }

    @Test
    void aSnapshotThatWasAskedForAgainComesWithAHeartbeatAfterAWait() {
        open();
        say(snapshotWanted());
        step(new SessionInput.PlanRead(new PlanChange(WANTED, List.of(), List.of()), true));
        say(snapshotWanted());
        Duration patience = SessionState.AskedSnapshot.PATIENCE;

        assertThat(say(beat(), NOW.plus(patience).minusMillis(1))).noneMatch(SessionEffect.ReadPlan.class::isInstance);
        List<SessionEffect> effects = say(beat(), NOW.plus(patience));

        assertThat(sent(effects)).containsExactly(MessageCase.HEARTBEAT_REPLY);
        assertThat(readPlan(effects).whole()).isTrue();
        assertThat(say(beat(), NOW.plus(patience.multipliedBy(3))))
                .as("asked for once")
                .noneMatch(SessionEffect.ReadPlan.class::isInstance);
    }

    @Test
    void aSnapshotThatCouldNotBeReadMayBeAskedForAtOnce() {
        open();
        say(snapshotWanted());
        step(new SessionInput.PlanUnreadable());

        assertThat(readPlan(say(snapshotWanted())).whole()).isTrue();
    }

    @Test
    void aHeartbeatIsAnsweredWithTheMomentItCame() {
        open();

        List<SessionEffect> effects = say(AgentMessage.newBuilder()
                .setHeartbeat(Heartbeat.newBuilder().setNumber(4).setMonotonicNanos(77)));

        ControllerMessage reply = ((SessionEffect.Send) effects.getFirst()).message();
        assertThat(reply.getHeartbeatReply().getControllerTime().getSeconds()).isEqualTo(NOW.getEpochSecond());
        assertThat(reply.getHeartbeatReply().getMonotonicNanos()).isEqualTo(77);
    }

    @Test
    void theFirstBatchOfALaneMayLeapAndNoLaterOne() {
        open();

        assertThat(batch(say(results(9))).leapsFrom()).isEqualTo(ACKED);
        assertThat(sent(step(
                        new SessionInput.BatchDone(Lane.LIVE, 9, new BatchOutcome.Stored(9, List.of(), Map.of())))))
                .containsExactly(MessageCase.ACK);
        assertThat(batch(say(results(10))).leapsFrom()).isEqualTo(Batch.NO_LEAP);
    }

    @Test
    void aBatchOfASessionThatDoesNotCountIsNotAckedAndEndsIt() {
        open();
        assertThat(batch(say(results(5))).reporter().session()).isEqualTo(SESSION.id());

        List<SessionEffect> effects = step(new SessionInput.BatchDone(Lane.LIVE, 5, new BatchOutcome.Fenced()));

        assertThat(sent(effects)).isEmpty();
        assertThat(effects)
                .filteredOn(SessionEffect.Finish.class::isInstance)
                .singleElement()
                .satisfies(
                        end -> assertThat(((SessionEffect.Finish) end).status().getCode())
                                .isEqualTo(io.grpc.Status.Code.UNAVAILABLE));
        assertThat(state).isInstanceOf(SessionState.Ended.class);
    }

    @Test
    void howFarALaneIsStoredIsWhatTheWelcomeToldAndWhatWasStoredSince() {
        open();
        assertThat(((SessionState.Open) state).storedThrough()).isEqualTo(Map.of(Lane.LIVE, ACKED));

        step(new SessionInput.BatchDone(Lane.LIVE, 9, new BatchOutcome.Stored(9, List.of(), Map.of())));
        step(new SessionInput.BatchDone(Lane.BACK_FILL, 2, new BatchOutcome.Stored(2, List.of(), Map.of())));

        assertThat(((SessionState.Open) state).storedThrough()).isEqualTo(Map.of(Lane.LIVE, 9L, Lane.BACK_FILL, 2L));
    }

    @Test
    void aBatchWithAHoleIsAnError() {
        open();

        List<SessionEffect> effects = say(AgentMessage.newBuilder()
                .setResultBatch(ResultBatch.newBuilder()
                        .setLane(io.postwatch.proto.agent.v1.Lane.LANE_LIVE)
                        .addRecords(SpoolRecord.newBuilder().setSequence(1))
                        .addRecords(SpoolRecord.newBuilder().setSequence(3))));

        assertThat(goodbye(effects)).isEqualTo(GoodbyeReason.GOODBYE_REASON_PROTOCOL_ERROR);
    }

    @Test
    void aDatabaseThatDoesNotStoreEndsTheSessionWithoutAnAck() {
        open();

        List<SessionEffect> effects = step(new SessionInput.StoreFailed());

        assertThat(sent(effects)).isEmpty();
        assertThat(effects).as("no loss of the agent's").contains(new SessionEffect.CloseSession(SESSION, false));
    }

    @Test
    void everyEndOfAnOpenSessionClosesItOnceAndNothingHappensAfterwards() {
        List<SessionInput> ends = List.of(
                new SessionInput.PeerGone(),
                new SessionInput.Silent(),
                new SessionInput.Lapsed(),
                new SessionInput.End(GoodbyeReason.GOODBYE_REASON_SUPERSEDED, "newer"),
                new SessionInput.FromAgent(
                        AgentMessage.newBuilder()
                                .setGoodbye(Goodbye.getDefaultInstance())
                                .build(),
                        NOW));
        for (SessionInput end : ends) {
            open();
            boolean agentWent = end instanceof SessionInput.PeerGone || end instanceof SessionInput.Silent;
            assertThat(step(end)).as("%s", end).contains(new SessionEffect.CloseSession(SESSION, agentWent));
            assertThat(state).isInstanceOf(SessionState.Ended.class);
            assertThat(step(end)).isEmpty();
            assertThat(step(new SessionInput.PlanChanged())).isEmpty();
        }
    }

    @Test
    void aDrainingControllerGoesOnServing() {
        open();

        assertThat(sent(step(new SessionInput.Drain(Duration.ofSeconds(5))))).containsExactly(MessageCase.DRAIN);
        assertThat(state).isInstanceOf(SessionState.Open.class);
    }

    private void open() {
        state = new SessionState.Open(
                SESSION,
                new UUID(0, 9),
                Map.of(Lane.LIVE, ACKED),
                WANTED,
                false,
                false,
                Map.of(),
                Map.of(),
                Map.of(),
                null);
    }

    private List<SessionEffect> admitted(boolean newSealingKey) {
        return step(new SessionInput.Admitted(
                new Admission.Admitted(SESSION, "agent", "Paris", newSealingKey),
                Map.of(),
                WANTED,
                new SessionInput.Admitted.Welcoming(NOW, Duration.ofSeconds(8), List.of())));
    }

    private List<SessionEffect> say(AgentMessage.Builder message) {
        return say(message, NOW);
    }

    private List<SessionEffect> say(AgentMessage.Builder message, Instant at) {
        return step(new SessionInput.FromAgent(message.build(), at));
    }

    private static AgentMessage.Builder snapshotWanted() {
        return AgentMessage.newBuilder()
                .setSnapshotWanted(SnapshotWanted.newBuilder().setReason("gap"));
    }

    private static AgentMessage.Builder beat() {
        return AgentMessage.newBuilder().setHeartbeat(Heartbeat.getDefaultInstance());
    }

    private List<SessionEffect> step(SessionInput input) {
        Step step = SessionSteps.step(state, input);
        state = step.state();
        return step.effects();
    }

    private static AgentMessage.Builder results(long sequence) {
        return AgentMessage.newBuilder()
                .setResultBatch(ResultBatch.newBuilder()
                        .setLane(io.postwatch.proto.agent.v1.Lane.LANE_LIVE)
                        .addRecords(SpoolRecord.newBuilder().setSequence(sequence)));
    }

    private static Hello hello(long revision, ByteString hash) {
        return Hello.newBuilder()
                .setSpoolId(OrderMapping.bytes(new UUID(0, 9)))
                .setAppliedRevision(revision)
                .setAppliedHash(hash)
                .build();
    }

    private static DesiredState state(long revision, long seriesRevision) {
        return DesiredState.of(revision, new TreeMap<>(Map.of(SERIES.value(), seriesRevision)));
    }

    private static List<MessageCase> sent(List<SessionEffect> effects) {
        return effects.stream()
                .filter(SessionEffect.Send.class::isInstance)
                .map(effect -> ((SessionEffect.Send) effect).message().getMessageCase())
                .toList();
    }

    private static GoodbyeReason goodbye(List<SessionEffect> effects) {
        return effects.stream()
                .filter(SessionEffect.Send.class::isInstance)
                .map(effect ->
                        ((SessionEffect.Send) effect).message().getGoodbye().getReason())
                .findFirst()
                .orElseThrow();
    }

    private static SessionEffect.ReadPlan readPlan(List<SessionEffect> effects) {
        return effects.stream()
                .filter(SessionEffect.ReadPlan.class::isInstance)
                .map(SessionEffect.ReadPlan.class::cast)
                .findFirst()
                .orElseThrow();
    }

    private static io.postwatch.controller.evaluation.Batch batch(List<SessionEffect> effects) {
        return ((SessionEffect.Store) effects.getFirst()).batch();
    }
}
