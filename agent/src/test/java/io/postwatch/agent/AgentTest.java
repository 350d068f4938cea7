package io.postwatch.agent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.google.protobuf.ByteString;
import io.postwatch.agent.link.AgentProofs;
import io.postwatch.agent.link.Conversation;
import io.postwatch.agent.link.ScriptedController;
import io.postwatch.agent.probe.ConnectAttempt;
import io.postwatch.agent.probe.NetworkFindings;
import io.postwatch.agent.probe.ProbeResult;
import io.postwatch.agent.probe.Status;
import io.postwatch.agent.probe.Transcript;
import io.postwatch.agent.probe.failure.Failure;
import io.postwatch.agent.probe.failure.FailureCode;
import io.postwatch.agent.probe.sasl.Login;
import io.postwatch.agent.probe.time.Phase;
import io.postwatch.agent.selfcheck.EgressHosts;
import io.postwatch.proto.agent.v1.AgentMessage;
import io.postwatch.proto.agent.v1.Assignment;
import io.postwatch.proto.agent.v1.AuthMechanism;
import io.postwatch.proto.agent.v1.CheckType;
import io.postwatch.proto.agent.v1.ControllerMessage;
import io.postwatch.proto.agent.v1.Delta;
import io.postwatch.proto.agent.v1.Drain;
import io.postwatch.proto.agent.v1.Goodbye;
import io.postwatch.proto.agent.v1.GoodbyeReason;
import io.postwatch.proto.agent.v1.RejectionReason;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** An agent in its sessions: what it is told to do, and how it comes and goes. */
class AgentTest extends AgentTestCase {

    @Test
    void helloTellsWhoWhatAndWhere() throws Exception {
        start();
        Conversation session = controller.session(1);
        assertThat(session.hello().getVersion()).isEqualTo("1.2.3");
        assertThat(session.hello().getCapabilities().getCheckTypesList())
                .containsExactlyInAnyOrder(
                        CheckType.CHECK_TYPE_SMTP, CheckType.CHECK_TYPE_IMAP, CheckType.CHECK_TYPE_POP3);
        assertThat(session.hello().getCapabilities().getPublicAddressesOnly())
                .as("it reaches private addresses too")
                .isFalse();
        assertThat(session.hello().getCapabilities().getAuthMechanismsList())
                .containsExactlyInAnyOrder(
                        AuthMechanism.AUTH_MECHANISM_PLAIN,
                        AuthMechanism.AUTH_MECHANISM_LOGIN,
                        AuthMechanism.AUTH_MECHANISM_CRAM_MD5,
                        AuthMechanism.AUTH_MECHANISM_SCRAM_SHA_1,
                        AuthMechanism.AUTH_MECHANISM_SCRAM_SHA_256,
                        AuthMechanism.AUTH_MECHANISM_XOAUTH2,
                        AuthMechanism.AUTH_MECHANISM_OAUTHBEARER);
        assertThat(session.hello().getAppliedHash()).isEqualTo(ByteString.EMPTY);
        assertThat(session.hello().getSpoolId().size()).isEqualTo(16);
        assertThat(session.hello().getBootId().size()).isEqualTo(16);
        session.await(AgentMessage::hasHeartbeat);
    }

    @Test
    void theHeartbeatNamesThePortsThatAreBlockedForTheAgent() throws Exception {
        egress = new EgressHosts(List.of(EgressHosts.Host.of("mx.example.net")));
        probe.set((request, deadline) -> silence());
        start();
        Conversation session = controller.session(1);
        AgentMessage beat = session.await(
                message -> message.hasHeartbeat() && message.getHeartbeat().getBlockedPortsCount() > 0);
        assertThat(beat.getHeartbeat().getBlockedPortsList()).containsExactly(25);
    }

    private static ProbeResult silence() {
        InetAddress address = InetAddress.ofLiteral("192.0.2.1");
        FailureCode code = FailureCode.CONNECT_TIMEOUT;
        ConnectAttempt attempt = new ConnectAttempt(address, Duration.ZERO, Duration.ofSeconds(5), code);
        return new ProbeResult(
                Status.ERROR,
                new Failure(code, Phase.CONNECT, "No answer.", ""),
                Duration.ofSeconds(5),
                List.of(),
                new NetworkFindings(List.of(address), List.of(), "", List.of(attempt), null, 25),
                null,
                null,
                "",
                List.of(),
                null,
                Transcript.EMPTY);
    }

    @Test
    void assignmentsAreAppliedChangedAndRefusedWithTheirReason() throws Exception {
        start();
        Conversation session = controller.session(1);
        Assignment good = anAssignment(1, 10).build();
        Assignment unknownType =
                anAssignment(2, 10).setCheck(aCheck().clearSmtp()).build();
        Assignment invalid =
                anAssignment(3, 10).setCheck(aCheck().setPort(65_536)).build();
        session.say(ScriptedController.snapshot(7, List.of(good, unknownType, invalid)));
        AgentMessage applied = session.await(AgentMessage::hasApplied);
        assertThat(applied.getApplied().getRevision()).isEqualTo(7);
        assertThat(applied.getApplied().getHash())
                .isEqualTo(ScriptedController.hash(List.of(good, unknownType, invalid)));
        assertThat(applied.getApplied().getRejectedList())
                .extracting(rejected -> rejected.getSeries() + " " + rejected.getReason())
                .containsExactly(
                        "2 " + RejectionReason.REJECTION_REASON_UNSUPPORTED,
                        "3 " + RejectionReason.REJECTION_REASON_INVALID);

        Assignment added = anAssignment(4, 11).build();
        session.say(ControllerMessage.newBuilder()
                .setDelta(Delta.newBuilder()
                        .setBaseRevision(7)
                        .setRevision(8)
                        .addAssigned(added)
                        .addWithdrawnSeries(2)
                        .addWithdrawnSeries(3)
                        .setHash(ScriptedController.hash(List.of(good, added))))
                .build());
        AgentMessage changed = session.await(
                message -> message.hasApplied() && message.getApplied().getRevision() == 8);
        assertThat(changed.getApplied().getRejectedCount()).isZero();
    }

