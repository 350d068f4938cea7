package io.postwatch.agent.link;

import com.google.protobuf.ByteString;
import io.postwatch.agent.assignment.AssignedItem;
import io.postwatch.agent.assignment.Assignment;
import io.postwatch.agent.assignment.Check;
import io.postwatch.agent.assignment.LoginPlan;
import io.postwatch.agent.assignment.MonitorId;
import io.postwatch.agent.assignment.RejectionReason;
import io.postwatch.agent.assignment.SealedSecret;
import io.postwatch.agent.assignment.SeriesId;
import io.postwatch.agent.probe.CheckType;
import io.postwatch.agent.probe.Security;
import io.postwatch.agent.probe.Target;
import io.postwatch.agent.probe.Thresholds;
import io.postwatch.agent.probe.address.AddressFamily;
import io.postwatch.agent.probe.address.MailHost;
import io.postwatch.agent.probe.certificate.CertificatePolicy;
import io.postwatch.agent.probe.sasl.AuthMechanism;
import io.postwatch.agent.schedule.LoginOpener;
import io.postwatch.proto.agent.v1.ImapCheck;
import io.postwatch.proto.agent.v1.Login;
import io.postwatch.proto.agent.v1.RejectedAssignment;
import io.postwatch.proto.agent.v1.RunTest;
import io.postwatch.proto.agent.v1.SmtpCheck;
import java.nio.ByteBuffer;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.util.Arrays;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Assignments between the protocol and the agent's records. What this agent can't run becomes a rejection with its
 * reason, never an exception: one bad assignment must not keep the others from running.
 */
final class AssignmentMapping {

    /** What can't be run, with the reason that the controller is told. */
    static final class UnusableException extends Exception {

        private static final long serialVersionUID = 1;

        private final RejectionReason reason;

        UnusableException(RejectionReason reason, String message) {
            super(message);
            this.reason = reason;
        }

        RejectionReason reason() {
            return reason;
        }
    }

    private final LoginOpener logins;

    /** Makes a mapping that tries whether secrets open. */
    AssignmentMapping(LoginOpener logins) {
        this.logins = logins;
    }

    /** What the controller assigned, as an assignment that can be run or as a rejection. */
    AssignedItem item(io.postwatch.proto.agent.v1.Assignment wire) {
        SeriesId series = new SeriesId(wire.getSeries());
        try {
            Assignment assignment = assignment(wire);
            SealedSecret secret = assignment.secret();
            LoginPlan plan = assignment.check().login();
            if (secret != null && plan != null) {
                tryOpening(
                        secret,
                        plan,
                        ByteBuffer.allocate(Long.BYTES).putLong(series.value()).array());
            }
            return new AssignedItem.Accepted(assignment);
        } catch (UnusableException unusable) {
            return rejected(series, wire.getRevision(), unusable.reason(), unusable.getMessage());
        } catch (IllegalArgumentException | ArithmeticException invalid) {
            return rejected(series, wire.getRevision(), RejectionReason.INVALID, invalid.getMessage());
        }
    }

    private static AssignedItem rejected(
            SeriesId series, long revision, RejectionReason reason, @Nullable String message) {
        return new AssignedItem.Rejected(
                series, revision, reason, Objects.requireNonNullElse(message, "The assignment makes no sense."));
    }

    private void tryOpening(SealedSecret secret, LoginPlan plan, byte[] purpose) throws UnusableException {
        try {
            if (!Arrays.equals(secret.purpose(), purpose)) {
                throw new GeneralSecurityException("the secret was sealed for another purpose");
            }
            logins.open(secret, plan);
        } catch (GeneralSecurityException unreadable) {
            throw new UnusableException(
                    RejectionReason.SECRET_UNREADABLE,
                    "The sealed credentials can't be opened: " + unreadable.getMessage());
        }
    }

    static Assignment assignment(io.postwatch.proto.agent.v1.Assignment wire) throws UnusableException {
        return new Assignment(
                new SeriesId(wire.getSeries()),
                wire.getRevision(),
                new MonitorId(WireValues.uuid(wire.getMonitorId())),
                wire.getShare(),
                WireValues.duration(wire.getPeriod()),
                WireValues.duration(wire.getAnchor()),
                check(wire.getCheck()),
                wire.hasSecret() ? secret(wire.getSecret()) : null);
    }

    static SealedSecret secret(io.postwatch.proto.agent.v1.SealedSecret wire) {
        return new SealedSecret(
                wire.getKeyFingerprint().toByteArray(),
                wire.getSealed().toByteArray(),
                wire.getPurpose().toByteArray());
    }

    /**
     * The secret of a monitor test; null exactly where the test doesn't log in. One that was sealed for a series, or for
     * another test, is refused: it could carry a password to a host that it was never meant for.
     */
    static @Nullable SealedSecret testSecret(RunTest wire) throws UnusableException {
        if (wire.getCheck().hasLogin() != wire.hasSecret()) {
            throw new UnusableException(
                    RejectionReason.INVALID,
                    "A test that logs in needs sealed credentials, and only such a test has them.");
        }
        if (!wire.hasSecret()) {
            return null;
        }
        if (!wire.getSecret().getPurpose().equals(wire.getTestId())) {
            throw new UnusableException(
                    RejectionReason.SECRET_UNREADABLE, "The credentials were sealed for another purpose.");
        }
        return secret(wire.getSecret());
    }

