package io.postwatch.agent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.google.protobuf.ByteString;
import com.google.protobuf.Timestamp;
import io.postwatch.agent.authority.TestAuthority;
import io.postwatch.agent.disk.PrivateFolder;
import io.postwatch.agent.identity.AgentId;
import io.postwatch.agent.identity.ControllerAddress;
import io.postwatch.agent.identity.Credentials;
import io.postwatch.agent.identity.IdentityStore;
import io.postwatch.agent.link.AgentFacts;
import io.postwatch.agent.link.Backoff;
import io.postwatch.agent.link.Enrolment;
import io.postwatch.agent.link.RefusedException;
import io.postwatch.agent.link.ScriptedController;
import io.postwatch.agent.link.ScriptedController.Conversation;
import io.postwatch.agent.link.ScriptedController.Row;
import io.postwatch.agent.probe.Probe;
import io.postwatch.agent.probe.ProbeRequest;
import io.postwatch.agent.probe.ProbeResult;
import io.postwatch.agent.probe.Status;
import io.postwatch.agent.probe.Transcript;
import io.postwatch.agent.probe.certificate.CapturedCertificate;
import io.postwatch.agent.probe.certificate.CertificateFindings;
import io.postwatch.agent.probe.sasl.Login;
import io.postwatch.agent.schedule.ScheduleLimits;
import io.postwatch.agent.spool.SpoolBounds;
import io.postwatch.proto.agent.v1.AgentMessage;
import io.postwatch.proto.agent.v1.Assignment;
import io.postwatch.proto.agent.v1.CertificateWanted;
import io.postwatch.proto.agent.v1.Check;
import io.postwatch.proto.agent.v1.ControllerMessage;
import io.postwatch.proto.agent.v1.Delta;
import io.postwatch.proto.agent.v1.Drain;
import io.postwatch.proto.agent.v1.Goodbye;
import io.postwatch.proto.agent.v1.GoodbyeReason;
import io.postwatch.proto.agent.v1.Lane;
import io.postwatch.proto.agent.v1.RejectedRow;
import io.postwatch.proto.agent.v1.RejectionReason;
import io.postwatch.proto.agent.v1.RowRejection;
import io.postwatch.proto.agent.v1.RunResult;
import io.postwatch.proto.agent.v1.RunTest;
import io.postwatch.proto.agent.v1.Security;
import io.postwatch.proto.agent.v1.SmtpCheck;
import io.postwatch.proto.agent.v1.TriggeredRun;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A whole agent, but for its prober, against a scripted controller over real TLS on loopback. */
@Timeout(60)
class AgentTest {

    private static final CapturedCertificate CERTIFICATE =
            CapturedCertificate.of("not quite DER".getBytes(StandardCharsets.US_ASCII));
    private static final String PASSWORD = "correct-horse-battery";

    @TempDir
    Path home;

    private final TestAuthority authority = new TestAuthority("platform");
    private final ConcurrentLinkedQueue<ProbeRequest> probed = new ConcurrentLinkedQueue<>();
    private final AtomicReference<Probe> probe = new AtomicReference<>((request, deadline) -> {
        probed.add(request);
        return result();
    });
    private final List<AutoCloseable> opened = new ArrayList<>();
    private ScriptedController controller;

    @BeforeEach
    void open() throws IOException, GeneralSecurityException {
        controller = new ScriptedController(authority);
    }

    @AfterEach
    void close() throws Exception {
        for (AutoCloseable each : opened.reversed()) {
            each.close();
        }
        controller.close();
    }

    @Test
    void aTokenMakesAHostAnAgentAndTheSameHostTheSameAgent() throws Exception {
        Credentials first = enrol();
        assertThat(first.agentName()).isEqualTo("host-a");
        assertThat(first.locationName()).isEqualTo("Test Lab");
        Credentials second = enrol();
        assertThat(second.agent()).isEqualTo(first.agent());
        assertThat(controller.enrolledAgents()).isEqualTo(1);
    }

    @Test
    void aControllerOfAnotherPlatformNeverSeesTheToken() throws Exception {
        TestAuthority other = new TestAuthority("other");
        try (ScriptedController foreign = new ScriptedController(other, authority, 0)) {
            assertThatThrownBy(() -> enrolment().enrol(foreign.address(), foreign.token(), "host-a"))
                    .isInstanceOfSatisfying(
                            RefusedException.class,
                            refused -> assertThat(refused.isForGood()).isTrue())
                    .hasMessageContaining("not the platform's");
            assertThat(foreign.enrolledAgents()).isZero();
        }
    }

