package io.postwatch.agent.assignment;

import io.postwatch.agent.probe.Expectations;
import io.postwatch.agent.probe.ImapRequest;
import io.postwatch.agent.probe.Pop3Request;
import io.postwatch.agent.probe.ProbeRequest;
import io.postwatch.agent.probe.ProtocolOptions;
import io.postwatch.agent.probe.RunSettings;
import io.postwatch.agent.probe.SmtpRequest;
import io.postwatch.agent.probe.StopPoint;
import io.postwatch.agent.probe.Target;
import io.postwatch.agent.probe.Thresholds;
import io.postwatch.agent.probe.certificate.CertificatePolicy;
import io.postwatch.agent.probe.sasl.Login;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What one run does, without its secret.
 *
 * @param options what is asked for in the protocol alone
 * @param login null: the run ends before the login
 * @param stopAfter where the dialogue ends; null: as far as is asked for
 * @param timeout one deadline for the whole run; positive
 */
public record Check(
        ProtocolOptions options,
        Target target,
        @Nullable LoginPlan login,
        Thresholds thresholds,
        CertificatePolicy certificatePolicy,
        Expectations expectations,
        @Nullable StopPoint stopAfter,
        Duration timeout) {

    /** The longest run there is: the longest period. */
    public static final Duration MAX_TIMEOUT = Duration.ofDays(1);

    public Check {
        StopPoint.check(stopAfter, target.security(), login != null, expectations, certificatePolicy);
        options.check(stopAfter, login != null);
        if (!timeout.isPositive() || timeout.compareTo(MAX_TIMEOUT) > 0) {
            throw new IllegalArgumentException("a run's time-out must be positive and at most a day, not " + timeout);
        }
    }

    /** Whether a run asks the controller before it logs in. */
    public boolean needsLease() {
        return login != null && login.leased();
    }

    /** The request of one run. */
    public ProbeRequest request(@Nullable Login credentials, long runNumber) {
        return request(options, credentials, expectations, stopAfter, runNumber);
    }

    /**
     * The request of a run that ends before its login, and so before all that comes behind it. Capabilities are not
     * expected of it: a server may tell some only to those who are logged in.
     */
    public ProbeRequest requestWithoutLogin(long runNumber) {
        ProtocolOptions before = switch (options) {
            case ProtocolOptions.Smtp _ -> new ProtocolOptions.Smtp(null);
            case ProtocolOptions.Imap _ -> new ProtocolOptions.Imap(null);
            case ProtocolOptions.Pop3 pop3 -> pop3;
        };
        Expectations expected = new Expectations(expectations.greetingContains(), List.of(), expectations.minimumTls());
        return request(before, null, expected, null, runNumber);
    }

    private ProbeRequest request(
            ProtocolOptions asked,
            @Nullable Login credentials,
            Expectations expected,
            @Nullable StopPoint stop,
            long runNumber) {
        RunSettings settings =
                new RunSettings(target, credentials, thresholds, certificatePolicy, expected, stop, timeout, runNumber);
        return switch (asked) {
            case ProtocolOptions.Smtp smtp -> new SmtpRequest(settings, smtp);
            case ProtocolOptions.Imap imap -> new ImapRequest(settings, imap);
            case ProtocolOptions.Pop3 pop3 -> new Pop3Request(settings, pop3);
        };
    }
}
