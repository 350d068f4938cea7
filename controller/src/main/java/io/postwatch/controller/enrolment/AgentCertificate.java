package io.postwatch.controller.enrolment;

import io.postwatch.controller.shared.Bytes;
import io.postwatch.controller.shared.Digests;
import io.postwatch.controller.shared.id.AgentId;
import java.math.BigInteger;
import java.security.PublicKey;
import java.security.cert.CertificateParsingException;
import java.security.cert.X509Certificate;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/**
 * What the client certificate of a connection says: which agent, and by which of its certificates.
 *
 * @param tlsKey SHA-256 of its SubjectPublicKeyInfo
 */
public record AgentCertificate(AgentId agent, BigInteger serial, Bytes tlsKey) {
    static final String URI_PREFIX = "urn:postwatch:agent:";
    /** GeneralName of kind uniformResourceIdentifier (RFC 5280, section 4.2.1.6). */
    private static final Integer URI_KIND = 6;

    /** Of a certificate that was verified against the platform's root; empty where it is not an agent's. */
    public static Optional<AgentCertificate> of(X509Certificate verified) {
        Collection<List<?>> names;
        try {
            names = verified.getSubjectAlternativeNames();
        } catch (CertificateParsingException unreadable) {
            return Optional.empty();
        }
        if (names == null) {
            return Optional.empty();
        }
        return names.stream()
                .filter(name -> URI_KIND.equals(name.get(0)))
                .map(name -> String.valueOf(name.get(1)))
                .filter(uri -> uri.startsWith(URI_PREFIX))
                .findFirst()
                .flatMap(uri -> parse(uri.substring(URI_PREFIX.length())))
                .map(agent ->
                        new AgentCertificate(agent, verified.getSerialNumber(), keyHash(verified.getPublicKey())));
    }

    static Bytes keyHash(PublicKey key) {
        return Bytes.of(Digests.sha256(key.getEncoded()));
    }

    private static Optional<AgentId> parse(String id) {
        try {
            return Optional.of(new AgentId(UUID.fromString(id)));
        } catch (IllegalArgumentException notAnId) {
            return Optional.empty();
        }
    }
}
