package io.postwatch.agent.identity;

import io.postwatch.agent.identity.UntrustedControllerException.Finding;
import java.security.cert.CertificateParsingException;
import java.security.cert.X509Certificate;
import java.util.Collection;
import java.util.List;
import java.util.Objects;

/**
 * Names who answered in the controller's place, by the certificates that he showed. He chose them himself, so they say what to
 * ask a person about, and decide nothing.
 */
final class Stranger {

    /** What the authority of every platform is called. */
    private static final String PLATFORM = "CN=Postwatch platform";

    private static final int DNS_NAME = 2;
    private static final int MOST_NAME = 200;

    private Stranger() {}

    /**
     * Finds out about a chain that doesn't lead to the platform's authority.
     *
     * @param shown leaf first, not empty
     * @param usualRoots the authorities that this host's Java trusts
     */
    static UntrustedControllerException of(List<X509Certificate> shown, Collection<X509Certificate> usualRoots) {
        X509Certificate leaf = shown.getFirst();
        String issuer = name(leaf.getIssuerX500Principal().getName());
        Finding finding = finding(shown, issuer, usualRoots);
        return new UntrustedControllerException(
                finding,
                "its certificate is not the platform's: "
                        + switch (finding) {
                            case INSPECTED ->
                                "\"" + issuer
                                        + "\" issued it, so something on the way opens and inspects the connection. Ask the"
                                        + " network's administrator to exempt the controller's address from TLS inspection; until then"
                                        + " nothing is sent.";
                            case ANOTHER_SERVER ->
                                "\"" + issuer + "\" issued it for \""
                                        + name(leaf.getSubjectX500Principal().getName())
                                        + "\". Is that the controller's port for agents? A proxy or load balancer before it must pass"
                                        + " TLS on unopened.";
                            case ANOTHER_PLATFORM, NO_CONTROLLER, EXPIRED ->
                                "a controller of another Postwatch platform answers. Is the address right, and does the token come"
                                        + " from there, or was this agent enrolled there? An agent whose platform lost its authority"
                                        + " meanwhile enrols anew.";
                        });
    }

    private static Finding finding(List<X509Certificate> shown, String issuer, Collection<X509Certificate> usualRoots) {
        if (issuer.startsWith(PLATFORM)) {
            return Finding.ANOTHER_PLATFORM;
        }
        // No public authority certifies a name without a dot: who shows it made it up for this connection.
        return !isForControllers(shown.getFirst()) && isUsual(shown.getLast(), usualRoots)
                ? Finding.ANOTHER_SERVER
                : Finding.INSPECTED;
    }

    private static boolean isForControllers(X509Certificate leaf) {
        try {
            Collection<List<?>> names = leaf.getSubjectAlternativeNames();
            return names != null
                    && names.stream()
                            .anyMatch(name -> Objects.equals(name.get(0), DNS_NAME)
                                    && PlatformTrust.CONTROLLER_NAME.equals(name.get(1)));
        } catch (CertificateParsingException unreadable) {
            return false;
        }
    }

    private static boolean isUsual(X509Certificate last, Collection<X509Certificate> usualRoots) {
        return usualRoots.stream()
                .filter(root -> root.getSubjectX500Principal().equals(last.getIssuerX500Principal()))
                .anyMatch(root -> RootSuccession.isSignedBy(last, root));
    }

    private static String name(String distinguished) {
        return distinguished.length() <= MOST_NAME ? distinguished : distinguished.substring(0, MOST_NAME) + "…";
    }
}
