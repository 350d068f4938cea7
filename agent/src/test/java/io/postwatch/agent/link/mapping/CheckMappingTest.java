package io.postwatch.agent.link.mapping;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.ByteString;
import io.postwatch.agent.assignment.Check;
import io.postwatch.agent.assignment.LoginPlan;
import io.postwatch.agent.assignment.RejectionReason;
import io.postwatch.agent.authority.TestAuthority;
import io.postwatch.agent.probe.Expectations;
import io.postwatch.agent.probe.Folder;
import io.postwatch.agent.probe.ProtocolOptions;
import io.postwatch.agent.probe.Security;
import io.postwatch.agent.probe.SlowLimits;
import io.postwatch.agent.probe.StopPoint;
import io.postwatch.agent.probe.Target;
import io.postwatch.agent.probe.Thresholds;
import io.postwatch.agent.probe.TlsVersion;
import io.postwatch.agent.probe.address.AddressFamily;
import io.postwatch.agent.probe.address.MailAddress;
import io.postwatch.agent.probe.address.MailHost;
import io.postwatch.agent.probe.certificate.CertificatePolicy;
import io.postwatch.agent.probe.certificate.ExpiryLimits;
import io.postwatch.agent.probe.certificate.Fingerprint;
import io.postwatch.agent.probe.time.Phase;
import io.postwatch.proto.agent.v1.PhaseThreshold;
import java.time.Duration;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Every option of a check on its way through the protocol. */
class CheckMappingTest {

    @Test
    void everyOptionComesBackFromTheWireAsItWas() throws Exception {
        TestAuthority authority = new TestAuthority("own");
        CertificatePolicy policy = new CertificatePolicy(
                new ExpiryLimits(ExpiryLimits.Unit.PERCENT, 30, 10),
                true,
                new MailHost("192.0.2.1"),
                new MailHost("sni.example.org"),
                List.of(authority.root()),
                new Fingerprint("ab".repeat(32)));
        Map<Phase, SlowLimits> phases = new EnumMap<>(Phase.class);
        for (Phase phase : Phase.values()) {
            phases.put(phase, new SlowLimits(Duration.ofSeconds(1), null));
        }
        Thresholds thresholds = new Thresholds(new SlowLimits(null, Duration.ofSeconds(9)), phases);
        Expectations expectations = new Expectations("ready", List.of("SIZE", "AUTH PLAIN"), TlsVersion.TLS_1_3);
        List<Check> checks = List.of(
                check(
                        new ProtocolOptions.Smtp(new MailAddress("someone@example.org")),
                        thresholds,
                        policy,
                        expectations,
                        StopPoint.RCPT),
                check(
                        new ProtocolOptions.Imap(new Folder("Entwürfe")),
                        Thresholds.NONE,
                        CertificatePolicy.DEFAULT,
                        new Expectations(null, List.of(), TlsVersion.TLS_1_2),
                        StopPoint.SELECT),
                check(new ProtocolOptions.Pop3(), thresholds, policy, Expectations.NONE, StopPoint.AUTH));
        for (Check check : checks) {
            assertThat(CheckMapping.check(io.postwatch.proto.agent.v1.Check.parseFrom(
                            CheckMapping.wire(check).toByteArray())))
                    .isEqualTo(check);
        }
    }

    private static Check check(
            ProtocolOptions options,
            Thresholds thresholds,
            CertificatePolicy policy,
            Expectations expectations,
            StopPoint stop) {
        return new Check(
                options,
                new Target(new MailHost("mail.example.org"), 25, Security.STARTTLS, AddressFamily.IPV6),
                new LoginPlan(null, false),
                thresholds,
                policy,
                expectations,
                stop,
                Duration.ofSeconds(30));
    }

