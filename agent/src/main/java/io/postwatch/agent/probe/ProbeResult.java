package io.postwatch.agent.probe;

import io.postwatch.agent.probe.bounds.Checks;
import io.postwatch.agent.probe.bounds.ServerText;
import io.postwatch.agent.probe.certificate.CertificateFindings;
import io.postwatch.agent.probe.failure.Failure;
import io.postwatch.agent.probe.failure.FailureCode;
import io.postwatch.agent.probe.sasl.AuthMechanism;
import io.postwatch.agent.probe.time.PhaseTiming;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The record of one run.
 *
 * @param failure null exactly when the status is {@code OK}
 * @param total from the start of the run to its end
 * @param phases those that happened, in order
 * @param network null where the run did not get as far as the name
 * @param tls null where there was no finished handshake
 * @param certificate null where the server sent no chain
 * @param greeting clean, at most {@link ServerText#MAX_GREETING} bytes; empty where there was none
 * @param capabilities as told last, that is after TLS where there was TLS
 * @param authMechanism null where no login was tried
 */
public record ProbeResult(
        Status status,
        @Nullable Failure failure,
        Duration total,
        List<PhaseTiming> phases,
        @Nullable NetworkFindings network,
        @Nullable TlsFindings tls,
        @Nullable CertificateFindings certificate,
        String greeting,
        List<String> capabilities,
        @Nullable AuthMechanism authMechanism,
        Transcript transcript) {

    public ProbeResult {
        Objects.requireNonNull(status, "status");
        Checks.notNegative(total, "total");
        phases = List.copyOf(phases);
        ServerText.requireClean(greeting, ServerText.MAX_GREETING, "greeting");
        capabilities = List.copyOf(capabilities);
        Objects.requireNonNull(transcript, "transcript");
        if ((failure == null) != (status == Status.OK)) {
            throw new IllegalArgumentException("status " + status + " does not go with failure " + failure);
        }
        if (failure != null && failure.code().category().tellsOfTarget() == (status == Status.NO_DATA)) {
            throw new IllegalArgumentException("status " + status + " does not go with " + failure.code());
        }
    }

    /**
     * The result of a run that never reached the network: skipped, overloaded, refused by policy or crashed.
     *
     * @param code of category agent or policy
     */
    public static ProbeResult notRun(FailureCode code, String message) {
        return new ProbeResult(
                Status.NO_DATA,
                new Failure(code, null, message, ""),
                Duration.ZERO,
                List.of(),
                null,
                null,
                null,
                "",
                List.of(),
                null,
                Transcript.EMPTY);
    }

    /** The same, judged otherwise. */
    public ProbeResult judged(Status other, @Nullable Failure reason) {
        return new ProbeResult(
                other,
                reason,
                total,
                phases,
                network,
                tls,
                certificate,
                greeting,
                capabilities,
                authMechanism,
                transcript);
    }

    /** The same, without what was said. */
    public ProbeResult withoutTranscript() {
        return new ProbeResult(
                status,
                failure,
                total,
                phases,
                network,
                tls,
                certificate,
                greeting,
                capabilities,
                authMechanism,
                Transcript.EMPTY);
    }
}
