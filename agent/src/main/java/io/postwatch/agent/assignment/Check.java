package io.postwatch.agent.assignment;

import io.postwatch.agent.probe.CheckType;
import io.postwatch.agent.probe.ImapRequest;
import io.postwatch.agent.probe.ProbeRequest;
import io.postwatch.agent.probe.RunSettings;
import io.postwatch.agent.probe.SmtpRequest;
import io.postwatch.agent.probe.Target;
import io.postwatch.agent.probe.Thresholds;
import io.postwatch.agent.probe.certificate.CertificatePolicy;
import io.postwatch.agent.probe.sasl.Login;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * What one run does, without its secret.
 *
 * @param login null: the run ends before the login
 * @param timeout one deadline for the whole run; positive
 */
public record Check(
        CheckType type,
        Target target,
        @Nullable LoginPlan login,
        Thresholds thresholds,
        CertificatePolicy certificatePolicy,
        Duration timeout) {

    /** The longest run there is: the longest period. */
    public static final Duration MAX_TIMEOUT = Duration.ofDays(1);

    public Check {
        if (!timeout.isPositive() || timeout.compareTo(MAX_TIMEOUT) > 0) {
            throw new IllegalArgumentException("a run's time-out must be positive and at most a day, not " + timeout);
        }
    }

    /** The request of one run. */
    public ProbeRequest request(@Nullable Login credentials, long runNumber) {
        RunSettings settings = new RunSettings(target, credentials, thresholds, certificatePolicy, timeout, runNumber);
        return switch (type) {
            case SMTP -> new SmtpRequest(settings);
            case IMAP -> new ImapRequest(settings);
        };
    }
}
