package io.postwatch.agent.probe.run;

import io.postwatch.agent.probe.ProbeRequest;
import io.postwatch.agent.probe.ProbeResult;
import io.postwatch.agent.probe.Status;
import io.postwatch.agent.probe.certificate.CertificateFindings;
import io.postwatch.agent.probe.certificate.CertificatePolicy;
import io.postwatch.agent.probe.certificate.CertificateVerdict;
import io.postwatch.agent.probe.certificate.ExpiryLimits;
import io.postwatch.agent.probe.failure.Failure;
import io.postwatch.agent.probe.failure.FailureCode;
import io.postwatch.agent.probe.net.RunRecorder;
import io.postwatch.agent.probe.time.Phase;
import io.postwatch.agent.probe.time.PhaseTiming;
import java.time.Duration;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Turns what a run found into its status and its one failure. Pure.
 *
 * <p>In this order: a bad chain, what stopped the dialogue, an expectation that was not met, an error threshold, a
 * warning threshold. A bad chain comes
 * first because it came first and because what follows may be its consequence. With "report only" the chain fails no run;
 * but a run that should have logged in and did not, because of it, warns: nobody shall believe that the login works.
 */
final class RunVerdict {

    private RunVerdict() {}

    static ProbeResult resultOf(ProbeRequest request, RunRecorder recorder, @Nullable Failure stopped) {
        Duration total = recorder.elapsed();
        // The good-bye fails no run: how long the server takes over it is not judged.
        Duration judged = recorder.phases().stream()
                .filter(timing -> timing.phase() == Phase.QUIT)
                .map(PhaseTiming::start)
                .findFirst()
                .orElse(total);
        Outcome outcome = outcome(request, recorder, stopped, judged);
        return new ProbeResult(
                outcome.status(),
                outcome.failure(),
                total,
                recorder.phases(),
                recorder.network(request.target().port()),
                recorder.tls(),
                recorder.certificate(),
                recorder.greeting(),
                recorder.capabilities(),
                recorder.authMechanism(),
                recorder.transcript());
    }

    /**
     * What came out.
     *
     * @param failure null exactly when the status is {@code OK}
     */
    record Outcome(Status status, @Nullable Failure failure) {

        private static final Outcome OK = new Outcome(Status.OK, null);
    }

    private static Outcome outcome(
            ProbeRequest request, RunRecorder recorder, @Nullable Failure stopped, Duration total) {
        CertificateFindings certificate = recorder.certificate();
        CertificatePolicy policy = request.certificatePolicy();
        Outcome chain = certificate == null ? Outcome.OK : ofChain(request, certificate);
        Outcome dialogue = stopped == null ? Outcome.OK : ofStop(stopped);
        Outcome expiry = certificate == null || policy.reportOnly() ? Outcome.OK : ofExpiry(certificate);
        if (chain.status() == Status.ERROR) {
            return chain;
        }
        if (dialogue.status() != Status.OK) {
            return dialogue;
        }
        Failure unmet = UnmetExpectation.of(request.expectations(), recorder);
        if (unmet != null) {
            return new Outcome(Status.ERROR, unmet);
        }
        return Stream.of(Status.ERROR, Status.WARNING)
                .flatMap(status -> Stream.of(
                                SlowVerdict.of(request.thresholds(), status, total, recorder.phases())
                                        .map(slow -> new Outcome(status, slow))
                                        .orElse(Outcome.OK),
                                expiry,
                                chain)
                        .filter(outcome -> outcome.status() == status))
                .findFirst()
                .orElse(Outcome.OK);
    }

    private static Outcome ofStop(Failure stopped) {
        return new Outcome(stopped.code().category().tellsOfTarget() ? Status.ERROR : Status.NO_DATA, stopped);
    }

    private static Outcome ofChain(ProbeRequest request, CertificateFindings certificate) {
        if (certificate.verdicts().isEmpty()) {
            return Outcome.OK;
        }
        CertificateVerdict worst = certificate.verdicts().getFirst();
        if (worst.code() == FailureCode.EXPIRES_SOON) {
            return Outcome.OK;
        }
        if (!request.certificatePolicy().reportOnly()) {
            return new Outcome(Status.ERROR, new Failure(worst.code(), Phase.TLS, worst.message(), ""));
        }
        return request.login() == null
                ? Outcome.OK
                : new Outcome(
                        Status.WARNING,
                        new Failure(
                                worst.code(),
                                Phase.TLS,
                                worst.message() + " The password was withheld, so the login was not checked.",
                                ""));
    }

    private static Outcome ofExpiry(CertificateFindings certificate) {
        return certificate.verdicts().stream()
                .filter(verdict -> verdict.code() == FailureCode.EXPIRES_SOON)
                .findFirst()
                .map(verdict -> new Outcome(
                        certificate.expiry() == ExpiryLimits.Reached.ERROR ? Status.ERROR : Status.WARNING,
                        new Failure(verdict.code(), Phase.TLS, verdict.message(), "")))
                .orElse(Outcome.OK);
    }
}
