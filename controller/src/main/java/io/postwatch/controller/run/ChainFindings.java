package io.postwatch.controller.run;

import io.postwatch.controller.shared.Fingerprint;
import java.time.Instant;
import java.util.List;

/** The chain a server presented, leaf first, and all verdicts, worst first. notAfter and daysLeft are those of the certificate that expires first. */
public record ChainFindings(
        List<Fingerprint> chain, List<CertificateVerdict> verdicts, Instant notAfter, int daysLeft) {
    public ChainFindings {
        chain = List.copyOf(chain);
        verdicts = List.copyOf(verdicts);
    }
}
