package io.postwatch.agent.link.mapping;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.ByteString;
import io.postwatch.agent.assignment.AssignedItem;
import io.postwatch.agent.assignment.Assignment;
import io.postwatch.agent.assignment.Check;
import io.postwatch.agent.assignment.DesiredState;
import io.postwatch.agent.assignment.LoginPlan;
import io.postwatch.agent.assignment.MonitorId;
import io.postwatch.agent.assignment.RejectionReason;
import io.postwatch.agent.assignment.SealedSecret;
import io.postwatch.agent.assignment.SeriesId;
import io.postwatch.agent.probe.ConnectAttempt;
import io.postwatch.agent.probe.Expectations;
import io.postwatch.agent.probe.NetworkFindings;
import io.postwatch.agent.probe.ProbeResult;
import io.postwatch.agent.probe.ProtocolOptions;
import io.postwatch.agent.probe.Security;
import io.postwatch.agent.probe.Status;
import io.postwatch.agent.probe.Target;
import io.postwatch.agent.probe.Thresholds;
import io.postwatch.agent.probe.TlsFindings;
import io.postwatch.agent.probe.Transcript;
import io.postwatch.agent.probe.address.AddressFamily;
import io.postwatch.agent.probe.address.MailHost;
import io.postwatch.agent.probe.certificate.CapturedCertificate;
import io.postwatch.agent.probe.certificate.CertificateFindings;
import io.postwatch.agent.probe.certificate.CertificatePolicy;
import io.postwatch.agent.probe.certificate.CertificateVerdict;
import io.postwatch.agent.probe.certificate.ExpiryLimits;
import io.postwatch.agent.probe.failure.Failure;
import io.postwatch.agent.probe.failure.FailureCode;
import io.postwatch.agent.probe.sasl.AuthMechanism;
import io.postwatch.agent.probe.time.Phase;
import io.postwatch.agent.probe.time.PhaseTiming;
import io.postwatch.agent.schedule.FinishedRun;
import io.postwatch.proto.agent.v1.RunResult;
import io.postwatch.proto.agent.v1.RunTest;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class MappingTest {

    private static final ProtocolOptions SMTP = new ProtocolOptions.Smtp(null);
    private static final ProtocolOptions IMAP = new ProtocolOptions.Imap(null);

    @Test
    void aTestTakesOnlyASecretThatWasSealedForIt() throws AssignmentMapping.UnusableException {
        ByteString testId = ByteString.copyFrom(new byte[16]);
        RunTest without = RunTest.newBuilder()
                .setTestId(testId)
                .setCheck(io.postwatch.proto.agent.v1.Check.getDefaultInstance())
                .build();
        io.postwatch.proto.agent.v1.SealedSecret sealed = io.postwatch.proto.agent.v1.SealedSecret.newBuilder()
                .setPurpose(testId)
                .build();
        RunTest.Builder withLogin = without.toBuilder();
        withLogin.getCheckBuilder().setLogin(io.postwatch.proto.agent.v1.Login.getDefaultInstance());
        assertThat(AssignmentMapping.testSecret(without)).isNull();
        assertThat(AssignmentMapping.testSecret(
                        withLogin.clone().setSecret(sealed).build()))
                .isNotNull();
        RunTest ofASeries = withLogin
                .clone()
                .setSecret(sealed.toBuilder().setPurpose(ByteString.copyFrom(new byte[8])))
                .build();
        for (RunTest refused :
                List.of(withLogin.build(), without.toBuilder().setSecret(sealed).build(), ofASeries)) {
            assertThatThrownBy(() -> AssignmentMapping.testSecret(refused))
                    .isInstanceOf(AssignmentMapping.UnusableException.class);
        }
    }

    @Test
    void everyAssignmentComesBackFromTheWireAsItWas() throws AssignmentMapping.UnusableException {
        List<@Nullable LoginPlan> logins = new ArrayList<>();
        logins.add(null);
        logins.add(new LoginPlan(null, true));
        logins.add(new LoginPlan(AuthMechanism.PLAIN, false, true));
        logins.add(new LoginPlan(AuthMechanism.LOGIN, false));
        long series = 0;
        for (ProtocolOptions type : List.of(SMTP, IMAP, new ProtocolOptions.Pop3())) {
            for (Security security : Security.values()) {
                for (AddressFamily family : AddressFamily.values()) {
                    for (LoginPlan login : logins) {
                        Assignment assignment = assignment(++series, type, security, family, login);
                        assertThat(AssignmentMapping.assignment(AssignmentMapping.wire(assignment)))
                                .isEqualTo(assignment);
                    }
                }
            }
        }
    }

    @Test
    void theStateOnDiskKeepsWhatIsRunAndWhatIsNot() throws IOException {
        AssignedItem.Rejected rejected =
                new AssignedItem.Rejected(new SeriesId(9), 4, RejectionReason.UNSUPPORTED, "Not known here.");
        DesiredState state = DesiredState.of(
                42,
                List.of(
                        new AssignedItem.Accepted(
                                assignment(1, IMAP, Security.TLS, AddressFamily.ANY, new LoginPlan(null, false))),
                        rejected));
        WireStateCodec codec = new WireStateCodec("1.0", MappingTest::opens);
        assertThat(codec.decode(codec.encode(state))).isEqualTo(state);
        DesiredState byAnotherVersion = new WireStateCodec("1.1", MappingTest::opens).decode(codec.encode(state));
        assertThat(byAnotherVersion.rejected()).isEmpty();
        assertThat(byAnotherVersion.assignments()).hasSize(1);
        assertThat(byAnotherVersion.hash()).isNotEqualTo(state.hash());
    }

    @Test
    void whatAnAgentWithOtherSecretsWouldRejectIsLeftOutOfItsCopy() throws IOException {
        AssignedItem plain = new AssignedItem.Accepted(assignment(1, IMAP, Security.TLS, AddressFamily.ANY, null));
        AssignedItem signsIn = new AssignedItem.Accepted(
                assignment(2, IMAP, Security.TLS, AddressFamily.ANY, new LoginPlan(null, false)));
        DesiredState state = DesiredState.of(7, List.of(plain, signsIn));
        byte[] copy = new WireStateCodec("1.0 alice", MappingTest::opens).encode(state);

        DesiredState without = new WireStateCodec("1.0", (secret, check) -> {
                    throw new GeneralSecurityException("gone");
                })
                .decode(copy);

        assertThat(without.items().values()).containsExactly(plain);
        assertThat(without.hash()).as("so that a snapshot is sent").isNotEqualTo(state.hash());
    }

    @ParameterizedTest
    @EnumSource(FailureCode.class)
    void everyFailureCodeHasItsNumberWithItsCategory(FailureCode code) {
        Status status = code.category().tellsOfTarget() ? Status.ERROR : Status.NO_DATA;
        RunResult result = ResultMapping.run(finished(new ProbeResult(
                status,
                new Failure(code, Phase.CONNECT, "It failed.", "421 no"),
                Duration.ofMillis(7),
                List.of(),
                null,
                null,
                null,
                "",
                List.of(),
                null,
                Transcript.EMPTY)));
        assertThat(result.getFailure().getCode().name()).isEqualTo("FAILURE_CODE_" + code.name());
        assertThat(result.getFailure().getCategory().name())
                .isEqualTo("FAILURE_CATEGORY_" + code.category().name());
        assertThat(result.getFailure().getMessage()).isEqualTo("It failed.");
        assertThat(result.getFailure().getServerReply()).isEqualTo("421 no");
        assertThat(result.getStatus().name()).isEqualTo("STATUS_" + status.name());
    }

    @ParameterizedTest
    @EnumSource(Phase.class)
    void everyPhaseHasItsNumber(Phase phase) {
        assertThat(ResultMapping.phase(phase).name()).isEqualTo("PHASE_" + phase.name());
    }

    @Test
    void aFullResultArrivesWhole() throws IOException {
        CapturedCertificate leaf = CapturedCertificate.of(new byte[] {1});
        InetAddress v4 = InetAddress.ofLiteral("192.0.2.1");
        InetAddress v6 = InetAddress.ofLiteral("2001:db8::1");
        FinishedRun run = finished(new ProbeResult(
                Status.WARNING,
                new Failure(FailureCode.EXPIRES_SOON, null, "Five days are left.", ""),
                Duration.ofMillis(123),
                List.of(new PhaseTiming(Phase.RESOLVE, Duration.ZERO, Duration.ofNanos(1_500_000))),
                new NetworkFindings(
                        List.of(v6, v4),
                        List.of("mx.example.net"),
                        "192.0.2.53",
                        List.of(
                                new ConnectAttempt(
                                        v6, Duration.ofMillis(2), Duration.ofMillis(1), FailureCode.CONNECTION_REFUSED),
                                new ConnectAttempt(v4, Duration.ofMillis(3), Duration.ofMillis(1), null)),
                        v4,
                        993),
                new TlsFindings("TLSv1.3", "TLS_AES_128_GCM_SHA256"),
                new CertificateFindings(
                        List.of(leaf),
                        List.of(new CertificateVerdict(FailureCode.EXPIRES_SOON, 0, "Soon.")),
                        Instant.parse("2026-12-01T00:00:00Z"),
                        5,
                        ExpiryLimits.Reached.WARNING),
                "* OK ready",
                List.of("IMAP4rev1"),
                AuthMechanism.PLAIN,
                new Transcript(
                        List.of(new Transcript.Line(Duration.ofMillis(9), Transcript.Direction.SERVER, "* OK ready")),
                        3)));
        RunResult result = RunResult.parseFrom(ResultMapping.run(run).toByteArray());
        assertThat(result.getSeries()).isEqualTo(8);
        assertThat(result.getRevision()).isEqualTo(3);
        assertThat(WireValues.uuid(result.getRunId())).isEqualTo(run.runId());
        assertThat(WireValues.instant(result.getScheduledAt())).isEqualTo(run.scheduledAt());
        assertThat(WireValues.instant(result.getStartedAt())).isEqualTo(run.startedAt());
        assertThat(WireValues.duration(result.getTotal())).isEqualTo(Duration.ofMillis(123));
        assertThat(result.getFailure().getPhaseValue()).isZero();
        assertThat(WireValues.duration(result.getPhases(0).getDuration())).isEqualTo(Duration.ofNanos(1_500_000));
        assertThat(result.getNetwork().getResolved(0).size()).isEqualTo(16);
        assertThat(result.getNetwork().getResolved(1).toByteArray()).isEqualTo(v4.getAddress());
        assertThat(result.getNetwork().getAliasesList()).containsExactly("mx.example.net");
        assertThat(result.getNetwork().getResolver()).isEqualTo("192.0.2.53");
        assertThat(result.getNetwork().getAttempts(0).getFailure().name()).isEqualTo("FAILURE_CODE_CONNECTION_REFUSED");
        assertThat(result.getNetwork().getAttempts(1).getFailureValue()).isZero();
        assertThat(result.getNetwork().getRemoteAddress().toByteArray()).isEqualTo(v4.getAddress());
        assertThat(result.getNetwork().getRemotePort()).isEqualTo(993);
        assertThat(result.getTls().getCipher()).isEqualTo("TLS_AES_128_GCM_SHA256");
        assertThat(result.getCertificate().getChain(0).toByteArray())
                .isEqualTo(leaf.fingerprint().bytes());
        assertThat(result.getCertificate().getVerdicts(0).getMessage()).isEqualTo("Soon.");
        assertThat(result.getCertificate().getDaysLeft()).isEqualTo(5);
        assertThat(result.getGreeting()).isEqualTo("* OK ready");
        assertThat(result.getCapabilitiesList()).containsExactly("IMAP4rev1");
        assertThat(result.getAuthMechanism().name()).isEqualTo("AUTH_MECHANISM_PLAIN");
        assertThat(result.getTranscript().getLines(0).getDirection().name()).isEqualTo("DIRECTION_SERVER");
        assertThat(result.getTranscript().getDiscardedBytes()).isEqualTo(3);
        assertThat(result.getClockSuspect()).isTrue();
        assertThat(result.getTriggered()).isFalse();
    }

    private static FinishedRun finished(ProbeResult result) {
        return new FinishedRun(
                new SeriesId(8),
                3,
                new UUID(1, 2),
                Instant.parse("2026-11-22T10:00:00Z"),
                Instant.parse("2026-11-22T10:00:00.004Z"),
                result,
                true,
                false);
    }

    private static Assignment assignment(
            long series, ProtocolOptions type, Security security, AddressFamily family, @Nullable LoginPlan login) {
        return new Assignment(
                new SeriesId(series),
                7,
                new MonitorId(new UUID(3, series)),
                2,
                Duration.ofSeconds(60),
                Duration.ofMillis(1234),
                new Check(
                        type,
                        new Target(new MailHost("mail.example.org"), 993, security, family),
                        login,
                        new Thresholds(Duration.ofSeconds(8), series % 2 == 0 ? Duration.ofSeconds(20) : null),
                        new CertificatePolicy(21, 7, true),
                        Expectations.NONE,
                        null,
                        Duration.ofSeconds(30)),
                login == null
                        ? null
                        : new SealedSecret(
                                new byte[] {1},
                                new byte[] {2, 3},
                                ByteBuffer.allocate(Long.BYTES).putLong(series).array()));
    }

    private static void opens(SealedSecret secret, Check check) {
        assertThat(check.login()).isNotNull();
    }
}