    @Test
    void whatMakesNoSenseIsRefusedAndWhatIsUnknownIsUnsupported() {
        io.postwatch.proto.agent.v1.Check good = CheckMapping.wire(check(
                new ProtocolOptions.Smtp(null),
                Thresholds.NONE,
                CertificatePolicy.DEFAULT,
                Expectations.NONE,
                StopPoint.AUTH));
        io.postwatch.proto.agent.v1.Check.Builder bothUnits = good.toBuilder();
        bothUnits.getCertificatePolicyBuilder().setWarningPercent(20);
        io.postwatch.proto.agent.v1.Check.Builder shortPin = good.toBuilder();
        shortPin.getCertificatePolicyBuilder().setPin(ByteString.copyFrom(new byte[20]));
        io.postwatch.proto.agent.v1.Check.Builder brokenAnchor = good.toBuilder();
        brokenAnchor.getCertificatePolicyBuilder().addTrustAnchors(ByteString.copyFrom(new byte[20]));
        io.postwatch.proto.agent.v1.Check.Builder addressAsServerName = good.toBuilder();
        addressAsServerName.getCertificatePolicyBuilder().setServerName("192.0.2.1");
        io.postwatch.proto.agent.v1.Check.Builder twicePhase = good.toBuilder();
        twicePhase
                .getThresholdsBuilder()
                .addPhases(threshold(io.postwatch.proto.agent.v1.Phase.PHASE_TLS))
                .addPhases(threshold(io.postwatch.proto.agent.v1.Phase.PHASE_TLS));
        io.postwatch.proto.agent.v1.Check.Builder emptyThreshold = good.toBuilder();
        emptyThreshold.getThresholdsBuilder().addPhasesBuilder().setPhase(io.postwatch.proto.agent.v1.Phase.PHASE_TLS);
        io.postwatch.proto.agent.v1.Check.Builder splitRecipient = good.toBuilder();
        splitRecipient.getSmtpBuilder().setRecipient("a@example.org>\r\nDATA");
        io.postwatch.proto.agent.v1.Check.Builder folderWithoutLogin =
                good.toBuilder().clearLogin().clearStopAfter();
        folderWithoutLogin.getImapBuilder().setFolder("INBOX");
        for (io.postwatch.proto.agent.v1.Check.Builder wire : List.of(
                bothUnits,
                shortPin,
                brokenAnchor,
                addressAsServerName,
                twicePhase,
                emptyThreshold,
                splitRecipient,
                folderWithoutLogin,
                good.toBuilder().clearLogin(),
                good.toBuilder().setStopAfter(io.postwatch.proto.agent.v1.Phase.PHASE_RCPT))) {
            assertThatIllegalArgumentException().isThrownBy(() -> CheckMapping.check(wire.build()));
        }
        io.postwatch.proto.agent.v1.Check.Builder newerTls = good.toBuilder();
        newerTls.getExpectationsBuilder().setMinimumTlsValue(9);
        io.postwatch.proto.agent.v1.Check.Builder newerPhase = good.toBuilder();
        newerPhase.getThresholdsBuilder().addPhasesBuilder().setPhaseValue(99);
        io.postwatch.proto.agent.v1.Check.Builder ownMechanism = good.toBuilder();
        ownMechanism.getLoginBuilder().setMechanism(io.postwatch.proto.agent.v1.AuthMechanism.AUTH_MECHANISM_USER_PASS);
        for (io.postwatch.proto.agent.v1.Check.Builder wire : List.of(
                newerTls,
                newerPhase,
                ownMechanism,
                good.toBuilder().clearSmtp(),
                good.toBuilder().setStopAfter(io.postwatch.proto.agent.v1.Phase.PHASE_QUIT))) {
            assertThatThrownBy(() -> CheckMapping.check(wire.build()))
                    .isInstanceOfSatisfying(
                            AssignmentMapping.UnusableException.class,
                            unusable -> assertThat(unusable.reason()).isEqualTo(RejectionReason.UNSUPPORTED));
        }
    }

    private static PhaseThreshold.Builder threshold(io.postwatch.proto.agent.v1.Phase phase) {
        return PhaseThreshold.newBuilder().setPhase(phase).setWarning(WireValues.duration(Duration.ofSeconds(1)));
    }
}
