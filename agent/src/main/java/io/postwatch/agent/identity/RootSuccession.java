package io.postwatch.agent.identity;

import java.security.GeneralSecurityException;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.stream.Stream;

/**
 * Which roots follow those that an agent trusts. A root is taken over only where it is trusted already, or where a trusted
 * one has certified it: no controller can bring in one of its own, whatever key it holds.
 */
public final class RootSuccession {

    private RootSuccession() {}

    /**
     * Of the roots that a controller names those that are vouched for; where none is, the trusted ones stay.
     *
     * @param trusted the pinned ones; at an enrolment those with the key that the token names
     */
    public static List<X509Certificate> after(List<X509Certificate> trusted, List<X509Certificate> named) {
        List<X509Certificate> followers = named.stream()
                .distinct()
                .filter(root -> trusted.contains(root) || (isAuthority(root) && isSignedByOneOf(trusted, root)))
                .toList();
        return followers.isEmpty() ? List.copyOf(trusted) : followers;
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
