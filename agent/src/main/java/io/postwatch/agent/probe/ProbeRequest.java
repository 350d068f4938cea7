package io.postwatch.agent.probe;

import io.postwatch.agent.probe.certificate.CertificatePolicy;
import io.postwatch.agent.probe.sasl.Login;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** What one run does: everything a probe needs to know, credentials included. */
public sealed interface ProbeRequest permits SmtpRequest, ImapRequest, Pop3Request {

    /** What is asked for in the protocol alone. */
    ProtocolOptions options();

    /** The kind of check. */
    default CheckType checkType() {
        return options().type();
    }

    /** What a run needs to know in any protocol; the methods below read it. */
    RunSettings settings();

    default Target target() {
        return settings().target();
    }

    default @Nullable Login login() {
        return settings().login();
    }

    default Thresholds thresholds() {
        return settings().thresholds();
    }

    default CertificatePolicy certificatePolicy() {
        return settings().certificatePolicy();
    }

    default Expectations expectations() {
        return settings().expectations();
    }

    default @Nullable StopPoint stopAfter() {
        return settings().stopAfter();
    }

    default Duration timeout() {
        return settings().timeout();
    }

    default long runNumber() {
        return settings().runNumber();
    }
}