    @Test
    void anUnknownTokenIsRefusedForGoodAndAMissingControllerIsNot() throws Exception {
        ScriptedController sameAuthority = new ScriptedController(authority);
        ControllerAddress gone = sameAuthority.address();
        sameAuthority.close();
        assertThatThrownBy(() -> enrolment().enrol(gone, controller.token(), "host-a"))
                .isInstanceOfSatisfying(
                        RefusedException.class,
                        refused -> assertThat(refused.isForGood()).isFalse())
                .hasMessageContaining("refused");
        assertThatThrownBy(() -> enrolment()
                        .enrol(
                                controller.address(),
                                io.postwatch.agent.identity.EnrolmentToken.of(
                                        "123456789012345678901234".getBytes(StandardCharsets.US_ASCII),
                                        authority.keyHash()),
                                "host-a"))
                .isInstanceOfSatisfying(
                        RefusedException.class,
                        refused -> assertThat(refused.isForGood()).isTrue())
                .hasMessageContaining("unknown, used up or expired");
    }

    @Test
    void helloTellsWhoWhatAndWhere() throws Exception {
        start();
        Conversation session = controller.session(1);
        assertThat(session.hello().getVersion()).isEqualTo("1.2.3");
        assertThat(session.hello().getCapabilities().getCheckTypesCount()).isEqualTo(2);
        assertThat(session.hello().getCapabilities().getAuthMechanismsCount()).isEqualTo(2);
        assertThat(session.hello().getAppliedHash()).isEqualTo(ByteString.EMPTY);
        assertThat(session.hello().getSpoolId().size()).isEqualTo(16);
        assertThat(session.hello().getBootId().size()).isEqualTo(16);
        session.await(AgentMessage::hasHeartbeat);
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
    void aTriggeredRunComesBackWithItsKey() throws Exception {
        start();
        Conversation session = connectedWith(anAssignment(1, 10).build());
        trigger(session, 1, 10, 1_700_000_000L);
        RunResult result = awaitRows(1).getFirst().record().getResult();
        assertThat(result.getSeries()).isEqualTo(1);
        assertThat(result.getRevision()).isEqualTo(10);
        assertThat(result.getScheduledAt().getSeconds()).isEqualTo(1_700_000_000L);
        assertThat(result.getTriggered()).isTrue();
        assertThat(result.getClockSuspect()).isFalse();
        assertThat(result.getStatus()).isEqualTo(io.postwatch.proto.agent.v1.Status.STATUS_OK);
        assertThat(result.getRunId().size()).isEqualTo(16);
        assertThat(result.getCertificate().getChain(0).toByteArray())
                .isEqualTo(CERTIFICATE.fingerprint().bytes());
    }

    @Test
    void aWantedCertificateIsUploadedAndAnUnknownOneIsNot() throws Exception {
        start();
        Conversation session = connectedWith(anAssignment(1, 10).build());
        trigger(session, 1, 10, 1_700_000_000L);
        awaitRows(1);
        session.say(ControllerMessage.newBuilder()
                .setCertificateWanted(CertificateWanted.newBuilder()
                        .addFingerprints(ByteString.copyFrom(new byte[32]))
                        .addFingerprints(
                                ByteString.copyFrom(CERTIFICATE.fingerprint().bytes())))
                .build());
        assertThat(session.await(AgentMessage::hasCertificateUpload)
                        .getCertificateUpload()
                        .getCertificatesList())
                .containsExactly(ByteString.copyFrom(CERTIFICATE.der()));
    }

    @Test
    void sealedCredentialsReachTheProbeAndNothingElse() throws Exception {
        start();
        Conversation session = controller.session(1);
        byte[] agent = session.hello().getAgentId().toByteArray();
        ByteString key = session.hello().getSealingKey();
        Assignment withLogin = anAssignment(1, 10)
                .setCheck(aCheck().setLogin(io.postwatch.proto.agent.v1.Login.getDefaultInstance()))
                .setSecret(ScriptedController.seal(key, agent, purpose(1), "user", PASSWORD))
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
    void aTestAnswersWithItsChain() throws Exception {
        start();
        Conversation session = controller.session(1);
        ByteString testId = ByteString.copyFrom(new byte[] {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16});
        session.say(ControllerMessage.newBuilder()
                .setRunTest(RunTest.newBuilder().setTestId(testId).setCheck(aCheck()))
                .build());
        AgentMessage outcome = session.await(AgentMessage::hasTestOutcome);
        assertThat(outcome.getTestOutcome().getTestId()).isEqualTo(testId);
        assertThat(outcome.getTestOutcome().getResult().getStatus())
                .isEqualTo(io.postwatch.proto.agent.v1.Status.STATUS_OK);
        assertThat(outcome.getTestOutcome().getChainList()).containsExactly(ByteString.copyFrom(CERTIFICATE.der()));
        ByteString second = ByteString.copyFrom(new byte[16]);
        session.say(ControllerMessage.newBuilder()
                .setRunTest(RunTest.newBuilder().setTestId(second).setCheck(aCheck().setHost("no host")))
                .build());
        AgentMessage refused = session.await(message ->
                message.hasTestOutcome() && message.getTestOutcome().getTestId().equals(second));
        assertThat(refused.getTestOutcome().getResult().getStatus())
                .isEqualTo(io.postwatch.proto.agent.v1.Status.STATUS_NO_DATA);
        assertThat(controller.rows()).isEmpty();
    }

    @Test
    void whatWasStoredBeforeAConnectionBrokeIsNotSentAgainAndWhatWasLostIs() throws Exception {
        controller.ack(false);
        start();
        Conversation first = connectedWith(anAssignment(1, 10).build());
        for (int run = 0; run < 5; run++) {
            trigger(first, 1, 10, 1_700_000_000L + run);
        }
        awaitRows(5);
        controller.forget(Lane.LANE_LIVE, 3);
        controller.ack(true);
        first.breakOff();
        controller.session(2);
        List<Row> rows = awaitRows(5);
        assertThat(rows).extracting(Row::timesReceived).containsExactly(1, 1, 1, 1, 1);
        assertThat(scheduledSeconds(rows)).hasSize(5);
    }

    @Test
    void aDatabaseThatLostAckedRowsGetsThemAgain() throws Exception {
        start();
        Conversation first = connectedWith(anAssignment(1, 10).build());
        for (int run = 0; run < 5; run++) {
            trigger(first, 1, 10, 1_700_000_000L + run);
        }
        awaitRows(5);
        controller.forget(Lane.LANE_LIVE, 2);
        first.breakOff();
        assertThat(scheduledSeconds(awaitRows(5))).hasSize(5);
    }

    @Test
    void aKilledAgentGoesOnWithTheSameSpoolAndAssignmentsAndNothingIsDoubled() throws Exception {
        controller.ack(false);
        Agent agent = start();
        Conversation first = connectedWith(anAssignment(1, 10).build());
        for (int run = 0; run < 3; run++) {
            trigger(first, 1, 10, 1_700_000_000L + run);
        }
        awaitRows(3);
        // A copy of the files at this moment is what a kill -9 leaves.
        Path copy = copyState();
        close(agent);
        controller.ack(true);
        controller.forget(Lane.LANE_LIVE, 0);
        startOn(copy, enrolledCredentials(copy));
        Conversation second = controller.session(2);
        assertThat(second.hello().getSpoolId()).isEqualTo(first.hello().getSpoolId());
        assertThat(second.hello().getAppliedRevision()).isEqualTo(1);
        assertThat(second.hello().getAppliedHash())
                .isEqualTo(ScriptedController.hash(List.of(anAssignment(1, 10).build())));
        assertThat(second.hello().getBootId()).isNotEqualTo(first.hello().getBootId());
        trigger(second, 1, 10, 1_700_000_003L);
        List<Row> rows = awaitRows(4);
        assertThat(scheduledSeconds(rows)).hasSize(4);
        assertThat(rows).extracting(Row::timesReceived).containsOnly(1);
    }

    @Test
    void aRejectedRowIsSetAsideAndBlocksNothing() throws Exception {
        controller.ack(false);
        start();
        Conversation session = connectedWith(anAssignment(1, 10).build());
        trigger(session, 1, 10, 1_700_000_000L);
        awaitRows(1);
        session.say(ControllerMessage.newBuilder()
                .setRejectedRow(RejectedRow.newBuilder()
                        .setLane(Lane.LANE_LIVE)
                        .setSequence(1)
                        .setReason(RowRejection.ROW_REJECTION_UNKNOWN_SERIES)
                        .setMessage("Series 1 is not known."))
                .build());
        session.ack(Lane.LANE_LIVE, 1);
        controller.ack(true);
        trigger(session, 1, 10, 1_700_000_001L);
        awaitRows(2);
        session.await(message ->
                message.hasHeartbeat() && message.getHeartbeat().getLoad().getSpoolRows() == 0);
    }

    @Test
    void aControllerThatKnowsMoreThanWasSentMeetsANewNumbering() throws Exception {
        controller.ack(false);
        start();
        Conversation first = connectedWith(anAssignment(1, 10).build());
        trigger(first, 1, 10, 1_700_000_000L);
        awaitRows(1);
        byte[] spool = first.hello().getSpoolId().toByteArray();
        controller.forget(Lane.LANE_LIVE, 0);
        controller.pretend(spool, Lane.LANE_LIVE, 99);
        controller.ack(true);
        first.breakOff();
        await().atMost(Duration.ofSeconds(15))
                .until(() -> controller.rows().stream()
                        .anyMatch(row -> row.record().getResult().getSeries() == 1));
        Conversation last = controller.conversations().getLast();
        assertThat(last.hello().getSpoolId().toByteArray()).isNotEqualTo(spool);
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
    void anExpiredCertificateIsRenewedBeforeConnecting() throws Exception {
        controller.issueCertificates(Instant.now().minus(Duration.ofDays(30)), Duration.ofDays(7));
        Credentials expired = enrol();
        assertThat(expired.notAfter()).isBefore(Instant.now());
        controller.issueCertificates(Instant.now().minusSeconds(60), Duration.ofDays(7));
        startOn(home.resolve("state"), expired);
        controller.session(1);
        assertThat(controller.renewals()).isEqualTo(1);
        Credentials renewed = enrolledCredentials(home.resolve("state"));
        assertThat(renewed.key()).isNotEqualTo(expired.key());
        assertThat(renewed.agent()).isEqualTo(expired.agent());
        assertThat(renewed.notAfter()).isAfter(Instant.now());
    }

    @Test
    void aCertificateIsRenewedAtHalfLifeWithinTheSession() throws Exception {
        // Half of 20 s, give or take a tenth, is 8 to 12 s; 7 s of them have passed already.
        controller.issueCertificates(Instant.now().minusSeconds(7), Duration.ofSeconds(20));
        Credentials first = enrol();
        controller.issueCertificates(Instant.now().minusSeconds(60), Duration.ofDays(7));
        startOn(home.resolve("state"), first);
        controller.session(2);
        assertThat(controller.renewals()).isEqualTo(1);
        assertThat(controller.session(1).isOver()).isTrue();
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

    @Test
    void everyAgentHasItsOwnFolder() throws Exception {
        PrivateFolder folder = PrivateFolder.open(home.resolve("state"));
        try (PrivateFolder.Hold hold = folder.hold().orElseThrow()) {
            assertThat(hold).isNotNull();
            java.io.ByteArrayOutputStream errors = new java.io.ByteArrayOutputStream();
            int code = Main.commandLine(new java.io.PrintStream(errors, true, StandardCharsets.UTF_8))
                    .execute("run", "--state", home.resolve("state").toString());
            assertThat(code).isEqualTo(Main.MISCONFIGURED);
            assertThat(errors.toString(StandardCharsets.UTF_8)).contains("every agent needs its own");
        }
    }

    private Enrolment enrolment() throws IOException {
        return new Enrolment(identity(home.resolve("state")), "1.2.3");
    }

    private static IdentityStore identity(Path state) throws IOException {
        return new IdentityStore(PrivateFolder.open(state), new SecureRandom());
    }

    private Credentials enrol() throws IOException, RefusedException {
        return enrolment().enrol(controller.address(), controller.token(), "host-a");
    }

    private static Credentials enrolledCredentials(Path state) throws IOException {
        return identity(state).credentials().orElseThrow();
    }

    private Agent start() throws Exception {
        return startOn(home.resolve("state"), enrol());
    }

    private Agent startOn(Path state, Credentials credentials)
            throws IOException, SQLException, GeneralSecurityException {
        return startOn(state, credentials, new SecureRandom());
    }

    private Agent startOn(Path state, Credentials credentials, SecureRandom random)
            throws IOException, SQLException, GeneralSecurityException {
        Agent agent = Agent.start(
                new AgentConfiguration(
                        state,
                        null,
                        "host-a",
                        new ProbeConfiguration(
                                ProbeConfiguration.Reach.PRIVATE,
                                List.of(),
                                List.of(),
                                List.of(),
                                new io.postwatch.agent.probe.address.MailHost("host-a")),
                        SpoolBounds.DEFAULT,
                        new ScheduleLimits(100, 5, Duration.ZERO, Duration.ofSeconds(10), Duration.ofSeconds(5))),
                PrivateFolder.open(state),
                identity(state),
                credentials,
                new AgentFacts(
                        "1.2.3",
                        new UUID(random.nextLong(), random.nextLong()),
                        "host-a",
                        "Linux",
                        "amd64",
                        true,
                        false,
                        100),
                new Agent.Surroundings(
                        SystemClocks.wall(),
                        SystemClocks.monotonic(),
                        random,
                        (request, deadline) -> probe.get().run(request, deadline),
                        new Backoff(Duration.ofMillis(50), Duration.ofMillis(200))));
        opened.add(agent);
        return agent;
    }

    private void close(Agent agent) {
        opened.remove(agent);
        agent.close();
    }

    private Path copyState() throws IOException {
        Path copy = Files.createDirectory(home.resolve("copy"));
        try (Stream<Path> files = Files.list(home.resolve("state"))) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                Files.copy(file, copy.resolve(file.getFileName().toString()));
            }
        }
        return copy;
    }

    private Conversation connectedWith(Assignment... assignments) {
        Conversation session = controller.session(1);
        session.say(ScriptedController.snapshot(1, List.of(assignments)));
        session.await(AgentMessage::hasApplied);
        return session;
    }

    private static void trigger(Conversation session, long series, long revision, long second) {
        session.say(ControllerMessage.newBuilder()
                .setTriggeredRun(TriggeredRun.newBuilder()
                        .setSeries(series)
                        .setRevision(revision)
                        .setScheduledAt(Timestamp.newBuilder().setSeconds(second)))
                .build());
    }

    private List<Row> awaitRows(int count) {
        await().atMost(Duration.ofSeconds(15))
                .pollInterval(Duration.ofMillis(10))
                .until(() -> controller.rows().size() == count);
        return controller.rows();
    }

    private static Set<Long> scheduledSeconds(List<Row> rows) {
        Set<Long> seconds = new HashSet<>();
        rows.forEach(
                row -> seconds.add(row.record().getResult().getScheduledAt().getSeconds()));
        return seconds;
    }

    private static byte[] purpose(long series) {
        return ByteBuffer.allocate(8).putLong(series).array();
    }

    private static Check.Builder aCheck() {
        return Check.newBuilder()
                .setHost("mail.example.org")
                .setPort(25)
                .setSecurity(Security.SECURITY_STARTTLS)
                .setTimeout(com.google.protobuf.Duration.newBuilder().setSeconds(5))
                .setSmtp(SmtpCheck.getDefaultInstance());
    }

    /** Due in nearly a day, so that only triggered runs happen. */
    private static Assignment.Builder anAssignment(long series, long revision) {
        long sinceMidnight = Instant.now().getEpochSecond() % 86_400;
        return Assignment.newBuilder()
                .setSeries(series)
                .setRevision(revision)
                .setMonitorId(ByteString.copyFrom(new AgentId(new UUID(0, series)).bytes()))
                .setPeriod(com.google.protobuf.Duration.newBuilder().setSeconds(86_400))
                .setAnchor(com.google.protobuf.Duration.newBuilder().setSeconds((sinceMidnight + 80_000) % 86_400))
                .setCheck(aCheck());
    }

    private static ProbeResult result() {
        return new ProbeResult(
                Status.OK,
                null,
                Duration.ofMillis(5),
                List.of(),
                null,
                null,
                new CertificateFindings(List.of(CERTIFICATE), List.of(), Instant.parse("2027-01-01T00:00:00Z"), 40),
                "220 ready",
                List.of("STARTTLS"),
                null,
                Transcript.EMPTY);
    }
}
