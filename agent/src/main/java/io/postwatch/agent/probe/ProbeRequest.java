package io.postwatch.agent.probe;

import io.postwatch.agent.probe.certificate.CertificatePolicy;
import io.postwatch.agent.probe.sasl.Login;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** What one run does: everything a probe needs to know, credentials included. */
public sealed interface ProbeRequest permits SmtpRequest, ImapRequest {

    /** The kind of check. */
    CheckType checkType();

    /** Where to connect, and how. */
    Target target();

    /** With which credentials to log in; null: the run ends before the login. */
    @Nullable
    Login login();

    /** Response times at which an answer counts as slow. */
    Thresholds thresholds();

    /** How the server's certificates are judged. */
    CertificatePolicy certificatePolicy();

    /** The one deadline of the whole run; positive. */
    Duration timeout();

    /** Run n begins with address n mod the count of addresses; not negative. */
    long runNumber();
}
