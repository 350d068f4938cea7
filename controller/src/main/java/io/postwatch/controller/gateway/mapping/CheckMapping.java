package io.postwatch.controller.gateway.mapping;

import com.google.protobuf.ByteString;
import io.postwatch.controller.check.LoginSecret;
import io.postwatch.controller.check.MonitorLogin;
import io.postwatch.controller.check.MonitorSettings;
import io.postwatch.controller.check.PhaseThreshold;
import io.postwatch.controller.shared.LocalSecretName;
import io.postwatch.controller.shared.TlsVersion;
import io.postwatch.proto.agent.v1.AddressFamily;
import io.postwatch.proto.agent.v1.AuthMechanism;
import io.postwatch.proto.agent.v1.CertificatePolicy;
import io.postwatch.proto.agent.v1.Check;
import io.postwatch.proto.agent.v1.Expectations;
import io.postwatch.proto.agent.v1.ImapCheck;
import io.postwatch.proto.agent.v1.LocalSecret;
import io.postwatch.proto.agent.v1.Login;
import io.postwatch.proto.agent.v1.Phase;
import io.postwatch.proto.agent.v1.Pop3Check;
import io.postwatch.proto.agent.v1.Secret;
import io.postwatch.proto.agent.v1.Security;
import io.postwatch.proto.agent.v1.SmtpCheck;
import io.postwatch.proto.agent.v1.Thresholds;
import java.util.HexFormat;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** From what one run of a monitor does to how an agent is told. */
final class CheckMapping {
    private CheckMapping() {}

    static Check check(MonitorSettings settings, io.postwatch.controller.shared.AddressFamily target) {
        Check.Builder check = Check.newBuilder()
                .setHost(settings.host().value())
                .setPort(settings.port())
                .setSecurity(
                        switch (settings.security()) {
                            case NONE -> Security.SECURITY_NONE;
                            case STARTTLS -> Security.SECURITY_STARTTLS;
                            case TLS -> Security.SECURITY_TLS;
                        })
                .setAddressFamily(
                        switch (target) {
                            case ANY -> AddressFamily.ADDRESS_FAMILY_ANY;
                            case IPV4 -> AddressFamily.ADDRESS_FAMILY_IPV4;
                            case IPV6 -> AddressFamily.ADDRESS_FAMILY_IPV6;
                        })
                .setTimeout(OrderMapping.duration(settings.timeout()))
                .setThresholds(thresholds(settings.thresholds()))
                .setCertificatePolicy(certificatePolicy(settings.certificate()))
                .setStopAfter(stopAfter(settings.stopAfter()));
        if (settings.login() != null) {
            check.setLogin(login(settings.login()));
        }
        if (!settings.expectations().equals(io.postwatch.controller.check.Expectations.NONE)) {
            check.setExpectations(expectations(settings.expectations()));
        }
        switch (settings.type()) {
            case SMTP -> {
                SmtpCheck.Builder smtp = SmtpCheck.newBuilder();
                if (settings.recipient() != null) {
                    smtp.setRecipient(settings.recipient().value());
                }
                check.setSmtp(smtp);
            }
            case IMAP ->
                check.setImap(ImapCheck.newBuilder().setFolder(Objects.requireNonNullElse(settings.folder(), "")));
            case POP3 -> check.setPop3(Pop3Check.getDefaultInstance());
        }
        return check.build();
    }

    /** The same, but for its login it needs the lease. */
    static Check leased(Check check) {
        return check.hasLogin()
                ? check.toBuilder()
                        .setLogin(check.getLogin().toBuilder().setLease(true))
                        .build()
                : check;
    }

    static Secret secret(MonitorLogin login, @Nullable LoginSecret stored) {
        Secret.Builder told = Secret.newBuilder().setUsername(login.username());
        LocalSecretName local = login.localSecret();
        if (local != null) {
            return told.setLocalSecret(LocalSecret.newBuilder()
                            .setName(local.text())
                            .setAccessToken(login.secret() == LoginSecret.Kind.ACCESS_TOKEN))
                    .build();
        }
        LoginSecret secret = Objects.requireNonNull(stored, "a stored login comes with its secret");
        return switch (login.secret()) {
            case PASSWORD -> told.setPassword(secret.reveal()).build();
            case ACCESS_TOKEN -> told.setAccessToken(secret.reveal()).build();
        };
    }

    private static Login login(MonitorLogin login) {
        return Login.newBuilder()
                .setMechanism(mechanism(login.mechanism()))
                .setAllowPlaintext(login.allowPlaintext())
                .build();
    }

