package io.postwatch.controller.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import com.google.protobuf.Timestamp;
import io.postwatch.controller.assignment.DesiredState;
import io.postwatch.controller.evaluation.Batch;
import io.postwatch.controller.evaluation.BatchOutcome;
import io.postwatch.controller.evaluation.Lane;
import io.postwatch.controller.evaluation.LaneEnd;
import io.postwatch.controller.evaluation.Rejection;
import io.postwatch.controller.evaluation.SpoolEntry;
import io.postwatch.controller.gateway.gate.SessionEnd;
import io.postwatch.controller.gateway.mapping.ResultMapping;
import io.postwatch.controller.liveness.AgentPeer;
import io.postwatch.controller.liveness.AgentSession;
import io.postwatch.controller.shared.id.SeriesId;
import io.postwatch.proto.agent.v1.GoodbyeReason;
import io.postwatch.proto.agent.v1.Hello;
import io.postwatch.proto.agent.v1.RunResult;
import io.postwatch.proto.agent.v1.SpoolRecord;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/**
 * What sessions may rely on, whoever does the work: the controller with its database, or the simulation with its rows in
 * memory. Both pass these tests, so that what the simulation proves holds for the controller.
 */
interface SessionTasksContract {

    SessionTasks tasks();

    /** An agent that is enrolled, has no session, and is the only one at its location. */
    AgentPeer certificate();

    /** Of an agent that nobody enrolled. */
    AgentPeer stranger();

    /** A series that the agent is to run. */
    SeriesId series();

    /** A hello that is properly signed, where somebody checks it. */
    SessionEffect.Admit hello(AgentPeer agent, Hello.Builder hello);

    Instant now();

    /** How many results of the series are stored. */
    int stored(SeriesId series);

    @Test
    default void aStrangerIsNotIdentified() {
        assertThat(tasks().admit(hello(stranger(), aHello(1)), stranger(), new SessionEnd(() -> false)))
                .isInstanceOfSatisfying(
                        SessionInput.Refused.class,
                        refused -> assertThat(refused.reason()).isEqualTo(GoodbyeReason.GOODBYE_REASON_NOT_IDENTIFIED));
    }

    @Test
    default void theEpochGrowsAndTheEndOfAnOlderSessionChangesNothing() {
        AgentSession first = admitted(1).admission().session();
        AgentSession second = admitted(1).admission().session();
        assertThat(second.epoch()).isGreaterThan(first.epoch());
        assertThat(second.id()).isNotEqualTo(first.id());
        assertThat(second.agent()).isEqualTo(certificate().certificate().agent());

        tasks().close(first, true);
        store(second, 1, 1, run(0));
        tasks().close(second, true);
        tasks().close(second, true);

        assertThat(admitted(1).admission().session().epoch()).isGreaterThan(second.epoch());
    }

    @Test
    default void aHelloThatHungDoesNotTakeThePlaceOfALaterSession() {
        SessionInput.Admitted second = (SessionInput.Admitted) admit(aHello(1).setAttempt(2));

        assertThat(admit(aHello(1).setAttempt(1)))
                .isInstanceOfSatisfying(
                        SessionInput.Refused.class,
                        refused -> assertThat(refused.reason()).isEqualTo(GoodbyeReason.GOODBYE_REASON_BUSY));
        AgentSession session = second.admission().session();
        assertThat(store(session, 1, 1, run(0))).isEqualTo(stored(1));
        assertThat(admit(aHello(1).setAttempt(3))).isInstanceOf(SessionInput.Admitted.class);
        assertThat(store(session, 1, 2, run(1))).isEqualTo(new BatchOutcome.Fenced());
    }

    @Test
    default void whereNoSessionStandsEveryAttemptIsAsGoodAsAnother() {
        SessionInput.Admitted later = (SessionInput.Admitted) admit(aHello(1).setAttempt(7));
        tasks().close(later.admission().session(), true);
        assertThat(admit(aHello(1).setAttempt(1))).isInstanceOf(SessionInput.Admitted.class);
    }

    @Test
    default void anAgentThatIsGoneBeforeItsTurnTakesNobodysPlace() {
        AgentSession session = admitted(1).admission().session();
        assertThat(tasks().admit(hello(certificate(), aHello(1)), certificate(), new SessionEnd(() -> true)))
                .isEqualTo(new SessionInput.PeerGone());
        assertThat(store(session, 1, 1, run(0))).isEqualTo(stored(1));
    }

