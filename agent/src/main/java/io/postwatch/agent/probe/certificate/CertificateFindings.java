package io.postwatch.agent.probe.certificate;

import java.time.Instant;
import java.util.List;
import java.util.Objects;

/**
 * The chain a server presented, and what is wrong with it.
 *
 * @param chain as sent, leaf first
 * @param verdicts worst first; empty: the chain is good
 * @param notAfter of the certificate of the chain that expires first
 * @param daysLeft whole days from the run to {@code notAfter}, rounded down; negative once expired
 * @param expiry which limit of the policy the end is nearer than
 */
public record CertificateFindings(
        List<CapturedCertificate> chain,
        List<CertificateVerdict> verdicts,
        Instant notAfter,
        int daysLeft,
        ExpiryLimits.Reached expiry) {

    public CertificateFindings {
        chain = List.copyOf(chain);
        verdicts = List.copyOf(verdicts);
        Objects.requireNonNull(notAfter, "notAfter");
        Objects.requireNonNull(expiry, "expiry");
        if (chain.isEmpty()) {
            throw new IllegalArgumentException("a chain has at least one certificate");
        }
    }
}
