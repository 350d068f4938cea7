package io.postwatch.controller.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import io.postwatch.controller.assignment.DesiredState;
import io.postwatch.controller.evaluation.Batch;
import io.postwatch.controller.evaluation.BatchOutcome;
import io.postwatch.controller.evaluation.Lane;
import io.postwatch.controller.gateway.mapping.OrderMapping;
import io.postwatch.controller.liveness.Admission;
import io.postwatch.controller.shared.Bytes;
import io.postwatch.proto.agent.v1.AgentMessage;
import io.postwatch.proto.agent.v1.ControllerMessage;
import io.postwatch.proto.agent.v1.ControllerMessage.MessageCase;
import io.postwatch.proto.agent.v1.Goodbye;
import io.postwatch.proto.agent.v1.GoodbyeReason;
import io.postwatch.proto.agent.v1.Heartbeat;
import io.postwatch.proto.agent.v1.Hello;
import io.postwatch.proto.agent.v1.ResultBatch;
import io.postwatch.proto.agent.v1.SpoolRecord;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** How a session begins and ends, and what it does with heartbeats and results. */
class SessionStepsTest extends SteppedSessionTest {
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
    void aHelloThatIsTooLargeToWaitIsRefused() {
        Hello most = hello(0, ByteString.EMPTY);
        int room = SessionSteps.MAX_HELLO_BYTES - most.getSerializedSize();
        // The field's number and its length take four bytes.
        Hello largest = most.toBuilder().setVersion("v".repeat(room - 4)).build();
        assertThat(largest.getSerializedSize()).isEqualTo(SessionSteps.MAX_HELLO_BYTES);

        assertThat(goodbye(say(AgentMessage.newBuilder()
                        .setHello(largest.toBuilder().setVersion(largest.getVersion() + "v")))))
                .isEqualTo(GoodbyeReason.GOODBYE_REASON_PROTOCOL_ERROR);

        state = new SessionState.AwaitingHello(Bytes.of(new byte[32]));
        assertThat(say(AgentMessage.newBuilder().setHello(largest))).hasOnlyElementsOfType(SessionEffect.Admit.class);
    }

    @Test
    void whoeverIsNotWelcomedYetHearsThatTheControllerStopsAsAGoodbye() {
        assertThat(goodbye(step(new SessionInput.Drain(Duration.ofSeconds(2)))))
                .isEqualTo(GoodbyeReason.GOODBYE_REASON_STOPPING);
        assertThat(state).isInstanceOf(SessionState.Ended.class);

        state = new SessionState.AwaitingHello(Bytes.of(new byte[32]));
        say(AgentMessage.newBuilder().setHello(hello(0, ByteString.EMPTY)));
        List<SessionEffect> effects = step(new SessionInput.Drain(Duration.ofSeconds(2)));
        assertThat(sent(effects)).containsExactly(MessageCase.GOODBYE);
        assertThat(goodbye(effects)).isEqualTo(GoodbyeReason.GOODBYE_REASON_STOPPING);
        assertThat(admitted(false)).containsExactly(new SessionEffect.CloseSession(SESSION, false));
    }

    @Test
    void aHelloThatADatabaseThatIsAwayDoesNotJudgeEndsTheCallAndOpensNothing() {
        say(AgentMessage.newBuilder().setHello(hello(0, ByteString.EMPTY)));

        assertThat(step(new SessionInput.StoreFailed()))
                .singleElement()
                .isInstanceOfSatisfying(
                        SessionEffect.Finish.class,
                        end -> assertThat(end.status().getCode()).isEqualTo(io.grpc.Status.Code.UNAVAILABLE));
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
                        new SessionInput.BatchDone(Lane.LIVE, 9, new BatchOutcome.Stored(9, 0, List.of(), Map.of())))))
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

        step(new SessionInput.BatchDone(Lane.LIVE, 9, new BatchOutcome.Stored(9, 0, List.of(), Map.of())));
        step(new SessionInput.BatchDone(Lane.BACK_FILL, 2, new BatchOutcome.Stored(2, 0, List.of(), Map.of())));

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

    private static AgentMessage.Builder results(long sequence) {
        return AgentMessage.newBuilder()
                .setResultBatch(ResultBatch.newBuilder()
                        .setLane(io.postwatch.proto.agent.v1.Lane.LANE_LIVE)
                        .addRecords(SpoolRecord.newBuilder().setSequence(sequence)));
    }

    private static io.postwatch.controller.evaluation.Batch batch(List<SessionEffect> effects) {
        return ((SessionEffect.Store) effects.getFirst()).batch();
    }

    private static Hello hello(long revision, ByteString hash) {
        return Hello.newBuilder()
                .setSpoolId(OrderMapping.bytes(new UUID(0, 9)))
                .setAppliedRevision(revision)
                .setAppliedHash(hash)
                .build();
    }

    private List<SessionEffect> admitted(boolean newSealingKey) {
        return step(new SessionInput.Admitted(
                new Admission.Admitted(SESSION, "agent", "Paris", newSealingKey),
                Map.of(),
                WANTED,
                new SessionInput.Admitted.Welcoming(NOW, Duration.ofSeconds(8), List.of(), List.of())));
    }

    private static GoodbyeReason goodbye(List<SessionEffect> effects) {
        return effects.stream()
                .filter(SessionEffect.Send.class::isInstance)
                .map(effect ->
                        ((SessionEffect.Send) effect).message().getGoodbye().getReason())
                .findFirst()
                .orElseThrow();
    }
}
