package io.postwatch.agent.probe.tls;

import io.postwatch.agent.probe.certificate.CertificateVerdict;
import io.postwatch.agent.probe.failure.FailureCode;
import java.security.GeneralSecurityException;
import java.security.InvalidAlgorithmParameterException;
import java.security.cert.CertPathBuilder;
import java.security.cert.CertPathBuilderException;
import java.security.cert.CertPathValidatorException;
import java.security.cert.CertStore;
import java.security.cert.CollectionCertStoreParameters;
import java.security.cert.PKIXBuilderParameters;
import java.security.cert.PKIXCertPathBuilderResult;
import java.security.cert.TrustAnchor;
import java.security.cert.X509CertSelector;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Date;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Looks for a path from a server's certificate to an anchor (RFC 5280, section 6), and says what it lacks. */
final class TrustPath {

    private static final String AUTHORITY_INFORMATION_ACCESS = "1.3.6.1.5.5.7.1.1";

    private static final Duration LONGEST_STEADY = Duration.ofHours(1);

    private final Set<X509Certificate> anchors;
    private final Set<TrustAnchor> pkixAnchors;

    TrustPath(Set<X509Certificate> anchors) {
        this.anchors = anchors;
        this.pkixAnchors =
                anchors.stream().map(anchor -> new TrustAnchor(anchor, null)).collect(Collectors.toUnmodifiableSet());
    }

    /** With these anchors, too. */
    TrustPath and(List<X509Certificate> more) {
        if (more.isEmpty()) {
            return this;
        }
        Set<X509Certificate> all = new HashSet<>(anchors);
        all.addAll(more);
        return new TrustPath(all);
    }

    /**
     * What was found.
     *
     * @param path the sent certificates that lead to an anchor, leaf first; empty where none do
     * @param verdicts what keeps them from it; dates don't count here
     */
    record Outcome(List<X509Certificate> path, List<CertificateVerdict> verdicts) {}

    /**
     * The time around now in which {@link #find} finds the same for the same chain, since no certificate in question
     * begins or ends to be valid in it; at most an hour to either side. None while one just does.
     */
    PathMemory.Span steadyAround(List<X509Certificate> sent, Instant now) {
        Instant from = now.minus(LONGEST_STEADY);
        Instant until = now.plus(LONGEST_STEADY);
        for (X509Certificate certificate : (Iterable<X509Certificate>)
                () -> Stream.concat(sent.stream(), anchors.stream()).iterator()) {
            for (Date date : List.of(certificate.getNotBefore(), certificate.getNotAfter())) {
                // Validity includes its ends, and PKIX rounds to milliseconds: the second around a date is left out.
                Instant before = date.toInstant().minusSeconds(1);
                Instant after = date.toInstant().plusSeconds(1);
                if (after.isBefore(now)) {
                    from = after.isAfter(from) ? after : from;
                } else if (before.isAfter(now)) {
                    until = before.isBefore(until) ? before : until;
                } else {
                    return PathMemory.Span.NONE;
                }
            }
        }
        return new PathMemory.Span(from, until);
    }

    Outcome find(List<X509Certificate> sent, Instant now) {
        X509Certificate leaf = sent.getFirst();
        if (anchors.contains(leaf)) {
            return new Outcome(List.of(leaf), List.of());
        }
        if (ChainJudge.isSignedBy(leaf, leaf)) {
            return rejected(FailureCode.SELF_SIGNED, 0, "The server signed its certificate itself.");
        }
        List<X509Certificate> leading = leadingToAnchors(sent);
        Attempt today = build(leaf, leading, now);
        if (!today.path().isEmpty()) {
            return new Outcome(today.path(), List.of());
        }
        // Dates are judged apart: an expired certificate of a trusted authority is expired, not untrusted.
        List<X509Certificate> path =
                areValid(sent, now) ? List.of() : pathWhateverTheDates(leaf, leading, new HashSet<>(), now);
        // A path on which every date is right has another fault: PKIX found one and it is not for us to overlook it.
        return areValid(path, now) ? whatIsMissing(sent, today) : new Outcome(path, List.of());
    }

    /**
     * Those of the sent certificates that lead to an anchor by name and signature. No others are searched: anybody can
     * make any number of authorities of one name.
     */
    List<X509Certificate> leadingToAnchors(List<X509Certificate> sent) {
        List<X509Certificate> left = new ArrayList<>(sent.stream()
                .distinct()
                .filter(certificate -> !ChainCapture.hasTooLargeKey(certificate))
                .toList());
        List<X509Certificate> leading = new ArrayList<>(left.stream()
                .filter(certificate -> anchors.stream().anyMatch(anchor -> ChainJudge.isSignedBy(certificate, anchor)))
                .toList());
        left.removeAll(leading);
        for (int i = 0; i < leading.size(); i++) {
            X509Certificate issuer = leading.get(i);
            List<X509Certificate> issued = left.stream()
                    .filter(certificate -> isIssuedBy(certificate, issuer))
                    .toList();
            leading.addAll(issued);
            left.removeAll(issued);
        }
        return List.copyOf(leading);
    }