    @Test
    default void aBatchIsStoredOnceAndTheNextWelcomeTellsHowFar() {
        SessionInput.Admitted first = admitted(1);
        assertThat(first.acked()).isEmpty();
        AgentSession session = first.admission().session();

        assertThat(store(session, 1, 1, run(0), run(1))).isEqualTo(stored(2));
        assertThat(store(session, 1, 1, run(0), run(1))).isEqualTo(stored(2));
        assertThat(store(session, 1, 1, run(0)))
                .as("more than the batch had, and the mark of the last")
                .isEqualTo(new BatchOutcome.Stored(2, 7, List.of(), Map.of()));
        assertThat(store(session, 1, 2, run(1), run(2))).isEqualTo(stored(3));

        assertThat(stored(series())).isEqualTo(3);
        assertThat(admitted(1).ackedThrough()).isEqualTo(Map.of(Lane.LIVE, 3L));
        assertThat(admitted(2).acked()).as("another spool").isEmpty();
    }

    @Test
    default void theWelcomeTellsWhichRecordWasTheLast() {
        AgentSession session = admitted(1).admission().session();
        RunResult.Builder second = run(1).setRunId(bytes(new UUID(5, 77)));
        store(session, 1, 1, run(0), second);
        assertThat(admitted(1).acked()).isEqualTo(Map.of(Lane.LIVE, new LaneEnd(2, 77)));

        AgentSession next = admitted(1).admission().session();
        assertThat(store(next, 1, 2, run(1).setRunId(bytes(new UUID(5, 79))), run(2)))
                .as("a copy of the spool gave the number to another")
                .isEqualTo(new BatchOutcome.Fenced());
        assertThat(admitted(1).acked()).as("nothing new").isEqualTo(Map.of(Lane.LIVE, new LaneEnd(2, 77)));
        AgentSession last = admitted(1).admission().session();
        store(last, 1, 2, second, run(2).setRunId(bytes(new UUID(5, 80))));
        assertThat(admitted(1).acked()).isEqualTo(Map.of(Lane.LIVE, new LaneEnd(3, 80)));
    }

    @Test
    default void theSameMomentIsStoredOnceUnderWhateverNumber() {
        AgentSession session = admitted(1).admission().session();
        store(session, 1, 1, run(0), run(0));
        store(session, 1, 3, run(0));
        store(session, 2, 1, run(0));
        assertThat(stored(series())).isOne();
    }

    @Test
    default void aSessionThatWasOvertakenStoresNothing() {
        AgentSession first = admitted(1).admission().session();
        assertThat(store(first, 1, 1, run(0))).isEqualTo(stored(1));
        AgentSession second = admitted(1).admission().session();

        assertThat(store(first, 1, 2, run(1))).isEqualTo(new BatchOutcome.Fenced());
        assertThat(store(first, 2, 1, run(1))).isEqualTo(new BatchOutcome.Fenced());
        assertThat(store(second, 1, 2, run(1))).isEqualTo(stored(2));
        tasks().close(second, true);
        assertThat(store(second, 1, 3, run(2))).isEqualTo(new BatchOutcome.Fenced());
        assertThat(stored(series())).isEqualTo(2);
    }

    @Test
    default void aHoleStoresNothingAndTellsHowFarTheLaneIs() {
        AgentSession session = admitted(1).admission().session();
        store(session, 1, 1, run(0));
        assertThat(store(session, 1, 3, run(2))).isEqualTo(new BatchOutcome.OutOfSequence(1));
        assertThat(store(session, 2, 2, run(2))).isEqualTo(new BatchOutcome.OutOfSequence(0));
        assertThat(stored(series())).isOne();
        assertThat(admitted(1).ackedThrough()).isEqualTo(Map.of(Lane.LIVE, 1L));
    }

    @Test
    default void theFirstBatchOfASessionLeapsFromWhatTheWelcomeTold() {
        AgentSession session = admitted(1).admission().session();
        assertThat(leap(session, 0, 7, run(0))).isEqualTo(stored(7));
        assertThat(leap(session, 9, 20, run(1)))
                .as("a database that was set back since the welcome")
                .isEqualTo(new BatchOutcome.OutOfSequence(7));
        assertThat(stored(series())).isOne();
    }

    @Test
    default void whatCanNeverBeStoredIsNamedAndItsNeighboursAreStored() {
        AgentSession session = admitted(1).admission().session();
        BatchOutcome outcome = store(
                session,
                1,
                1,
                run(0).setSeries(series().value() + 1_000_000),
                at(now().minus(Duration.ofDays(60))),
                at(now().plus(Duration.ofMinutes(6))),
                run(1));

        assertThat(outcome).isInstanceOfSatisfying(BatchOutcome.Stored.class, done -> {
            assertThat(done.ackedThrough()).isEqualTo(4);
            assertThat(done.rejections())
                    .extracting(rejection -> rejection.sequence() + " " + rejection.reason())
                    .containsExactly(
                            "1 " + Rejection.Reason.UNKNOWN_SERIES,
                            "2 " + Rejection.Reason.TOO_OLD,
                            "3 " + Rejection.Reason.IN_FUTURE);
        });
        assertThat(stored(series())).isOne();
    }

