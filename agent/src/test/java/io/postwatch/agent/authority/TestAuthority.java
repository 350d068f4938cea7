package io.postwatch.agent.authority;

import java.io.IOException;
import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.KeyStore;
import java.security.MessageDigest;
import java.security.PublicKey;
import java.security.cert.X509Certificate;
import java.security.spec.ECGenParameterSpec;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicLong;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.cert.CertIOException;
import org.bouncycastle.cert.X509v3CertificateBuilder;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;
import org.bouncycastle.pkcs.PKCSException;
import org.bouncycastle.pkcs.jcajce.JcaPKCS10CertificationRequest;

/** A platform's certificate authority, as a controller has one. */
public final class TestAuthority {

    /** As a platform's roots have it. */
    private static final BasicConstraints LEAVES_ONLY = new BasicConstraints(0);

    private static final AtomicLong SERIALS = new AtomicLong(1);

    private final KeyPair keys = generateKeys();
    private final X509Certificate root;

    public TestAuthority(String name) {
        this(name, Instant.now().plus(Duration.ofDays(3650)));
    }

    public TestAuthority(String name, Instant until) {
        this.root = issue(
                keys.getPublic(),
                "CN=" + name,
                "CN=" + name,
                Instant.now().minus(Duration.ofDays(3650)),
                until,
                new Extension[] {extension(Extension.basicConstraints, LEAVES_ONLY)});
    }

    public X509Certificate root() {
        return root;
    }

    /** A certificate of another authority's key by this one, as a platform's next root has it. */
    public X509Certificate certify(TestAuthority next) {
        return issue(
                next.keys.getPublic(),
                next.root.getSubjectX500Principal().getName(),
                root.getSubjectX500Principal().getName(),
                Instant.now().minus(Duration.ofDays(1)),
                Instant.now().plus(Duration.ofDays(3650)),
                new Extension[] {extension(Extension.basicConstraints, LEAVES_ONLY)});
    }

    public byte[] keyHash() throws GeneralSecurityException {
        return MessageDigest.getInstance("SHA-256").digest(keys.getPublic().getEncoded());
    }

    public X509Certificate serverCertificate(PublicKey key, String dnsName) {
        return serverCertificate(
                key,
                dnsName,
                Instant.now().minus(Duration.ofHours(1)),
                Instant.now().plus(Duration.ofDays(30)));
    }

    public X509Certificate serverCertificate(PublicKey key, String dnsName, Instant from, Instant until) {
        return issue(key, "CN=" + dnsName, root.getSubjectX500Principal().getName(), from, until, new Extension[] {
            extension(Extension.subjectAlternativeName, new GeneralNames(new GeneralName(GeneralName.dNSName, dnsName)))
        });
    }

    /** What a server needs for TLS by this name. */
    public SSLContext serverContext(String dnsName) throws GeneralSecurityException, IOException {
        KeyPair serverKeys = generateKeys();
        KeyStore store = KeyStore.getInstance("PKCS12");
        store.load(null, null);
        store.setKeyEntry("server", serverKeys.getPrivate(), new char[0], new X509Certificate[] {
            serverCertificate(serverKeys.getPublic(), dnsName), root
        });
        KeyManagerFactory factory = KeyManagerFactory.getInstance("PKIX");
        factory.init(store, new char[0]);
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(factory.getKeyManagers(), null, null);
        return context;
    }

    public X509Certificate clientCertificate(byte[] certificateRequest, UUID agent, Instant from, Instant until)
            throws IOException, GeneralSecurityException, OperatorCreationException, PKCSException {
        JcaPKCS10CertificationRequest request = new JcaPKCS10CertificationRequest(certificateRequest);
        if (!request.isSignatureValid(new org.bouncycastle.operator.jcajce.JcaContentVerifierProviderBuilder()
                .build(request.getPublicKey()))) {
            throw new GeneralSecurityException("the request isn't signed by its own key");
        }
        return issue(
                request.getPublicKey(),
                "CN=" + agent,
                root.getSubjectX500Principal().getName(),
                from,
                until,
                new Extension[0]);
    }

    public static KeyPair generateKeys() {
        try {
            KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
            generator.initialize(new ECGenParameterSpec("secp256r1"));
            return generator.generateKeyPair();
        } catch (GeneralSecurityException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    private static Extension extension(
            org.bouncycastle.asn1.ASN1ObjectIdentifier type, org.bouncycastle.asn1.ASN1Encodable value) {
        try {
            return Extension.create(type, false, value);
        } catch (IOException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    private X509Certificate issue(
            PublicKey key, String subject, String issuer, Instant from, Instant until, Extension[] extensions) {
        X509v3CertificateBuilder builder = new JcaX509v3CertificateBuilder(
                new X500Name(issuer),
                BigInteger.valueOf(SERIALS.getAndIncrement()),
                Date.from(from),
                Date.from(until),
                new X500Name(subject),
                key);
        try {
            for (Extension extension : extensions) {
                builder.addExtension(extension);
            }
            return new JcaX509CertificateConverter()
                    .getCertificate(
                            builder.build(new JcaContentSignerBuilder("SHA256withECDSA").build(keys.getPrivate())));
        } catch (OperatorCreationException | GeneralSecurityException | CertIOException impossible) {
            throw new IllegalStateException(impossible);
        }
    }
}
