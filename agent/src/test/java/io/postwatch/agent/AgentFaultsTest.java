package io.postwatch.agent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.grpc.Status;
import io.postwatch.agent.authority.TestAuthority;
import io.postwatch.agent.identity.Credentials;
import io.postwatch.agent.link.Conversation;
import io.postwatch.agent.link.Relay;
import io.postwatch.agent.link.ScriptedController;
import io.postwatch.proto.agent.v1.AgentMessage;
import io.postwatch.proto.agent.v1.Assignment;
import io.postwatch.proto.agent.v1.Check;
import io.postwatch.proto.agent.v1.ControllerMessage;
import io.postwatch.proto.agent.v1.Drain;
import io.postwatch.proto.agent.v1.RejectedAssignment;
import io.postwatch.proto.agent.v1.RejectionReason;
import io.postwatch.proto.agent.v1.Snapshot;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What can happen to a session, and what it costs: no result, no assignment, and nobody's patience. */
class AgentFaultsTest extends AgentTestCase {

    private static final long AT = 1_700_000_000L;

    @Test
    void aConnectionThatIsDeadWithoutAWordIsNoticed() throws Exception {
        Relay relay = startBehindRelay();
        Conversation first = connectedWith(anAssignment(1, 10).build());
        relay.goDead();

        Conversation second = controller.session(2);
        trigger(second, 1, 10, AT);
        awaitRows(1);
        assertThat(first.isOver()).isFalse();
        assertThat(second.hello().getAppliedRevision()).isEqualTo(1);
    }

    @Test
    void aControllerThatWasStoppedForAWhileAndGoesOnDoublesNothing() throws Exception {
        Relay relay = startBehindRelay();
        Conversation first = connectedWith(anAssignment(1, 10).build());
        controller.ack(false);
        trigger(first, 1, 10, AT);
        awaitRows(1);
        relay.goDead();
        trigger(first, 1, 10, AT + 1);
        controller.ack(true);
        Conversation second = controller.session(2);
        trigger(second, 1, 10, AT + 2);
        awaitRows(2);

        relay.goOn();
        await().until(first::isOver);
        trigger(second, 1, 10, AT + 3);
        assertThat(scheduledSeconds(awaitRows(3))).containsExactlyInAnyOrder(AT, AT + 2, AT + 3);
        assertThat(second.isOver()).isFalse();
        assertThat(controller.conversations()).hasSize(2);
    }

    @Test
    void aSessionThatMovesToAnotherControllerTakesWithItWhatIsNotStored() throws Exception {
        Relay relay = startBehindRelay();
        Conversation first = connectedWith(anAssignment(1, 10).build());
        try (ScriptedController other = new ScriptedController(authority)) {
            other.knowAgentsOf(controller);
            controller.ack(false);
            trigger(first, 1, 10, AT);
            awaitRows(1);
            relay.leadTo(other.address().port());
            first.say(ControllerMessage.newBuilder()
                    .setDrain(Drain.newBuilder()
                            .setWithin(com.google.protobuf.Duration.newBuilder().setNanos(200_000_000)))
                    .build());

            Conversation second = other.session(1);
            await().until(() -> other.rows().size() == 1);
            assertThat(first.isOver()).isTrue();
            assertThat(second.hello().getAppliedRevision()).isEqualTo(1);
            trigger(second, 1, 10, AT + 1);
            await().until(() -> other.rows().size() == 2);
            assertThat(controller.conversations()).hasSize(1);
        }
    }

    @Test
    void aStreamThatTheControllerEndsInGoodOrderIsOpenedAgain() throws Exception {
        start();
        Conversation first = connectedWith(anAssignment(1, 10).build());
        first.hangUp();
        Conversation second = controller.session(2);
        trigger(second, 1, 10, AT);
        awaitRows(1);
    }

    @Test
    void aControllerThatAnswersEveryHelloWithAnErrorIsNotCalledInALoop() throws Exception {
        int attempts = 12;
        startOn(home.resolve("state"), enrol(), new LatestDraw());
        Conversation first = connectedWith(anAssignment(1, 10).build());
        controller.answerHellosWith(Status.INTERNAL.withDescription("bug"));
        first.breakOff();
        await().atMost(Duration.ofSeconds(30))
                .until(() -> controller.conversations().size() > attempts);

        List<Conversation> all = controller.conversations();
        // The limits of the back-off here are 50, 100, 200, 200 … ms, and the draw is always the limit.
        for (int i = 4; i < attempts; i++) {
            assertThat(Duration.ofNanos(all.get(i).beganNanos() - all.get(i - 1).beganNanos()))
                    .as("pause before attempt %d", i)
                    .isGreaterThanOrEqualTo(Duration.ofMillis(195));
        }
        assertThat(controller.mostConnections()).isLessThanOrEqualTo(2);
        controller.answerHellosWith(null);
        Conversation healed = controller.session(2);
        trigger(healed, 1, 10, AT);
        awaitRows(1);
    }

