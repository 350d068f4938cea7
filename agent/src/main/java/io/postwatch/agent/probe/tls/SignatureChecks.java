package io.postwatch.agent.probe.tls;

import java.security.GeneralSecurityException;
import java.security.cert.X509Certificate;
import java.util.HashMap;
import java.util.Map;

/**
 * What the search for a path through one chain has tried: each signature at most once, and of signatures, ways and paths
 * no more than a bound, whatever the chain. Used by one thread.
 */
final class SignatureChecks {

    /** A chain of ten needs ten; the rest is for issuers that share a name. */
    static final int MAX = 40;

    /** Paths that were put together and are put to PKIX, which checks their signatures once more. */
    static final int MAX_PATHS = 6;

    private static final int MAX_STEPS = 1000;

    private final Map<Link, Boolean> known = new HashMap<>();
    private int paths;
    private int steps;
    private boolean exhausted;

    private record Link(X509Certificate certificate, X509Certificate issuer) {}

    /** Whether the issuer's name and key are those behind the certificate's signature. */
    boolean isSignedBy(X509Certificate certificate, X509Certificate issuer) {
        if (!certificate.getIssuerX500Principal().equals(issuer.getSubjectX500Principal())
                || !CertificateCost.allowsCheck(certificate, issuer)) {
            return false;
        }
        Link link = new Link(certificate, issuer);
        Boolean before = known.get(link);
        if (before != null) {
            return before;
        }
        if (known.size() == MAX) {
            exhausted = true;
            return false;
        }
        boolean signed = check(certificate, issuer);
        known.put(link, signed);
        return signed;
    }

    /** Whether one more path may be put to PKIX. */
    boolean mayTryPath() {
        exhausted |= paths == MAX_PATHS;
        return paths < MAX_PATHS && ++paths > 0;
    }

    /** Whether the search may go on to one more certificate. */
    boolean mayGoOn() {
        exhausted |= steps == MAX_STEPS;
        return steps < MAX_STEPS && ++steps > 0;
    }

    /** Whether something was left untried. */
    boolean areExhausted() {
        return exhausted;
    }

    /** How many signatures were checked. */
    int made() {
        return known.size();
    }

    /** How many paths were put to PKIX. */
    int paths() {
        return paths;
    }

    private static boolean check(X509Certificate certificate, X509Certificate issuer) {
        try {
            certificate.verify(issuer.getPublicKey());
            return true;
        } catch (GeneralSecurityException | RuntimeException e) {
            // Also where the JDK's arithmetic stumbles over numbers that are no key: nothing was proven.
            return false;
        }
    }
}