    @Test
    default void aResultUpToFiveMinutesAheadIsStored() {
        AgentSession session = admitted(1).admission().session();
        assertThat(store(session, 1, 1, at(now().plus(Duration.ofMinutes(4))))).isEqualTo(stored(1));
        assertThat(stored(series())).isOne();
    }

    @Test
    default void thePlanIsWhatTheWelcomeNamedAndNoChangeFollowsWhereItWasTold() {
        SessionInput.Admitted admitted = admitted(1);
        AgentSession session = admitted.admission().session();
        tasks().announce(session);
        SessionInput.PlanRead whole = plan(session, DesiredState.NOTHING, true);
        assertThat(whole.whole()).isTrue();
        assertThat(whole.change().assigned())
                .extracting(order -> order.series())
                .containsExactly(series());
        assertThat(whole.change().withdrawn()).isEmpty();
        assertThat(whole.change().state().covers(series(), 1)).isTrue();

        SessionInput.PlanRead nothing = plan(session, whole.change().state(), false);
        assertThat(nothing.change().assigned()).isEmpty();
        assertThat(nothing.change().withdrawn()).isEmpty();
        assertThat(nothing.change().state().hash())
                .isEqualTo(whole.change().state().hash());
        assertThat(admitted(1).wanted().hash()).isEqualTo(whole.change().state().hash());
    }

    private SessionInput.PlanRead plan(AgentSession session, DesiredState told, boolean whole) {
        SessionInput read = tasks().readPlan(new SessionEffect.ReadPlan(session, told, whole));
        assertThat(read).isInstanceOf(SessionInput.PlanRead.class);
        return (SessionInput.PlanRead) read;
    }

    private SessionInput.Admitted admitted(int spool) {
        SessionInput admitted = admit(aHello(spool));
        assertThat(admitted).isInstanceOf(SessionInput.Admitted.class);
        return (SessionInput.Admitted) admitted;
    }

    private SessionInput admit(Hello.Builder hello) {
        return tasks().admit(hello(certificate(), hello), certificate(), new SessionEnd(() -> false));
    }

    private static Hello.Builder aHello(int spool) {
        return Hello.newBuilder().setSpoolId(bytes(new UUID(4, spool))).setBootId(ByteString.copyFrom(new byte[16]));
    }

    private BatchOutcome store(AgentSession session, int spool, long first, RunResult.Builder... runs) {
        return store(session, spool, Batch.NO_LEAP, first, runs);
    }

    private BatchOutcome leap(AgentSession session, long told, long first, RunResult.Builder... runs) {
        return store(session, 1, told, first, runs);
    }

    private BatchOutcome store(AgentSession session, int spool, long leapsFrom, long first, RunResult.Builder... runs) {
        List<SpoolEntry> entries = new ArrayList<>();
        for (RunResult.Builder run : runs) {
            entries.add(ResultMapping.entry(SpoolRecord.newBuilder()
                    .setSequence(first + entries.size())
                    .setResult(run)
                    .build()));
        }
        Batch batch = new Batch(
                new Batch.Reporter(session.tenant(), session.agent(), session.location(), session.id()),
                new UUID(4, spool),
                Lane.LIVE,
                leapsFrom,
                entries);
        SessionInput done = tasks().store(new SessionEffect.Store(batch, 1), new SessionEnd(() -> false));
        assertThat(done).isInstanceOf(SessionInput.BatchDone.class);
        SessionInput.BatchDone known = (SessionInput.BatchDone) done;
        assertThat(known.lane()).isEqualTo(Lane.LIVE);
        assertThat(known.last()).isEqualTo(first + runs.length - 1);
        return known.outcome();
    }

    private static BatchOutcome stored(long through) {
        return new BatchOutcome.Stored(through, 0, List.of(), Map.of());
    }

    /** Of the nth second of the last minute. */
    private RunResult.Builder run(int second) {
        return at(now().minusSeconds(60 - second));
    }

    private RunResult.Builder at(Instant moment) {
        Timestamp time =
                Timestamp.newBuilder().setSeconds(moment.getEpochSecond()).build();
        return RunResult.newBuilder()
                .setSeries(series().value())
                .setRevision(1)
                .setRunId(bytes(new UUID(moment.getEpochSecond(), 7)))
                .setScheduledAt(time)
                .setStartedAt(time)
                .setStatus(io.postwatch.proto.agent.v1.Status.STATUS_OK);
    }

    private static ByteString bytes(UUID id) {
        return ByteString.copyFrom(ByteBuffer.allocate(16)
                .putLong(id.getMostSignificantBits())
                .putLong(id.getLeastSignificantBits())
                .array());
    }
}