    @Test
    void aGapOrAWrongHashAsksForASnapshotAndChangesNothing() throws Exception {
        start();
        Conversation session = controller.session(1);
        Assignment good = anAssignment(1, 10).build();
        session.say(ScriptedController.snapshot(7, List.of(good)));
        session.await(AgentMessage::hasApplied);
        session.say(ControllerMessage.newBuilder()
                .setDelta(Delta.newBuilder()
                        .setBaseRevision(8)
                        .setRevision(9)
                        .addWithdrawnSeries(1)
                        .setHash(ScriptedController.hash(List.of())))
                .build());
        AgentMessage wanted = session.await(AgentMessage::hasSnapshotWanted);
        assertThat(wanted.getSnapshotWanted().getAppliedRevision()).isEqualTo(7);
        trigger(session, 1, 10, 5000);
        awaitRows(1);
    }

    @Test
    void sealedCredentialsReachTheProbeAndNothingElse() throws Exception {
        start();
        Conversation session = controller.session(1);
        byte[] agent = session.hello().getAgentId().toByteArray();
        ByteString key = session.hello().getSealingKey();
        Assignment withLogin = anAssignment(1, 10)
                .setCheck(aCheck().setLogin(io.postwatch.proto.agent.v1.Login.getDefaultInstance()))
                .setSecret(AgentProofs.seal(key, agent, purpose(1), "user", PASSWORD))
                .build();
        Assignment ofAnother = withLogin.toBuilder().setSeries(2).build();
        session.say(ScriptedController.snapshot(3, List.of(withLogin, ofAnother)));
        AgentMessage applied = session.await(AgentMessage::hasApplied);
        assertThat(applied.getApplied().getRejectedList()).singleElement().satisfies(rejected -> {
            assertThat(rejected.getSeries()).isEqualTo(2);
            assertThat(rejected.getReason()).isEqualTo(RejectionReason.REJECTION_REASON_SECRET_UNREADABLE);
        });
        trigger(session, 1, 10, 1_700_000_000L);
        awaitRows(1);
        assertThat(probed.element().login()).isEqualTo(new Login("user", PASSWORD, null, false));
        try (Stream<Path> files = Files.list(home.resolve("state"))) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                assertThat(new String(Files.readAllBytes(file), StandardCharsets.ISO_8859_1))
                        .as(file.toString())
                        .doesNotContain(PASSWORD);
            }
        }
    }

    @Test
    void anEmptyStateFromTheControllerIsAppliedButABrokenControllerWipesNothing() throws Exception {
        start();
        Conversation first = connectedWith(anAssignment(1, 10).build());
        first.breakOff();
        Conversation second = controller.session(2);
        assertThat(second.hello().getAppliedRevision()).isEqualTo(1);
        trigger(second, 1, 10, 1_700_000_000L);
        awaitRows(1);
    }

    @Test
    void aDrainingControllerIsLeftWithinTheTimeItGave() throws Exception {
        start();
        Conversation first = controller.session(1);
        first.say(ControllerMessage.newBuilder()
                .setDrain(Drain.newBuilder()
                        .setWithin(com.google.protobuf.Duration.newBuilder().setNanos(300_000_000)))
                .build());
        controller.session(2);
        assertThat(first.isOver()).isTrue();
    }

    @Test
    void whatTheAgentDoesNotKnowIsIgnored() throws Exception {
        start();
        Conversation session = controller.session(1);
        session.say(ControllerMessage.getDefaultInstance());
        session.say(ControllerMessage.parseFrom(new byte[] {(byte) 0xfa, 0x3f, 1, 7}));
        session.say(ScriptedController.snapshot(1, List.of()));
        session.await(AgentMessage::hasApplied);
        assertThat(controller.conversations()).hasSize(1);
    }

    @Test
    void aControllerThatSaysGoodbyeIsCalledAgain() throws Exception {
        start();
        Conversation first = controller.session(1);
        first.say(ControllerMessage.newBuilder()
                .setGoodbye(Goodbye.newBuilder()
                        .setReason(GoodbyeReason.GOODBYE_REASON_STOPPING)
                        .setMessage("The controller stops."))
                .build());
        controller.session(2);
    }

    @Test
    void anErrorOnTheLinksThreadDoesNotEndIt() throws Exception {
        AtomicBoolean failing = new AtomicBoolean();
        startOn(home.resolve("state"), enrol(), new SecureRandom() {
            private static final long serialVersionUID = 1;

            @Override
            public double nextDouble() {
                if (Thread.currentThread().getName().equals("link") && failing.getAndSet(false)) {
                    throw new LinkageError("bug");
                }
                return super.nextDouble();
            }
        });
        Conversation first = controller.session(1);
        failing.set(true);
        first.breakOff();
        controller.session(2);
        assertThat(failing).isFalse();
    }

    @Test
    void stoppingSendsWhatThereIsAndSaysGoodbye() throws Exception {
        Agent agent = start();
        Conversation session = connectedWith(anAssignment(1, 10).build());
        trigger(session, 1, 10, 1_700_000_000L);
        await().until(() -> !probed.isEmpty());
        close(agent);
        assertThat(controller.rows()).hasSize(1);
        assertThat(session.await(AgentMessage::hasGoodbye).getGoodbye().getReason())
                .isEqualTo(GoodbyeReason.GOODBYE_REASON_STOPPING);
    }
}
