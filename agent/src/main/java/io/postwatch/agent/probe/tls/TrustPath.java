package io.postwatch.agent.probe.tls;

import io.postwatch.agent.probe.certificate.CertificateVerdict;
import io.postwatch.agent.probe.failure.FailureCode;
import java.security.GeneralSecurityException;
import java.security.cert.CertPathValidator;
import java.security.cert.CertPathValidatorException;
import java.security.cert.CertificateFactory;
import java.security.cert.PKIXParameters;
import java.security.cert.TrustAnchor;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Date;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Looks for a path from a server's certificate to an anchor (RFC 5280, section 6), and says what it lacks.
 *
 * <p>Paths are put together here, within the bounds of {@link SignatureChecks}, and each is put to the JDK's PKIX, which
 * judges one path in linear time but searches without bound.
 */
final class TrustPath {

    private static final String AUTHORITY_INFORMATION_ACCESS = "1.3.6.1.5.5.7.1.1";

    private static final Duration LONGEST_STEADY = Duration.ofHours(1);

    private final Set<X509Certificate> anchors;

    TrustPath(Set<X509Certificate> anchors) {
        this.anchors = anchors;
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
        return find(sent, now, new SignatureChecks());
    }

    Outcome find(List<X509Certificate> sent, Instant now, SignatureChecks checks) {
        X509Certificate leaf = sent.getFirst();
        if (anchors.contains(leaf)) {
            return new Outcome(List.of(leaf), List.of());
        }
        if (checks.isSignedBy(leaf, leaf)) {
            return rejected(FailureCode.SELF_SIGNED, 0, "The server signed its certificate itself.");
        }
        List<X509Certificate> leading = leadingToAnchors(sent, checks);
        Attempt today = build(List.of(leaf), leading, now, checks);
        if (!today.path().isEmpty()) {
            return new Outcome(today.path(), List.of());
        }
        // Dates are judged apart: an expired certificate of a trusted authority is expired, not untrusted.
        List<X509Certificate> path =
                areValid(sent, now) ? List.of() : pathWhateverTheDates(leaf, leading, new HashSet<>(), now, checks);
        // A path on which every date is right has another fault: PKIX found one and it is not for us to overlook it.
        return areValid(path, now) ? whatIsMissing(sent, today, checks) : new Outcome(path, List.of());
    }

