package io.postwatch.agent.identity;

import java.security.GeneralSecurityException;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/**
 * Which roots follow those that an agent trusts. A root is taken over only where it is trusted already, or where a trusted
 * one has certified it, or one that such a root has certified: no controller can bring in one of its own, whatever key it holds.
 */
public final class RootSuccession {

    /** As many are looked at; a platform names a few. */
    private static final int MOST = 32;

    private RootSuccession() {}

    /**
     * Of the roots that a controller names those that are vouched for; where none is, the trusted ones stay.
     *
     * @param trusted the pinned ones; at an enrolment those with the key that the token names
     * @param between not to be trusted, but by them the way may lead from a trusted root to one that is named
     */
    public static List<X509Certificate> after(
            List<X509Certificate> trusted, List<X509Certificate> named, List<X509Certificate> between) {
        Set<X509Certificate> vouched = vouchedBy(
                trusted,
                Stream.concat(named.stream(), between.stream()).limit(MOST).toList());
        List<X509Certificate> followers = named.stream()
                .distinct()
                .filter(root -> trusted.contains(root) || vouched.contains(root))
                .toList();
        return followers.isEmpty() ? List.copyOf(trusted) : followers;
    }

    /** Authorities to which certificates lead from a trusted one. */
    private static Set<X509Certificate> vouchedBy(List<X509Certificate> trusted, List<X509Certificate> candidates) {
        Set<X509Certificate> vouched = new LinkedHashSet<>();
        List<X509Certificate> latest = trusted;
        while (!latest.isEmpty()) {
            List<X509Certificate> from = latest;
            latest = candidates.stream()
                    .filter(candidate ->
                            !vouched.contains(candidate) && isAuthority(candidate) && isSignedByOneOf(from, candidate))
                    .distinct()
                    .toList();
            vouched.addAll(latest);
        }
        return vouched;
    }

    /**
     * A certificate that is said to be the platform's.
     *
     * @throws CertificateException where none of these roots has signed it
     */
    public static void checkIssued(List<X509Certificate> trusted, List<X509Certificate> followers, X509Certificate leaf)
            throws CertificateException {
        if (!isSignedByOneOf(Stream.concat(trusted.stream(), followers.stream()).toList(), leaf)) {
            throw new CertificateException("the platform's authority has not signed the certificate");
        }
    }

    private static boolean isAuthority(X509Certificate certificate) {
        return certificate.getBasicConstraints() >= 0;
    }

    private static boolean isSignedByOneOf(List<X509Certificate> authorities, X509Certificate certificate) {
        return authorities.stream().anyMatch(authority -> isSignedBy(certificate, authority));
    }

    static boolean isSignedBy(X509Certificate certificate, X509Certificate authority) {
        try {
            certificate.verify(authority.getPublicKey());
            return true;
        } catch (GeneralSecurityException another) {
            return false;
        }
    }
}
