package io.postwatch.testserver;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.math.BigInteger;
import java.nio.file.Files;
import java.nio.file.Path;
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
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Date;
import java.util.List;
import java.util.regex.Pattern;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.AccessDescription;
import org.bouncycastle.asn1.x509.AuthorityInformationAccess;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.ExtendedKeyUsage;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.asn1.x509.KeyPurposeId;
import org.bouncycastle.asn1.x509.KeyUsage;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;

/**
 * A certificate authority for tests: a root, an intermediate below it, and any server certificate, good or bad.
 *
 * <p>{@code authority.leaf("localhost", "127.0.0.1").expired().issue()}
 */
public final class TestAuthority {

    private static final char[] STORE_PASSWORD = "postwatch-test".toCharArray();
    private static final SecureRandom RANDOM = new SecureRandom();

    private final InstantSource clock;
    private final Issuer root;
    private final Issuer intermediate;

    private TestAuthority(InstantSource clock, Issuer root, Issuer intermediate) {
        this.clock = clock;
        this.root = root;
        this.intermediate = intermediate;
    }

    /** A new authority that lives as long as this object. */
    public static TestAuthority create() {
        return create("Postwatch Test", InstantSource.system());
    }

    /** A new authority with a name of one's own. */
    public static TestAuthority create(String name, InstantSource clock) {
        KeyPair rootKey = ecKey();
        X500Name rootName = new X500Name("CN=" + name + " Root");
        Instant now = clock.instant();
        Certificates.Validity validity =
                new Certificates.Validity(now.minus(Duration.ofDays(30)), now.plus(Duration.ofDays(3650)));
        X509Certificate rootCertificate =
                Certificates.authority(rootName, rootName, rootKey.getPublic(), rootKey.getPrivate(), validity);
        KeyPair key = ecKey();
        X500Name intermediateName = new X500Name("CN=" + name + " Intermediate");
        X509Certificate certificate =
                Certificates.authority(rootName, intermediateName, key.getPublic(), rootKey.getPrivate(), validity);
        return new TestAuthority(
                clock,
                new Issuer(rootName, rootKey.getPrivate(), rootCertificate),
                new Issuer(intermediateName, key.getPrivate(), certificate));
    }

    /** The authority kept in that file, made at the first call. */
    public static TestAuthority kept(Path file, String name, InstantSource clock) throws IOException {
        try {
            KeyStore store = KeyStore.getInstance("PKCS12");
            if (!Files.exists(file)) {
                TestAuthority made = create(name, clock);
                store.load(null, null);
                made.root.putInto(store, "root");
                made.intermediate.putInto(store, "intermediate");
                try (OutputStream out = Files.newOutputStream(file)) {
                    store.store(out, STORE_PASSWORD);
                }
                return made;
            }
            try (InputStream in = Files.newInputStream(file)) {
                store.load(in, STORE_PASSWORD);
            }
            return new TestAuthority(clock, Issuer.from(store, "root"), Issuer.from(store, "intermediate"));
        } catch (GeneralSecurityException e) {
            throw new IOException("cannot keep the test authority in " + file, e);
        }
    }

    /** What a client has to trust. */
    public X509Certificate root() {
        return root.certificate();
    }

    /** Writes the root as PEM. */
    public void writePem(Path file) throws IOException {
        ServerIdentity.writePem(file, List.of(root.certificate()));
    }

    /**
     * Begins a server certificate; without further words a good one, for 90 days.
     *
     * @param names DNS names and IP addresses it names; may be none
     */
    public Leaf leaf(String... names) {
        return new Leaf(List.of(names));
    }

    /** A server certificate in the making. */
    public final class Leaf {

        private static final Pattern ADDRESS = Pattern.compile("[0-9.]+|.*:.*");

        private final List<String> names;
        private Instant from = clock.instant().minus(Duration.ofDays(1));
        private Instant until = clock.instant().plus(Duration.ofDays(90));
        private boolean selfSigned;
        private boolean sendIntermediate = true;
        private boolean forClientsOnly;
        private String signature = "SHA256withECDSA";
        private KeyPair key = ecKey();

        private Leaf(List<String> names) {
            this.names = names;
        }

        /** Expired so long ago. */
        public Leaf expired(Duration ago) {
            until = clock.instant().minus(ago);
            from = until.minus(Duration.ofDays(90));
            return this;
        }

        /** Valid only from tomorrow on. */
        public Leaf notYetValid() {
            from = clock.instant().plus(Duration.ofDays(1));
            return this;
        }

        public Leaf expiringIn(Duration time) {
            until = clock.instant().plus(time);
            return this;
        }

        /** Signed by its own key instead of the authority. */
        public Leaf selfSigned() {
            selfSigned = true;
            return this;
        }

        /** The server forgets to send the intermediate. */
        public Leaf withoutIntermediate() {
            sendIntermediate = false;
            return this;
        }

        /** Issued for client authentication only. */
        public Leaf forClientsOnly() {
            forClientsOnly = true;
            return this;
        }