    private static AuthMechanism mechanism(io.postwatch.controller.shared.@Nullable AuthMechanism mechanism) {
        return switch (mechanism) {
            case null -> AuthMechanism.AUTH_MECHANISM_UNSPECIFIED;
            case PLAIN -> AuthMechanism.AUTH_MECHANISM_PLAIN;
            case LOGIN -> AuthMechanism.AUTH_MECHANISM_LOGIN;
            case CRAM_MD5 -> AuthMechanism.AUTH_MECHANISM_CRAM_MD5;
            case SCRAM_SHA_1 -> AuthMechanism.AUTH_MECHANISM_SCRAM_SHA_1;
            case SCRAM_SHA_256 -> AuthMechanism.AUTH_MECHANISM_SCRAM_SHA_256;
            case XOAUTH2 -> AuthMechanism.AUTH_MECHANISM_XOAUTH2;
            case OAUTHBEARER -> AuthMechanism.AUTH_MECHANISM_OAUTHBEARER;
            case USER_PASS -> AuthMechanism.AUTH_MECHANISM_USER_PASS;
        };
    }

    private static Thresholds thresholds(io.postwatch.controller.check.Thresholds thresholds) {
        Thresholds.Builder told = Thresholds.newBuilder();
        if (thresholds.warning() != null) {
            told.setWarning(OrderMapping.duration(thresholds.warning()));
        }
        if (thresholds.error() != null) {
            told.setError(OrderMapping.duration(thresholds.error()));
        }
        thresholds.phases().forEach(phase -> told.addPhases(threshold(phase)));
        return told.build();
    }

    private static io.postwatch.proto.agent.v1.PhaseThreshold threshold(PhaseThreshold threshold) {
        var told = io.postwatch.proto.agent.v1.PhaseThreshold.newBuilder().setPhase(phase(threshold.phase()));
        if (threshold.warning() != null) {
            told.setWarning(OrderMapping.duration(threshold.warning()));
        }
        if (threshold.error() != null) {
            told.setError(OrderMapping.duration(threshold.error()));
        }
        return told.build();
    }

    /** The numbers of both are the same for ever. */
    private static Phase phase(io.postwatch.controller.shared.Phase phase) {
        return Objects.requireNonNull(Phase.forNumber(phase.number()));
    }

    /** What a run is asked for last is where it ends anyway: the protocol has no word for it. */
    private static Phase stopAfter(io.postwatch.controller.shared.@Nullable Phase phase) {
        return switch (phase) {
            case null -> Phase.PHASE_UNSPECIFIED;
            case GREETING, CAPABILITY, STARTTLS, AUTH -> phase(phase);
            case RCPT, SELECT -> Phase.PHASE_UNSPECIFIED;
            case RESOLVE, CONNECT, TLS, MAIL, DATA, DELIVER, FETCH, QUIT ->
                throw new IllegalArgumentException("A run does not stop after " + phase);
        };
    }

    private static CertificatePolicy certificatePolicy(io.postwatch.controller.check.CertificatePolicy policy) {
        CertificatePolicy.Builder told = CertificatePolicy.newBuilder().setReportOnly(policy.reportOnly());
        switch (policy.expiry()) {
            case io.postwatch.controller.check.CertificatePolicy.Expiry.Days(int warning, int error) ->
                told.setWarningDays(warning).setErrorDays(error);
            case io.postwatch.controller.check.CertificatePolicy.Expiry.Percent percent ->
                told.setWarningPercent(Objects.requireNonNullElse(percent.warning(), 0))
                        .setErrorPercent(Objects.requireNonNullElse(percent.error(), 0));
        }
        if (policy.expectedName() != null) {
            told.setExpectedName(policy.expectedName().value());
        }
        if (policy.serverName() != null) {
            told.setServerName(policy.serverName().value());
        }
        policy.trustAnchors().certificates().forEach(der -> told.addTrustAnchors(ByteString.copyFrom(der.toArray())));
        if (policy.pin() != null) {
            told.setPin(ByteString.copyFrom(HexFormat.of().parseHex(policy.pin().hex())));
        }
        return told.build();
    }

    private static Expectations expectations(io.postwatch.controller.check.Expectations expectations) {
        return Expectations.newBuilder()
                .setGreetingContains(Objects.requireNonNullElse(expectations.greetingContains(), ""))
                .addAllCapabilities(expectations.capabilities())
                .setMinimumTls(version(expectations.minimumTls()))
                .build();
    }

    private static io.postwatch.proto.agent.v1.TlsVersion version(@Nullable TlsVersion version) {
        return switch (version) {
            case null -> io.postwatch.proto.agent.v1.TlsVersion.TLS_VERSION_UNSPECIFIED;
            case TLS_1_2 -> io.postwatch.proto.agent.v1.TlsVersion.TLS_VERSION_1_2;
            case TLS_1_3 -> io.postwatch.proto.agent.v1.TlsVersion.TLS_VERSION_1_3;
        };
    }
}
