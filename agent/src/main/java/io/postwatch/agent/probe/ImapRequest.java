package io.postwatch.agent.probe;

import io.postwatch.agent.probe.bounds.Checks;
import io.postwatch.agent.probe.certificate.CertificatePolicy;
import io.postwatch.agent.probe.sasl.Login;
import java.time.Duration;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** A check of an IMAP server. */
public record ImapRequest(
        Target target,
        @Nullable Login login,
        Thresholds thresholds,
        CertificatePolicy certificatePolicy,
        Duration timeout,
        long runNumber)
        implements ProbeRequest {

    public ImapRequest {
        Objects.requireNonNull(target, "target");
        Objects.requireNonNull(thresholds, "thresholds");
        Objects.requireNonNull(certificatePolicy, "certificatePolicy");
        Checks.positive(timeout, "timeout");
        Checks.notNegative(runNumber, "runNumber");
    }

    @Override
    public CheckType checkType() {
        return CheckType.IMAP;
    }
}