        /** With an RSA key of that size. */
        public Leaf rsa(int bits) {
            key = rsaKey(bits);
            return this;
        }

        /** With a signature over SHA-1. */
        public Leaf sha1() {
            signature = "SHA1withECDSA";
            return this;
        }

        /** Makes the certificate. */
        public ServerIdentity issue() {
            X500Name subject = new X500Name(names.isEmpty() ? "CN=nameless" : "CN=" + names.getFirst());
            X500Name issuer = selfSigned ? subject : intermediate.name();
            PrivateKey issuerKey = selfSigned ? key.getPrivate() : intermediate.key();
            String algorithm =
                    selfSigned && key.getPrivate().getAlgorithm().equals("RSA") ? "SHA256withRSA" : signature;
            JcaX509v3CertificateBuilder builder = new JcaX509v3CertificateBuilder(
                    issuer, serial(), Date.from(from), Date.from(until), subject, key.getPublic());
            X509Certificate certificate = Certificates.sign(builder, issuerKey, algorithm, this::addExtensions);
            boolean alone = selfSigned || !sendIntermediate;
            return new ServerIdentity(
                    key.getPrivate(), alone ? List.of(certificate) : List.of(certificate, intermediate.certificate()));
        }

        private void addExtensions(JcaX509v3CertificateBuilder builder) throws IOException {
            builder.addExtension(Extension.basicConstraints, true, new BasicConstraints(false));
            builder.addExtension(
                    Extension.extendedKeyUsage,
                    false,
                    new ExtendedKeyUsage(
                            forClientsOnly ? KeyPurposeId.id_kp_clientAuth : KeyPurposeId.id_kp_serverAuth));
            if (!selfSigned) {
                builder.addExtension(
                        Extension.authorityInfoAccess,
                        false,
                        new AuthorityInformationAccess(
                                AccessDescription.id_ad_caIssuers,
                                new GeneralName(GeneralName.uniformResourceIdentifier, "http://ca.invalid/issuer")));
            }
            if (!names.isEmpty()) {
                GeneralName[] alternatives = names.stream()
                        .map(name -> new GeneralName(
                                ADDRESS.matcher(name).matches() ? GeneralName.iPAddress : GeneralName.dNSName, name))
                        .toArray(GeneralName[]::new);
                builder.addExtension(Extension.subjectAlternativeName, false, new GeneralNames(alternatives));
            }
        }
    }

    private record Issuer(X500Name name, PrivateKey key, X509Certificate certificate) {

        static Issuer from(KeyStore store, String alias) throws GeneralSecurityException {
            X509Certificate certificate = (X509Certificate) store.getCertificate(alias);
            return new Issuer(
                    X500Name.getInstance(certificate.getSubjectX500Principal().getEncoded()),
                    (PrivateKey) store.getKey(alias, STORE_PASSWORD),
                    certificate);
        }

        void putInto(KeyStore store, String alias) throws GeneralSecurityException {
            store.setKeyEntry(alias, key, STORE_PASSWORD, new Certificate[] {certificate});
        }
    }

    static BigInteger serial() {
        return new BigInteger(120, RANDOM);
    }

    private static KeyPair ecKey() {
        try {
            KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
            generator.initialize(new ECGenParameterSpec("secp256r1"));
            return generator.generateKeyPair();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every Java platform has P-256", e);
        }
    }

    private static KeyPair rsaKey(int bits) {
        try {
            KeyPairGenerator generator = KeyPairGenerator.getInstance("RSA");
            generator.initialize(bits);
            return generator.generateKeyPair();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every Java platform has RSA", e);
        }
    }

    /** The two kinds of certificate, over BouncyCastle. */
    private static final class Certificates {

        private record Validity(Instant from, Instant until) {}

        @FunctionalInterface
        private interface Extensions {
            void addTo(JcaX509v3CertificateBuilder builder) throws IOException;
        }

        static X509Certificate authority(
                X500Name issuer, X500Name subject, PublicKey key, PrivateKey issuerKey, Validity validity) {
            JcaX509v3CertificateBuilder builder = new JcaX509v3CertificateBuilder(
                    issuer, serial(), Date.from(validity.from()), Date.from(validity.until()), subject, key);
            return sign(builder, issuerKey, "SHA256withECDSA", extended -> {
                extended.addExtension(Extension.basicConstraints, true, new BasicConstraints(true));
                extended.addExtension(Extension.keyUsage, true, new KeyUsage(KeyUsage.keyCertSign | KeyUsage.cRLSign));
            });
        }

        static X509Certificate sign(
                JcaX509v3CertificateBuilder builder, PrivateKey issuerKey, String algorithm, Extensions extensions) {
            try {
                extensions.addTo(builder);
                return new JcaX509CertificateConverter()
                        .getCertificate(builder.build(new JcaContentSignerBuilder(algorithm).build(issuerKey)));
            } catch (IOException | GeneralSecurityException | OperatorCreationException e) {
                throw new IllegalStateException("cannot make a certificate", e);
            }
        }
    }
}
