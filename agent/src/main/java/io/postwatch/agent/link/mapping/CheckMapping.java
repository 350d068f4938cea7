package io.postwatch.agent.link.mapping;

import io.postwatch.agent.assignment.Check;
import io.postwatch.agent.assignment.LoginPlan;
import io.postwatch.agent.assignment.RejectionReason;
import io.postwatch.agent.link.mapping.AssignmentMapping.UnusableException;
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
import io.postwatch.agent.probe.sasl.AuthMechanism;
import io.postwatch.agent.probe.time.Phase;
import io.postwatch.proto.agent.v1.ImapCheck;
import io.postwatch.proto.agent.v1.Login;
import io.postwatch.proto.agent.v1.PhaseThreshold;
import io.postwatch.proto.agent.v1.Pop3Check;
import io.postwatch.proto.agent.v1.SmtpCheck;
import java.time.Duration;
import java.util.EnumMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Checks between the protocol and the agent's records. What this agent doesn't know is refused as unsupported, what makes
 * no sense by the records themselves; nothing is ignored.
 */
public final class CheckMapping {

    private CheckMapping() {}

    /**
     * What the controller asks for.
     *
     * @throws UnusableException where this agent can't do it
     * @throws IllegalArgumentException where it makes no sense
     */
    public static Check check(io.postwatch.proto.agent.v1.Check wire) throws UnusableException {
        return new Check(
                options(wire),
                new Target(
                        new MailHost(wire.getHost()),
                        wire.getPort(),
                        security(wire.getSecurity()),
                        family(wire.getAddressFamily())),
                wire.hasLogin() ? login(wire.getLogin()) : null,
                thresholds(wire.getThresholds()),
                CertificatePolicyMapping.policy(wire.getCertificatePolicy()),
                expectations(wire.getExpectations()),
                stopPoint(wire.getStopAfter()),
                WireValues.duration(wire.getTimeout()));
    }