    static Check check(io.postwatch.proto.agent.v1.Check wire) throws UnusableException {
        refuseWhatIsNotDone(wire);
        return new Check(
                type(wire),
                new Target(
                        new MailHost(wire.getHost()),
                        wire.getPort(),
                        security(wire.getSecurity()),
                        family(wire.getAddressFamily())),
                wire.hasLogin() ? login(wire.getLogin()) : null,
                thresholds(wire.getThresholds()),
                new CertificatePolicy(
                        wire.getCertificatePolicy().getWarningDays(),
                        wire.getCertificatePolicy().getErrorDays(),
                        wire.getCertificatePolicy().getReportOnly()),
                WireValues.duration(wire.getTimeout()));
    }

    private static void refuseWhatIsNotDone(io.postwatch.proto.agent.v1.Check wire) throws UnusableException {
        refuse(!wire.getSmtp().getRecipient().isEmpty(), "a test of a recipient");
        refuse(!wire.getImap().getFolder().isEmpty(), "the opening of a folder");
        refuse(wire.hasExpectations(), "expectations");
        refuse(wire.getStopAfterValue() != 0, "a phase to stop after");
        refuse(wire.getThresholds().getPhasesCount() > 0, "thresholds of phases");
        io.postwatch.proto.agent.v1.CertificatePolicy policy = wire.getCertificatePolicy();
        refuse(policy.getWarningPercent() > 0 || policy.getErrorPercent() > 0, "percents of a certificate's lifetime");
        refuse(!policy.getExpectedName().isEmpty(), "another name for the certificate");
        refuse(!policy.getServerName().isEmpty(), "another server name");
        refuse(policy.getTrustAnchorsCount() > 0, "authorities of a monitor's own");
        refuse(!policy.getPin().isEmpty(), "a pinned certificate");
    }

    private static void refuse(boolean asked, String option) throws UnusableException {
        if (asked) {
            throw new UnusableException(
                    RejectionReason.UNSUPPORTED, "This version of the agent can't do " + option + " yet.");
        }
    }

    private static CheckType type(io.postwatch.proto.agent.v1.Check wire) throws UnusableException {
        return switch (wire.getProtocolCase()) {
            case SMTP -> CheckType.SMTP;
            case IMAP -> CheckType.IMAP;
            case POP3, PROTOCOL_NOT_SET -> throw unsupported("type of check");
        };
    }

    private static Security security(io.postwatch.proto.agent.v1.Security wire) throws UnusableException {
        return switch (wire) {
            case SECURITY_NONE -> Security.NONE;
            case SECURITY_STARTTLS -> Security.STARTTLS;
            case SECURITY_TLS -> Security.TLS;
            case SECURITY_UNSPECIFIED, UNRECOGNIZED -> throw unsupported("security");
        };
    }

    private static AddressFamily family(io.postwatch.proto.agent.v1.AddressFamily wire) throws UnusableException {
        return switch (wire) {
            case ADDRESS_FAMILY_ANY, ADDRESS_FAMILY_UNSPECIFIED -> AddressFamily.ANY;
            case ADDRESS_FAMILY_IPV4 -> AddressFamily.IPV4;
            case ADDRESS_FAMILY_IPV6 -> AddressFamily.IPV6;
            case UNRECOGNIZED -> throw unsupported("address family");
        };
    }

    private static LoginPlan login(Login wire) throws UnusableException {
        AuthMechanism mechanism = switch (wire.getMechanism()) {
            case AUTH_MECHANISM_UNSPECIFIED -> null;
            case AUTH_MECHANISM_PLAIN -> AuthMechanism.PLAIN;
            case AUTH_MECHANISM_LOGIN -> AuthMechanism.LOGIN;
            case AUTH_MECHANISM_CRAM_MD5 -> AuthMechanism.CRAM_MD5;
            case AUTH_MECHANISM_SCRAM_SHA_1 -> AuthMechanism.SCRAM_SHA_1;
            case AUTH_MECHANISM_SCRAM_SHA_256 -> AuthMechanism.SCRAM_SHA_256;
            case AUTH_MECHANISM_XOAUTH2 -> AuthMechanism.XOAUTH2;
            case AUTH_MECHANISM_OAUTHBEARER -> AuthMechanism.OAUTHBEARER;
            case AUTH_MECHANISM_USER_PASS, UNRECOGNIZED -> throw unsupported("mechanism");
        };
        if (mechanism != null && !AuthMechanism.SUPPORTED.contains(mechanism)) {
            throw new UnusableException(
                    RejectionReason.UNSUPPORTED,
                    "This version of the agent can't log in by " + mechanism.saslName() + ".");
        }
        return new LoginPlan(mechanism, wire.getAllowPlaintext());
    }

