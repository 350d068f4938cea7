package io.postwatch.agent.link;

import static org.assertj.core.api.Assertions.assertThat;

import io.postwatch.agent.spool.Lane;
import io.postwatch.proto.agent.v1.Ack;
import io.postwatch.proto.agent.v1.ControllerMessage;
import io.postwatch.proto.agent.v1.Welcome;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** After hours of an outage thousands of agents bring back-fill, and each batch waits in the controller for its turn. */
class BackFillPaceTest {

    private static final Duration SOON = Duration.ofSeconds(2);
    private static final Duration LATE = SOON.plusMillis(1);

    private final List<Integer> batches = new ArrayList<>();
    private long now = 1_000_000_000_000L;
    private SessionState state = SessionRules.step(
                    new SessionState.AwaitingWelcome(now),
                    new SessionEvent.Said(
                            ControllerMessage.newBuilder()
                                    .setWelcome(Welcome.getDefaultInstance())
                                    .build(),
                            0.5),
                    now)
            .state();
    private long sent;

    @Test
    void theFirstBatchOfASessionIsSmallAndTheyGrowForAsLongAsTheyAreStoredSoon() {
        for (int batch = 0; batch < 6; batch++) {
            sendAndHearAfter(SOON);
        }
        assertThat(batches).containsExactly(20, 40, 80, 160, 250, 250);
    }

    @Test
    void batchesThatWaitForLongGetSmallerAgain() {
        for (int batch = 0; batch < 3; batch++) {
            sendAndHearAfter(SOON);
        }
        for (int batch = 0; batch < 5; batch++) {
            sendAndHearAfter(LATE);
        }
        assertThat(batches).containsExactly(20, 40, 80, 160, 80, 40, 20, 20);
    }

    @Test
    void anAckOfWhatTheSessionBeforeSentSaysNothingOfTheWait() {
        acked(7);
        sent = 7;
        sendAndHearAfter(SOON);
        assertThat(batches).containsExactly(20);
    }

    @Test
    void whereAPartIsStoredTheRestIsWaitedFor() {
        send();
        acked(sent - 1);
        send();
        now += LATE.toNanos();
        acked(sent);
        send();
        assertThat(batches).containsExactly(20, 20);
    }

    private void sendAndHearAfter(Duration wait) {
        send();
        now += wait.toNanos();
        acked(sent);
    }

    private void send() {
        for (SessionEffect effect : step(new SessionEvent.Sendable())) {
            if (effect instanceof SessionEffect.SendRows(var lane, var after, var most) && lane == Lane.BACK_FILL) {
                assertThat(after).isEqualTo(sent);
                batches.add(most);
                sent += most;
                step(new SessionEvent.RowsSent(Lane.BACK_FILL, sent));
            }
        }
    }

    private void acked(long through) {
        Ack ack = Ack.newBuilder()
                .setLane(io.postwatch.proto.agent.v1.Lane.LANE_BACK_FILL)
                .setThroughSequence(through)
                .build();
        step(new SessionEvent.Said(ControllerMessage.newBuilder().setAck(ack).build(), 0.5));
    }

    private List<SessionEffect> step(SessionEvent event) {
        SessionRules.Step step = SessionRules.step(state, event, now);
        state = step.state();
        return step.effects();
    }
}
