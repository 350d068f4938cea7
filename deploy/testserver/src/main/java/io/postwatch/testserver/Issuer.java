package io.postwatch.testserver;

import java.io.IOException;
import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.SecureRandom;
import java.security.cert.Certificate;
import java.security.cert.X509Certificate;
import java.security.spec.ECGenParameterSpec;
import java.time.Instant;
import java.util.Date;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.KeyUsage;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;

/** A certificate that may sign others, with its key. */
record Issuer(X500Name name, PrivateKey key, X509Certificate certificate) {

    private static final SecureRandom RANDOM = new SecureRandom();

    record Validity(Instant from, Instant until) {}

    @FunctionalInterface
    interface Extensions {
        void addTo(JcaX509v3CertificateBuilder builder) throws IOException;
    }

    static Issuer root(X500Name name, Validity validity) {
        KeyPair key = ecKey();
        return new Issuer(name, key.getPrivate(), authority(name, key.getPrivate(), name, key.getPublic(), validity));
    }

    /** A new issuer that this one signed. */
    Issuer below(String commonName, KeyPair pair, Validity validity) {
        X500Name subject = new X500Name("CN=" + commonName);
        return new Issuer(subject, pair.getPrivate(), authority(name, key, subject, pair.getPublic(), validity));
    }

    /** A certificate that this one signed, over a key that may be nobody's. */
    X509Certificate over(String commonName, PublicKey anyKey, Validity validity) {
        return authority(name, key, new X500Name("CN=" + commonName), anyKey, validity);
    }

    /** The same issuer, its key signed by another. */
    Issuer signedBy(Issuer other, Validity validity) {
        return new Issuer(name, key, authority(other.name, other.key, name, certificate.getPublicKey(), validity));
    }

    static Issuer from(KeyStore store, String alias, char[] password) throws GeneralSecurityException {
        X509Certificate certificate = (X509Certificate) store.getCertificate(alias);
        return new Issuer(
                X500Name.getInstance(certificate.getSubjectX500Principal().getEncoded()),
                (PrivateKey) store.getKey(alias, password),
                certificate);
    }

    void putInto(KeyStore store, String alias, char[] password) throws GeneralSecurityException {
        store.setKeyEntry(alias, key, password, new Certificate[] {certificate});
    }

    private static X509Certificate authority(
            X500Name issuer, PrivateKey issuerKey, X500Name subject, PublicKey key, Validity validity) {
        return sign(issuer, issuerKey, "SHA256", subject, key, validity, extended -> {
            extended.addExtension(Extension.basicConstraints, true, new BasicConstraints(true));
            extended.addExtension(Extension.keyUsage, true, new KeyUsage(KeyUsage.keyCertSign | KeyUsage.cRLSign));
        });
    }

    static X509Certificate sign(
            X500Name issuer,
            PrivateKey issuerKey,
            String hash,
            X500Name subject,
            PublicKey key,
            Validity validity,
            Extensions extensions) {
        JcaX509v3CertificateBuilder builder = new JcaX509v3CertificateBuilder(
                issuer,
                new BigInteger(120, RANDOM),
                Date.from(validity.from()),
                Date.from(validity.until()),
                subject,
                key);
        String algorithm = hash + "with" + (issuerKey.getAlgorithm().equals("RSA") ? "RSA" : "ECDSA");
        try {
            extensions.addTo(builder);
            return new JcaX509CertificateConverter()
                    .getCertificate(builder.build(new JcaContentSignerBuilder(algorithm).build(issuerKey)));
        } catch (IOException | GeneralSecurityException | OperatorCreationException e) {
            throw new IllegalStateException("cannot make a certificate", e);
        }
    }

    static KeyPair ecKey() {
        try {
            KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
            generator.initialize(new ECGenParameterSpec("secp256r1"));
            return generator.generateKeyPair();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every Java platform has P-256", e);
        }
    }

    static KeyPair rsaKey(int bits) {
        try {
            KeyPairGenerator generator = KeyPairGenerator.getInstance("RSA");
            generator.initialize(bits);
            return generator.generateKeyPair();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every Java platform has RSA", e);
        }
    }
}