    private static Thresholds thresholds(io.postwatch.proto.agent.v1.Thresholds wire) {
        Duration warning = wire.hasWarning() ? WireValues.duration(wire.getWarning()) : null;
        Duration error = wire.hasError() ? WireValues.duration(wire.getError()) : null;
        return new Thresholds(warning, error);
    }

    private static UnusableException unsupported(String what) {
        return new UnusableException(
                RejectionReason.UNSUPPORTED, "This version of the agent doesn't know this " + what + ".");
    }

    static io.postwatch.proto.agent.v1.Assignment wire(Assignment assignment) {
        io.postwatch.proto.agent.v1.Assignment.Builder wire = io.postwatch.proto.agent.v1.Assignment.newBuilder()
                .setSeries(assignment.series().value())
                .setRevision(assignment.revision())
                .setMonitorId(WireValues.bytes(assignment.monitor().value()))
                .setShare(assignment.share())
                .setPeriod(WireValues.duration(assignment.period()))
                .setAnchor(WireValues.duration(assignment.anchor()))
                .setCheck(wire(assignment.check()));
        SealedSecret secret = assignment.secret();
        if (secret != null) {
            wire.setSecret(io.postwatch.proto.agent.v1.SealedSecret.newBuilder()
                    .setKeyFingerprint(ByteString.copyFrom(secret.keyFingerprint()))
                    .setSealed(ByteString.copyFrom(secret.sealed()))
                    .setPurpose(ByteString.copyFrom(secret.purpose())));
        }
        return wire.build();
    }

    private static io.postwatch.proto.agent.v1.Check wire(Check check) {
        io.postwatch.proto.agent.v1.Check.Builder wire = io.postwatch.proto.agent.v1.Check.newBuilder()
                .setHost(check.target().host().text())
                .setPort(check.target().port())
                .setSecurity(io.postwatch.proto.agent.v1.Security.valueOf(
                        "SECURITY_" + check.target().security().name()))
                .setAddressFamily(io.postwatch.proto.agent.v1.AddressFamily.valueOf(
                        "ADDRESS_FAMILY_" + check.target().family().name()))
                .setTimeout(WireValues.duration(check.timeout()))
                .setCertificatePolicy(io.postwatch.proto.agent.v1.CertificatePolicy.newBuilder()
                        .setWarningDays(check.certificatePolicy().warningDays())
                        .setErrorDays(check.certificatePolicy().errorDays())
                        .setReportOnly(check.certificatePolicy().reportOnly()));
        switch (check.type()) {
            case SMTP -> wire.setSmtp(SmtpCheck.getDefaultInstance());
            case IMAP -> wire.setImap(ImapCheck.getDefaultInstance());
        }
        LoginPlan login = check.login();
        if (login != null) {
            Login.Builder plan = Login.newBuilder().setAllowPlaintext(login.allowPlaintext());
            AuthMechanism mechanism = login.mechanism();
            if (mechanism != null) {
                plan.setMechanism(ResultMapping.mechanism(mechanism));
            }
            wire.setLogin(plan);
        }
        Duration warning = check.thresholds().warning();
        Duration error = check.thresholds().error();
        if (warning != null) {
            wire.getThresholdsBuilder().setWarning(WireValues.duration(warning));
        }
        if (error != null) {
            wire.getThresholdsBuilder().setError(WireValues.duration(error));
        }
        return wire.build();
    }

    static RejectedAssignment wire(AssignedItem.Rejected rejected) {
        return RejectedAssignment.newBuilder()
                .setSeries(rejected.series().value())
                .setRevision(rejected.revision())
                .setReason(
                        switch (rejected.reason()) {
                            case UNSUPPORTED ->
                                io.postwatch.proto.agent.v1.RejectionReason.REJECTION_REASON_UNSUPPORTED;
                            case INVALID -> io.postwatch.proto.agent.v1.RejectionReason.REJECTION_REASON_INVALID;
                            case SECRET_UNREADABLE ->
                                io.postwatch.proto.agent.v1.RejectionReason.REJECTION_REASON_SECRET_UNREADABLE;
                        })
                .setMessage(rejected.message())
                .build();
    }

    static AssignedItem.Rejected rejected(RejectedAssignment wire) {
        RejectionReason reason = switch (wire.getReason()) {
            case REJECTION_REASON_UNSUPPORTED -> RejectionReason.UNSUPPORTED;
            case REJECTION_REASON_SECRET_UNREADABLE -> RejectionReason.SECRET_UNREADABLE;
            case REJECTION_REASON_INVALID, REJECTION_REASON_OVER_CAPACITY, REJECTION_REASON_UNSPECIFIED, UNRECOGNIZED ->
                RejectionReason.INVALID;
        };
        return new AssignedItem.Rejected(new SeriesId(wire.getSeries()), wire.getRevision(), reason, wire.getMessage());
    }
}