    @Test
    void aPlatformThatLostItsDatabaseTakesNoWorkFromARunningAgent() throws Exception {
        Relay relay = startBehindRelay();
        connectedWith(soon(1));
        try (ScriptedController empty = new ScriptedController(authority);
                ScriptedController foreign = new ScriptedController(new TestAuthority("another platform"))) {
            relay.leadTo(empty.address().port());
            controller.conversations().getFirst().breakOff();
            await().until(() -> empty.conversations().size() > 2);
            runsOn();
            relay.leadTo(foreign.address().port());
            runsOn();
            assertThat(empty.rows()).isEmpty();

            relay.leadTo(controller.address().port());
            controller.session(2);
            await().atMost(Duration.ofSeconds(20)).until(() -> controller.rows().size() >= 2);
            assertThat(controller.session(2).hello().getAppliedRevision()).isEqualTo(1);
        }
    }

    @Test
    void halfASnapshotIsWorthNothingInTheNextSession() throws Exception {
        start();
        Conversation first = connectedWith(anAssignment(1, 10).build());
        List<Assignment> whole =
                List.of(anAssignment(2, 10).build(), anAssignment(3, 10).build());
        first.say(part(0, whole));
        first.breakOff();
        Conversation second = controller.session(2);
        second.say(part(1, whole));

        AgentMessage wanted = second.await(AgentMessage::hasSnapshotWanted);
        assertThat(wanted.getSnapshotWanted().getAppliedRevision()).isEqualTo(1);
        trigger(second, 1, 10, AT);
        awaitRows(1);
    }

    /** Of revision 5, of which there are two. */
    private static ControllerMessage part(int number, List<Assignment> whole) {
        return ControllerMessage.newBuilder()
                .setSnapshot(Snapshot.newBuilder()
                        .setRevision(5)
                        .setPart(number)
                        .setLast(number == 1)
                        .addAssignments(whole.get(number))
                        .setHash(ScriptedController.hash(whole)))
                .build();
    }

    @Test
    void ofWhatANewerControllerSaysTheRestIsDone() throws Exception {
        start();
        Conversation session = controller.session(1);
        ControllerMessage news = ControllerMessage.parseFrom(new byte[] {(byte) 0xfa, 0x3f, 1, 7});
        // A protocol that this agent doesn't know: field 1000 of Check.
        Check unknown = Check.parseFrom(
                aCheck().clearSmtp().build().toByteString().concat(com.google.protobuf.ByteString.copyFrom(new byte[] {
                    (byte) 0xc2, 0x3e, 0
                })));
        assertThat(unknown.getUnknownFields().asMap()).isNotEmpty();
        session.say(news);
        session.say(ScriptedController.snapshot(
                3,
                List.of(
                        anAssignment(1, 10).build(),
                        anAssignment(2, 10).setCheck(unknown).build(),
                        anAssignment(3, 10)
                                .setCheck(aCheck().setSecurityValue(99))
                                .build())));
        session.say(news);

        AgentMessage applied = session.await(AgentMessage::hasApplied);
        assertThat(applied.getApplied().getRejectedList())
                .extracting(RejectedAssignment::getSeries, RejectedAssignment::getReason)
                .containsExactly(
                        org.assertj.core.api.Assertions.tuple(2L, RejectionReason.REJECTION_REASON_UNSUPPORTED),
                        org.assertj.core.api.Assertions.tuple(3L, RejectionReason.REJECTION_REASON_UNSUPPORTED));
        assertThat(applied.getApplied().getRejectedList())
                .allSatisfy(rejected -> assertThat(rejected.getMessage()).isNotBlank());
        trigger(session, 1, 10, AT);
        awaitRows(1);
        assertThat(controller.conversations()).hasSize(1);
    }

    @Test
    void anAgentThatWaitsForARenewalStopsAtOnce() throws Exception {
        controller.issueCertificates(Instant.now().minusSeconds(3600), Duration.ofMinutes(30));
        Credentials expired = enrol();
        controller.answerNoCalls();
        Agent agent = startOn(home.resolve("state"), expired);
        await().until(() -> controller.unansweredCalls() > 0);

        long began = System.nanoTime();
        close(agent);
        // An answer is waited for up to 30 s otherwise.
        assertThat(Duration.ofNanos(System.nanoTime() - began)).isLessThan(Duration.ofSeconds(12));
    }

    private Relay startBehindRelay() throws Exception {
        Relay relay = new Relay(controller.address().port());
        opened.add(relay);
        startOn(home.resolve("state"), enrol().withController(relay.address()));
        return relay;
    }

    /** Due every ten seconds. */
    private static Assignment soon(long series) {
        return anAssignment(series, 10)
                .setPeriod(com.google.protobuf.Duration.newBuilder().setSeconds(10))
                .setAnchor(com.google.protobuf.Duration.newBuilder()
                        .setSeconds((Instant.now().getEpochSecond() + 2) % 10))
                .build();
    }

    private void runsOn() {
        int before = probed.size();
        await().atMost(Duration.ofSeconds(25)).until(() -> probed.size() > before);
    }

    /** Draws the longest wait each time. */
    private static final class LatestDraw extends SecureRandom {

        private static final long serialVersionUID = 1;

        @Override
        public double nextDouble() {
            return 0.999_999;
        }
    }
}
