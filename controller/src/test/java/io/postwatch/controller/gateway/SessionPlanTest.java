package io.postwatch.controller.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import io.postwatch.controller.assignment.DesiredState;
import io.postwatch.controller.assignment.PlanChange;
import io.postwatch.controller.assignment.RunOrder;
import io.postwatch.controller.shared.id.SeriesId;
import io.postwatch.proto.agent.v1.AgentMessage;
import io.postwatch.proto.agent.v1.Applied;
import io.postwatch.proto.agent.v1.ControllerMessage.MessageCase;
import io.postwatch.proto.agent.v1.Heartbeat;
import io.postwatch.proto.agent.v1.SnapshotWanted;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** What an agent is told of its plan, and when: deltas, snapshots, and runs that wait for one. */
class SessionPlanTest extends SteppedSessionTest {
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

    private static AgentMessage.Builder snapshotWanted() {
        return AgentMessage.newBuilder()
                .setSnapshotWanted(SnapshotWanted.newBuilder().setReason("gap"));
    }

    private static AgentMessage.Builder beat() {
        return AgentMessage.newBuilder().setHeartbeat(Heartbeat.getDefaultInstance());
    }
}