    /**
     * Those of the sent certificates that lead to an anchor by name and signature. No others are searched: anybody can
     * make any number of authorities of one name.
     */
    List<X509Certificate> leadingToAnchors(List<X509Certificate> sent, SignatureChecks checks) {
        List<X509Certificate> left = new ArrayList<>(sent.stream()
                .distinct()
                .filter(certificate -> CertificateCost.onPath(certificate) == null)
                .toList());
        List<X509Certificate> leading = new ArrayList<>(left.stream()
                .filter(certificate -> anchors.stream().anyMatch(anchor -> checks.isSignedBy(certificate, anchor)))
                .toList());
        left.removeAll(leading);
        for (int i = 0; i < leading.size(); i++) {
            X509Certificate issuer = leading.get(i);
            List<X509Certificate> issued = left.stream()
                    .filter(certificate -> isIssuedBy(certificate, issuer, checks))
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
            X509Certificate certificate,
            List<X509Certificate> leading,
            Set<X509Certificate> visited,
            Instant now,
            SignatureChecks checks) {
        if (!visited.add(certificate)) {
            return List.of();
        }
        Attempt attempt = build(List.of(certificate), leading, now, checks);
        if (!attempt.path().isEmpty()) {
            return attempt.path();
        }
        if (anchors.stream().anyMatch(anchor -> isIssuedByAnchor(certificate, anchor, checks))) {
            return List.of(certificate);
        }
        return leading.stream()
                .filter(candidate -> !visited.contains(candidate) && isIssuedBy(certificate, candidate, checks))
                .map(issuer -> pathWhateverTheDates(issuer, leading, visited, now, checks))
                .filter(path -> !path.isEmpty())
                .findFirst()
                .map(path ->
                        Stream.concat(Stream.of(certificate), path.stream()).toList())
                .orElse(List.of());
    }

    private static boolean isIssuedBy(X509Certificate certificate, X509Certificate issuer, SignatureChecks checks) {
        return issuer.getBasicConstraints() >= 0 && checks.isSignedBy(certificate, issuer);
    }

    /** Before version 3 of X.509 a certificate had no way to say that it is an authority's: that it is trusted must do. */
    private static boolean isIssuedByAnchor(
            X509Certificate certificate, X509Certificate anchor, SignatureChecks checks) {
        return anchor.getVersion() < 3
                ? checks.isSignedBy(certificate, anchor)
                : isIssuedBy(certificate, anchor, checks);
    }

    private static boolean areValid(List<X509Certificate> certificates, Instant now) {
        return certificates.stream()
                .noneMatch(
                        certificate -> now.isBefore(certificate.getNotBefore().toInstant())
                                || now.isAfter(certificate.getNotAfter().toInstant()));
    }

    private Outcome whatIsMissing(List<X509Certificate> sent, Attempt attempt, SignatureChecks checks) {
        if (attempt.weakAlgorithm()) {
            return rejected(
                    FailureCode.WEAK, 0, "An algorithm in the chain is one that is no longer accepted anywhere.");
        }
        List<X509Certificate> linked = linked(sent, checks);
        Optional<Outcome> tooMuch = whatIsTooMuch(sent, linked, checks);
        if (tooMuch.isPresent()) {
            return tooMuch.get();
        }
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

    /** Looks at what may stand on a path only: what else a server sends is nobody's fault. */
    private static Optional<Outcome> whatIsTooMuch(
            List<X509Certificate> sent, List<X509Certificate> linked, SignatureChecks checks) {
        Set<X509Certificate> onPath = new LinkedHashSet<>(linked);
        // With some keys no signature is checked: there the name alone tells who issued the last.
        sent.stream()
                .filter(certificate -> certificate
                        .getSubjectX500Principal()
                        .equals(linked.getLast().getIssuerX500Principal()))
                .forEach(onPath::add);
        for (X509Certificate certificate : onPath) {
            String excess = CertificateCost.onPath(certificate);
            if (excess != null) {
                return Optional.of(rejected(
                        FailureCode.UNTRUSTED,
                        sent.indexOf(certificate),
                        "The certificate of " + ChainJudge.subject(certificate) + " has " + excess
                                + ", which is not followed here."));
            }
        }
        if (CertificateCost.hasTooManyNamesForConstraints(sent)) {
            return Optional.of(rejected(
                    FailureCode.UNTRUSTED,
                    0,
                    "The chain constrains names and has more of them than are held against that here."));
        }
        return checks.areExhausted()
                ? Optional.of(rejected(
                        FailureCode.UNTRUSTED, 0, "The chain can be put together in more ways than are tried here."))
                : Optional.empty();
    }

    /** The leaf and its issuers as far as they were sent. */
    private static List<X509Certificate> linked(List<X509Certificate> sent, SignatureChecks checks) {
        List<X509Certificate> linked = new ArrayList<>(List.of(sent.getFirst()));
        Optional<X509Certificate> issuer = Optional.of(sent.getFirst());
        while (issuer.isPresent()) {
            X509Certificate child = issuer.get();
            issuer = sent.stream()
                    .filter(candidate -> !linked.contains(candidate) && checks.isSignedBy(child, candidate))
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

    /** Goes on from the end of a path to every anchor and issuer that signed it, the anchors first. */
    private Attempt build(
            List<X509Certificate> path, List<X509Certificate> leading, Instant now, SignatureChecks checks) {
        X509Certificate last = path.getLast();
        Attempt failed = Attempt.NONE;
        if (!checks.mayGoOn()) {
            return failed;
        }
        for (X509Certificate anchor : anchors) {
            if (isIssuedByAnchor(last, anchor, checks) && checks.mayTryPath()) {
                Attempt attempt = validate(path, anchor, now);
                if (!attempt.path().isEmpty()) {
                    return attempt;
                }
                failed = failed.or(attempt);
            }
        }
        for (X509Certificate issuer : leading) {
            if (!path.contains(issuer) && isIssuedBy(last, issuer, checks)) {
                List<X509Certificate> longer =
                        Stream.concat(path.stream(), Stream.of(issuer)).toList();
                Attempt attempt = build(longer, leading, now, checks);
                if (!attempt.path().isEmpty()) {
                    return attempt;
                }
                failed = failed.or(attempt);
            }
        }
        return failed;
    }

    private static Attempt validate(List<X509Certificate> path, X509Certificate anchor, Instant now) {
        if (CertificateCost.hasTooManyNamesForConstraints(path)) {
            return Attempt.NONE;
        }
        try {
            PKIXParameters parameters = new PKIXParameters(Set.of(new TrustAnchor(anchor, null)));
            parameters.setRevocationEnabled(false);
            // Nobody asks for a policy here, and where they are mapped the JDK's tree of them grows with every issuer.
            parameters.setPolicyMappingInhibited(true);
            parameters.setDate(Date.from(now));
            CertPathValidator.getInstance("PKIX")
                    .validate(CertificateFactory.getInstance("X.509").generateCertPath(path), parameters);
            return new Attempt(path, null);
        } catch (CertPathValidatorException e) {
            return new Attempt(List.of(), e);
        } catch (RuntimeException e) {
            // The JDK stumbled over what a server made up: nothing was proven.
            return Attempt.NONE;
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every Java platform has PKIX", e);
        }
    }

    private static Outcome rejected(FailureCode code, int position, String message) {
        return new Outcome(List.of(), List.of(new CertificateVerdict(code, position, message)));
    }

    private record Attempt(
            List<X509Certificate> path, @Nullable CertPathValidatorException failure) {

        private static final Attempt NONE = new Attempt(List.of(), null);

        boolean weakAlgorithm() {
            return failure != null
                    && failure.getReason() == CertPathValidatorException.BasicReason.ALGORITHM_CONSTRAINED;
        }

        /** Of two that failed, the one that tells more. */
        Attempt or(Attempt other) {
            return other.weakAlgorithm() ? other : this;
        }
    }
}
