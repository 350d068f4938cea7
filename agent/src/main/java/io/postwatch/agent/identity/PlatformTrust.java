package io.postwatch.agent.identity;

import java.security.MessageDigest;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;

/** Whom an agent believes to be its controller: the platform's own CA, and nobody else's. */
public final class PlatformTrust {

    /** The DNS name in every controller's certificate, whatever address an agent reaches it by. */
    public static final String CONTROLLER_NAME = "postwatch-controller";

    private PlatformTrust() {}

    /**
     * Trust of an enrolled agent: chains to these roots, with the usual check of the name.
     *
     * @param judgedAt the time by which a certificate may be over
     */
    public static ControllerTrust pinnedTo(List<X509Certificate> roots, InstantSource judgedAt) {
        List<X509Certificate> trusted = List.copyOf(roots);
        return new ControllerTrust(_ -> trusted, judgedAt);
    }

    /**
     * Trust of a host that has nothing but a token: the chain must contain a CA whose key has the token's hash, and must
     * lead to it. The controller therefore sends its root too. Such a host knows nothing of the time: whether the certificate
     * was over is {@linkplain ControllerTrust#goodUntil asked} when the platform's own authority has told it.
     */
    public static ControllerTrust byToken(EnrolmentToken token) {
        return new ControllerTrust(
                shown -> shown.stream()
                        .filter(certificate -> hasKeyOf(certificate, token))
                        .limit(1)
                        .toList(),
                () -> Instant.MIN);
    }

    /** SHA-256 of the SubjectPublicKeyInfo of each: what a platform knows its roots by. */
    public static List<byte[]> keyHashes(List<X509Certificate> roots) {
        return roots.stream()
                .map(root -> Digests.sha256(root.getPublicKey().getEncoded()))
                .toList();
    }

    /** Whether the key of this certificate is the one the token names. */
    public static boolean hasKeyOf(X509Certificate certificate, EnrolmentToken token) {
        return MessageDigest.isEqual(Digests.sha256(certificate.getPublicKey().getEncoded()), token.authorityKeyHash());
    }
}