    /**
     * PKIX wants one moment at which every certificate of a path is valid, and an old one may have ended before its
     * renewed issuer began. So links out of date are followed by name and signature, until PKIX agrees with the rest.
     * Such a path ends in a verdict anyway; it serves to tell which.
     *
     * @param visited grows by every certificate that was tried: none is tried twice, by whatever way it is reached
     */
    private List<X509Certificate> pathWhateverTheDates(
            X509Certificate certificate, List<X509Certificate> leading, Set<X509Certificate> visited, Instant now) {
        if (!visited.add(certificate)) {
            return List.of();
        }
        Attempt attempt = build(certificate, leading, now);
        if (!attempt.path().isEmpty()) {
            return attempt.path();
        }
        if (anchors.stream().anyMatch(anchor -> isIssuedBy(certificate, anchor))) {
            return List.of(certificate);
        }
        return leading.stream()
                .filter(candidate -> !visited.contains(candidate) && isIssuedBy(certificate, candidate))
                .map(issuer -> pathWhateverTheDates(issuer, leading, visited, now))
                .filter(path -> !path.isEmpty())
                .findFirst()
                .map(path ->
                        Stream.concat(Stream.of(certificate), path.stream()).toList())
                .orElse(List.of());
    }

    private static boolean isIssuedBy(X509Certificate certificate, X509Certificate issuer) {
        return issuer.getBasicConstraints() >= 0 && ChainJudge.isSignedBy(certificate, issuer);
    }

    private static boolean areValid(List<X509Certificate> certificates, Instant now) {
        return certificates.stream()
                .noneMatch(
                        certificate -> now.isBefore(certificate.getNotBefore().toInstant())
                                || now.isAfter(certificate.getNotAfter().toInstant()));
    }

    private Outcome whatIsMissing(List<X509Certificate> sent, Attempt attempt) {
        if (attempt.weakAlgorithm()) {
            return rejected(
                    FailureCode.WEAK, 0, "An algorithm in the chain is one that is no longer accepted anywhere.");
        }
        List<X509Certificate> linked = linked(sent);
        X509Certificate last = linked.getLast();
        int position = sent.indexOf(last);
        String issuer = ChainJudge.name(last.getIssuerX500Principal().getName());
        if (linked.size() == 1 && !ChainJudge.isSelfIssued(last) && issuerCanBeFetched(last)) {
            return rejected(
                    FailureCode.INCOMPLETE_CHAIN,
                    position,
                    "The server does not send the certificate of " + issuer + ", which issued its own.");
        }
        if (ChainJudge.isSelfIssued(last)) {
            return rejected(
                    FailureCode.UNTRUSTED, position, "The chain ends at " + issuer + ", which is not trusted here.");
        }
        return rejected(
                FailureCode.UNTRUSTED,
                position,
                "The certificate of " + ChainJudge.subject(last) + " was issued by " + issuer
                        + ", which is not trusted here.");
    }

    /** The leaf and its issuers as far as they were sent. */
    private static List<X509Certificate> linked(List<X509Certificate> sent) {
        List<X509Certificate> linked = new ArrayList<>(List.of(sent.getFirst()));
        Optional<X509Certificate> issuer = Optional.of(sent.getFirst());
        while (issuer.isPresent()) {
            X509Certificate child = issuer.get();
            issuer = sent.stream()
                    .filter(candidate -> !linked.contains(candidate) && ChainJudge.isSignedBy(child, candidate))
                    .findFirst();
            issuer.ifPresent(linked::add);
        }
        return linked;
    }

    /**
     * Authorities that issue through intermediates say in each certificate where the issuer's can be had; private roots,
     * which are simply unknown here, mostly don't.
     */
    private static boolean issuerCanBeFetched(X509Certificate certificate) {
        return certificate.getExtensionValue(AUTHORITY_INFORMATION_ACCESS) != null;
    }

    private Attempt build(X509Certificate certificate, List<X509Certificate> others, Instant now) {
        if (pkixAnchors.isEmpty()) {
            return new Attempt(List.of(), null);
        }
        try {
            X509CertSelector target = new X509CertSelector();
            target.setCertificate(certificate);
            PKIXBuilderParameters parameters = new PKIXBuilderParameters(pkixAnchors, target);
            parameters.setRevocationEnabled(false);
            parameters.setDate(Date.from(now));
            parameters.addCertStore(CertStore.getInstance("Collection", new CollectionCertStoreParameters(others)));
            PKIXCertPathBuilderResult result = (PKIXCertPathBuilderResult)
                    CertPathBuilder.getInstance("PKIX").build(parameters);
            List<X509Certificate> path = result.getCertPath().getCertificates().stream()
                    .map(X509Certificate.class::cast)
                    .toList();
            return new Attempt(path, null);
        } catch (CertPathBuilderException e) {
            return new Attempt(List.of(), e);
        } catch (InvalidAlgorithmParameterException e) {
            throw new IllegalStateException("there is an anchor", e);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every Java platform has PKIX", e);
        }
    }

    private static Outcome rejected(FailureCode code, int position, String message) {
        return new Outcome(List.of(), List.of(new CertificateVerdict(code, position, message)));
    }

    private record Attempt(
            List<X509Certificate> path, @Nullable CertPathBuilderException failure) {

        boolean weakAlgorithm() {
            for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
                if (cause instanceof CertPathValidatorException validation
                        && validation.getReason() == CertPathValidatorException.BasicReason.ALGORITHM_CONSTRAINED) {
                    return true;
                }
            }
            return false;
        }
    }
}