    private static ProtocolOptions options(io.postwatch.proto.agent.v1.Check wire) throws UnusableException {
        return switch (wire.getProtocolCase()) {
            case SMTP -> {
                String recipient = wire.getSmtp().getRecipient();
                yield new ProtocolOptions.Smtp(recipient.isEmpty() ? null : new MailAddress(recipient));
            }
            case IMAP -> {
                String folder = wire.getImap().getFolder();
                yield new ProtocolOptions.Imap(folder.isEmpty() ? null : new Folder(folder));
            }
            case POP3 -> new ProtocolOptions.Pop3();
            case PROTOCOL_NOT_SET -> throw unsupported("type of check");
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
        return new LoginPlan(mechanism, wire.getAllowPlaintext(), wire.getLease());
    }

    private static Thresholds thresholds(io.postwatch.proto.agent.v1.Thresholds wire) throws UnusableException {
        Map<Phase, SlowLimits> phases = new EnumMap<>(Phase.class);
        for (PhaseThreshold threshold : wire.getPhasesList()) {
            Phase phase = phase(threshold.getPhase());
            SlowLimits limits = new SlowLimits(
                    threshold.hasWarning() ? WireValues.duration(threshold.getWarning()) : null,
                    threshold.hasError() ? WireValues.duration(threshold.getError()) : null);
            if (phases.put(phase, limits) != null) {
                throw new IllegalArgumentException("the phase " + phase.code() + " has two thresholds");
            }
        }
        SlowLimits total = new SlowLimits(
                wire.hasWarning() ? WireValues.duration(wire.getWarning()) : null,
                wire.hasError() ? WireValues.duration(wire.getError()) : null);
        return new Thresholds(total, phases);
    }

    private static Phase phase(io.postwatch.proto.agent.v1.Phase wire) throws UnusableException {
        for (Phase phase : Phase.values()) {
            if (ResultMapping.phase(phase) == wire) {
                return phase;
            }
        }
        throw unsupported("phase");
    }

    private static Expectations expectations(io.postwatch.proto.agent.v1.Expectations wire) throws UnusableException {
        return new Expectations(
                wire.getGreetingContains().isEmpty() ? null : wire.getGreetingContains(),
                wire.getCapabilitiesList(),
                switch (wire.getMinimumTls()) {
                    case TLS_VERSION_UNSPECIFIED -> null;
                    case TLS_VERSION_1_2 -> TlsVersion.TLS_1_2;
                    case TLS_VERSION_1_3 -> TlsVersion.TLS_1_3;
                    case UNRECOGNIZED -> throw unsupported("version of TLS");
                });
    }

    private static @Nullable StopPoint stopPoint(io.postwatch.proto.agent.v1.Phase wire) throws UnusableException {
        if (wire == io.postwatch.proto.agent.v1.Phase.PHASE_UNSPECIFIED) {
            return null;
        }
        for (StopPoint stop : StopPoint.values()) {
            if (phase(stop) == wire) {
                return stop;
            }
        }
        throw unsupported("phase to stop after");
    }

    private static io.postwatch.proto.agent.v1.Phase phase(StopPoint stop) {
        return io.postwatch.proto.agent.v1.Phase.valueOf("PHASE_" + stop.name());
    }

    static UnusableException unsupported(String what) {
        return new UnusableException(
                RejectionReason.UNSUPPORTED, "This version of the agent doesn't know this " + what + ".");
    }

    static io.postwatch.proto.agent.v1.Check wire(Check check) {
        io.postwatch.proto.agent.v1.Check.Builder wire = io.postwatch.proto.agent.v1.Check.newBuilder()
                .setHost(check.target().host().text())
                .setPort(check.target().port())
                .setSecurity(io.postwatch.proto.agent.v1.Security.valueOf(
                        "SECURITY_" + check.target().security().name()))
                .setAddressFamily(io.postwatch.proto.agent.v1.AddressFamily.valueOf(
                        "ADDRESS_FAMILY_" + check.target().family().name()))
                .setTimeout(WireValues.duration(check.timeout()))
                .setThresholds(wire(check.thresholds()))
                .setCertificatePolicy(CertificatePolicyMapping.wire(check.certificatePolicy()));
        switch (check.options()) {
            case ProtocolOptions.Smtp(MailAddress recipient) ->
                wire.setSmtp(SmtpCheck.newBuilder().setRecipient(recipient == null ? "" : recipient.text()));
            case ProtocolOptions.Imap(Folder folder) ->
                wire.setImap(ImapCheck.newBuilder().setFolder(folder == null ? "" : folder.name()));
            case ProtocolOptions.Pop3() -> wire.setPop3(Pop3Check.getDefaultInstance());
        }
        LoginPlan login = check.login();
        if (login != null) {
            wire.setLogin(wire(login));
        }
        if (!check.expectations().equals(Expectations.NONE)) {
            wire.setExpectations(wire(check.expectations()));
        }
        StopPoint stop = check.stopAfter();
        if (stop != null) {
            wire.setStopAfter(phase(stop));
        }
        return wire.build();
    }

    private static Login wire(LoginPlan login) {
        Login.Builder wire =
                Login.newBuilder().setAllowPlaintext(login.allowPlaintext()).setLease(login.leased());
        AuthMechanism mechanism = login.mechanism();
        if (mechanism != null) {
            wire.setMechanism(ResultMapping.mechanism(mechanism));
        }
        return wire.build();
    }

    private static io.postwatch.proto.agent.v1.Thresholds wire(Thresholds thresholds) {
        io.postwatch.proto.agent.v1.Thresholds.Builder wire = io.postwatch.proto.agent.v1.Thresholds.newBuilder();
        Duration warning = thresholds.total().warning();
        Duration error = thresholds.total().error();
        if (warning != null) {
            wire.setWarning(WireValues.duration(warning));
        }
        if (error != null) {
            wire.setError(WireValues.duration(error));
        }
        thresholds.phases().forEach((phase, limits) -> wire.addPhases(wire(phase, limits)));
        return wire.build();
    }

    private static PhaseThreshold wire(Phase phase, SlowLimits limits) {
        PhaseThreshold.Builder wire = PhaseThreshold.newBuilder().setPhase(ResultMapping.phase(phase));
        Duration warning = limits.warning();
        Duration error = limits.error();
        if (warning != null) {
            wire.setWarning(WireValues.duration(warning));
        }
        if (error != null) {
            wire.setError(WireValues.duration(error));
        }
        return wire.build();
    }

    private static io.postwatch.proto.agent.v1.Expectations wire(Expectations expectations) {
        io.postwatch.proto.agent.v1.Expectations.Builder wire =
                io.postwatch.proto.agent.v1.Expectations.newBuilder().addAllCapabilities(expectations.capabilities());
        String greeting = expectations.greetingContains();
        if (greeting != null) {
            wire.setGreetingContains(greeting);
        }
        TlsVersion minimum = expectations.minimumTls();
        if (minimum != null) {
            wire.setMinimumTls(
                    switch (minimum) {
                        case TLS_1_2 -> io.postwatch.proto.agent.v1.TlsVersion.TLS_VERSION_1_2;
                        case TLS_1_3 -> io.postwatch.proto.agent.v1.TlsVersion.TLS_VERSION_1_3;
                    });
        }
        return wire.build();
    }
}
