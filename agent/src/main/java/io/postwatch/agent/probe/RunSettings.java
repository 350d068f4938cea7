package io.postwatch.agent.probe;

import io.postwatch.agent.probe.bounds.Checks;
import io.postwatch.agent.probe.certificate.CertificatePolicy;
import io.postwatch.agent.probe.sasl.Login;
import java.time.Duration;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What one run needs to know in any protocol.
 *
 * @param target where to connect, and how
 * @param login with which credentials to log in; null: the run ends before the login
 * @param thresholds durations from which an answer counts as slow
 * @param certificatePolicy how the server's certificates are judged
 * @param expectations what the server must say beyond its protocol
 * @param stopAfter where the dialogue ends; null: as far as is asked for
 * @param timeout the one deadline of the whole run; positive
 * @param runNumber run n begins with address n mod the count of addresses; not negative
 */
public record RunSettings(
        Target target,
        @Nullable Login login,
        Thresholds thresholds,
        CertificatePolicy certificatePolicy,
        Expectations expectations,
        @Nullable StopPoint stopAfter,
        Duration timeout,
        long runNumber) {

    public RunSettings {
        Objects.requireNonNull(target, "target");
        Objects.requireNonNull(thresholds, "thresholds");
        Objects.requireNonNull(certificatePolicy, "certificatePolicy");
        Objects.requireNonNull(expectations, "expectations");
        StopPoint.check(stopAfter, target.security(), login != null, expectations, certificatePolicy);
        Checks.positive(timeout, "timeout");
        Checks.notNegative(runNumber, "runNumber");
    }
}
