package io.postwatch.agent.probe.tls;

import java.io.IOException;
import java.io.OutputStream;
import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PublicKey;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import org.bouncycastle.asn1.ASN1Encodable;
import org.bouncycastle.asn1.ASN1Encoding;
import org.bouncycastle.asn1.ASN1Integer;
import org.bouncycastle.asn1.ASN1ObjectIdentifier;
import org.bouncycastle.asn1.DERSequence;
import org.bouncycastle.asn1.nist.NISTObjectIdentifiers;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.AlgorithmIdentifier;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.operator.ContentSigner;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;

/** A certificate with whatever in it, valid around {@link #NOW}: for {@code mail.example.org}, or an authority. */
final class IssuedCertificate {

    static final Instant NOW = Instant.parse("2026-05-01T12:00:00Z");

    private final KeyPair issuerKey;
    private final JcaX509v3CertificateBuilder builder;
    private boolean authority;

    private IssuedCertificate(KeyPair issuerKey, JcaX509v3CertificateBuilder builder) {
        this.issuerKey = issuerKey;
        this.builder = builder;
    }

    static IssuedCertificate of(String issuer, KeyPair issuerKey, String subject, PublicKey key) {
        return new IssuedCertificate(
                issuerKey,
                new JcaX509v3CertificateBuilder(
                        new X500Name("CN=" + issuer),
                        new BigInteger(64, new SecureRandom()),
                        Date.from(NOW.minus(Duration.ofDays(30))),
                        Date.from(NOW.plus(Duration.ofDays(90))),
                        new X500Name("CN=" + subject),
                        key));
    }

    IssuedCertificate authority() {
        authority = true;
        return this;
    }

    IssuedCertificate with(ASN1ObjectIdentifier extension, ASN1Encodable value) {
        return with(extension, false, value);
    }

    IssuedCertificate withSomethingCriticalAndUnknown() {
        return with(new ASN1ObjectIdentifier("1.3.6.1.4.1.32473.2"), true, new DERSequence());
    }

    private IssuedCertificate with(ASN1ObjectIdentifier extension, boolean critical, ASN1Encodable value) {
        try {
            builder.addExtension(extension, critical, value);
            return this;
        } catch (IOException e) {
            throw new IllegalStateException("cannot make a certificate", e);
        }
    }

    X509Certificate issue() {
        try {
            return signed(new JcaContentSignerBuilder("SHA256withECDSA").build(issuerKey.getPrivate()));
        } catch (OperatorCreationException e) {
            throw new IllegalStateException("every Java platform has ECDSA", e);
        }
    }

    /** It says that it was signed with DSA: by some numbers, which no key has ever made. */
    X509Certificate signedWithDsa() {
        return signed(new ContentSigner() {
            @Override
            public AlgorithmIdentifier getAlgorithmIdentifier() {
                return new AlgorithmIdentifier(NISTObjectIdentifiers.dsa_with_sha256);
            }

            @Override
            public OutputStream getOutputStream() {
                return OutputStream.nullOutputStream();
            }

            @Override
            public byte[] getSignature() {
                ASN1Integer number = new ASN1Integer(BigInteger.ONE.shiftLeft(200));
                try {
                    return new DERSequence(new ASN1Encodable[] {number, number}).getEncoded(ASN1Encoding.DER);
                } catch (IOException e) {
                    throw new IllegalStateException("cannot make a signature", e);
                }
            }
        });
    }

    private X509Certificate signed(ContentSigner signer) {
        try {
            builder.addExtension(Extension.basicConstraints, true, new BasicConstraints(authority));
            if (!authority) {
                builder.addExtension(
                        Extension.subjectAlternativeName,
                        false,
                        new GeneralNames(new GeneralName(GeneralName.dNSName, "mail.example.org")));
            }
            return new JcaX509CertificateConverter().getCertificate(builder.build(signer));
        } catch (IOException | GeneralSecurityException e) {
            throw new IllegalStateException("cannot make a certificate", e);
        }
    }

    static KeyPair newKey() {
        try {
            KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
            generator.initialize(256);
            return generator.generateKeyPair();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every Java platform has P-256", e);
        }
    }
}
