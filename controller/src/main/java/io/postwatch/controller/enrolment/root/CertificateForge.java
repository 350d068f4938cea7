package io.postwatch.controller.enrolment.root;

import java.io.IOException;
import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.security.interfaces.ECPublicKey;
import java.security.spec.ECGenParameterSpec;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import java.util.List;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.AuthorityKeyIdentifier;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.ExtendedKeyUsage;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.asn1.x509.KeyPurposeId;
import org.bouncycastle.asn1.x509.KeyUsage;
import org.bouncycastle.cert.CertIOException;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.cert.jcajce.JcaX509ExtensionUtils;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;
import org.bouncycastle.operator.jcajce.JcaContentVerifierProviderBuilder;
import org.bouncycastle.pkcs.PKCSException;
import org.bouncycastle.pkcs.jcajce.JcaPKCS10CertificationRequest;

/**
 * Makes the platform's X.509 certificates: roots, those of agents and those of controllers. Keeps nothing. All roots have one
 * name, so that a root that certifies the next is taken by RFC 5280, section 6.1.4, for the same authority with another key: its
 * certificate counts towards no path length, and a root that may have no authority below it can be followed all the same.
 */
public final class CertificateForge {
    private static final X500Name PLATFORM = new X500Name("CN=Postwatch platform");
    private static final String SIGNATURE = "SHA256withECDSA";
    private static final Duration ROOT_LIFETIME = Duration.ofDays(3650);
    /** A clock that is a little behind still accepts a fresh certificate. */
    private static final Duration BACKDATED = Duration.ofHours(1);

    private static final int SERIAL_BITS = 127;
    private static final int P256_BITS = 256;

    private final SecureRandom random;

    public CertificateForge(SecureRandom random) {
        this.random = random;
    }

    public KeyPair makeKeys() {
        try {
            KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
            generator.initialize(new ECGenParameterSpec("secp256r1"), random);
            return generator.generateKeyPair();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    /** The first root of a platform, by itself. */
    public X509Certificate signRoot(KeyPair keys, Instant now) {
        return sign(keys.getPrivate(), PLATFORM, PLATFORM, keys.getPublic(), now, ROOT_LIFETIME, builder -> {
            authority(builder, keys.getPublic());
        });
    }

    /** The root that follows, as the one that issues now certifies it: who trusts that one can trust this one. */
    public X509Certificate signNextRoot(Root issuing, PublicKey next, Instant now) {
        return sign(issuing.key(), PLATFORM, PLATFORM, next, now, ROOT_LIFETIME, builder -> {
            authority(builder, next);
            builder.addExtension(Extension.authorityKeyIdentifier, false, issuedBy(issuing));
        });
    }

    private static void authority(JcaX509v3CertificateBuilder builder, PublicKey key)
            throws GeneralSecurityException, CertIOException {
        builder.addExtension(Extension.basicConstraints, true, new BasicConstraints(0));
        builder.addExtension(Extension.keyUsage, true, new KeyUsage(KeyUsage.keyCertSign | KeyUsage.cRLSign));
        builder.addExtension(Extension.subjectKeyIdentifier, false, extensions().createSubjectKeyIdentifier(key));
    }

    private static AuthorityKeyIdentifier issuedBy(Root root) throws GeneralSecurityException {
        return extensions().createAuthorityKeyIdentifier(root.certificate().getPublicKey());
    }

    /**
     * The certificate of an agent.
     *
     * @param name for people
     * @param uri which agent it is
     */
    public X509Certificate signAgent(
            Root root, String name, String uri, PublicKey key, Instant now, Duration lifetime) {
        GeneralNames names = new GeneralNames(new GeneralName(GeneralName.uniformResourceIdentifier, uri));
        return signLeaf(root, "CN=" + name, names, KeyPurposeId.id_kp_clientAuth, key, now, lifetime);
    }

    public X509Certificate signController(
            Root root, List<String> dnsNames, PublicKey key, Instant now, Duration lifetime) {
        GeneralNames names = new GeneralNames(dnsNames.stream()
                .map(name -> new GeneralName(GeneralName.dNSName, name))
                .toArray(GeneralName[]::new));
        String subject = "CN=" + dnsNames.getFirst();
        return signLeaf(root, subject, names, KeyPurposeId.id_kp_serverAuth, key, now, lifetime);
    }

    private X509Certificate signLeaf(
            Root root,
            String subject,
            GeneralNames names,
            KeyPurposeId purpose,
            PublicKey key,
            Instant now,
            Duration lifetime) {
        return sign(root.key(), PLATFORM, new X500Name(subject), key, now, lifetime, builder -> {
            builder.addExtension(Extension.basicConstraints, true, new BasicConstraints(false));
            builder.addExtension(Extension.keyUsage, true, new KeyUsage(KeyUsage.digitalSignature));
            builder.addExtension(Extension.extendedKeyUsage, false, new ExtendedKeyUsage(purpose));
            builder.addExtension(Extension.subjectAlternativeName, false, names);
            builder.addExtension(Extension.authorityKeyIdentifier, false, issuedBy(root));
        });
    }

    private X509Certificate sign(
            PrivateKey issuerKey,
            X500Name issuer,
            X500Name subject,
            PublicKey key,
            Instant now,
            Duration lifetime,
            Extensions extensions) {
        try {
            JcaX509v3CertificateBuilder builder = new JcaX509v3CertificateBuilder(
                    issuer,
                    new BigInteger(SERIAL_BITS, random).setBit(0),
                    Date.from(now.minus(BACKDATED)),
                    Date.from(now.plus(lifetime)),
                    subject,
                    key);
            extensions.addTo(builder);
            return new JcaX509CertificateConverter()
                    .getCertificate(builder.build(new JcaContentSignerBuilder(SIGNATURE).build(issuerKey)));
        } catch (GeneralSecurityException | OperatorCreationException | CertIOException e) {
            throw new IllegalStateException("A certificate could not be made", e);
        }
    }

    /**
     * The key of a PKCS#10 request that is signed by that key; nothing else is taken from the request.
     *
     * @throws IllegalArgumentException where the request is no such thing or its key is not on P-256
     */
    public static PublicKey keyOf(byte[] certificateRequest) {
        try {
            JcaPKCS10CertificationRequest request = new JcaPKCS10CertificationRequest(certificateRequest);
            if (!(request.getPublicKey() instanceof ECPublicKey key)
                    || key.getParams().getCurve().getField().getFieldSize() != P256_BITS) {
                throw new IllegalArgumentException("The key of the certificate request is not on P-256");
            }
            if (!request.isSignatureValid(new JcaContentVerifierProviderBuilder().build(key))) {
                throw new IllegalArgumentException("The certificate request is not signed by its own key");
            }
            return key;
        } catch (IOException | GeneralSecurityException | OperatorCreationException | PKCSException e) {
            throw new IllegalArgumentException("Not a certificate request", e);
        }
    }

    private static JcaX509ExtensionUtils extensions() throws GeneralSecurityException {
        return new JcaX509ExtensionUtils();
    }

    /** A certificate authority: what it signs with and what says so. */
    public record Root(PrivateKey key, X509Certificate certificate) {}

    private interface Extensions {
        void addTo(JcaX509v3CertificateBuilder builder) throws GeneralSecurityException, CertIOException;
    }
}
