package io.postwatch.testserver;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.regex.Pattern;
import org.bouncycastle.asn1.ASN1ObjectIdentifier;
import org.bouncycastle.asn1.DEROctetString;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.AccessDescription;
import org.bouncycastle.asn1.x509.AuthorityInformationAccess;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.ExtendedKeyUsage;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.asn1.x509.KeyPurposeId;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;

/**
 * A certificate authority for tests: a root, an intermediate below it, and any server certificate, good or bad.
 *
 * <p>{@code authority.leaf("localhost", "127.0.0.1").expired().issue()}
 */
public final class TestAuthority {

    private static final char[] STORE_PASSWORD = "postwatch-test".toCharArray();
    private static final Duration BEFORE = Duration.ofDays(30);
    private static final Duration AFTER = Duration.ofDays(3650);

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
        return create(name, clock, clock.instant().plus(AFTER));
    }

    /** A new authority whose root expired yesterday, and nothing below it. */
    public static TestAuthority withExpiredRoot(String name, InstantSource clock) {
        return create(name, clock, clock.instant().minus(Duration.ofDays(1)));
    }

    private static TestAuthority create(String name, InstantSource clock, Instant rootUntil) {
        Instant from = clock.instant().minus(BEFORE);
        Issuer root = Issuer.root(new X500Name("CN=" + name + " Root"), new Issuer.Validity(from, rootUntil));
        Issuer.Validity validity = new Issuer.Validity(from, clock.instant().plus(AFTER));
        return new TestAuthority(clock, root, root.below(name + " Intermediate", Issuer.ecKey(), validity));
    }

    /** The authority kept in that file, made at the first call. */
    public static TestAuthority kept(Path file, String name, InstantSource clock) throws IOException {
        try {
            KeyStore store = KeyStore.getInstance("PKCS12");
            if (!Files.exists(file)) {
                TestAuthority made = create(name, clock);
                store.load(null, null);
                made.root.putInto(store, "root", STORE_PASSWORD);
                made.intermediate.putInto(store, "intermediate", STORE_PASSWORD);
                try (OutputStream out = Files.newOutputStream(file)) {
                    store.store(out, STORE_PASSWORD);
                }
                return made;
            }
            try (InputStream in = Files.newInputStream(file)) {
                store.load(in, STORE_PASSWORD);
            }
            return new TestAuthority(
                    clock,
                    Issuer.from(store, "root", STORE_PASSWORD),
                    Issuer.from(store, "intermediate", STORE_PASSWORD));
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
     * @param names DNS names (an IDN as A-labels, a wildcard with its asterisk) and IP addresses it names; may be none
     */
    public Leaf leaf(String... names) {
        return new Leaf(List.of(names));
    }

    /** An intermediate with that key, whether or not anybody has its private half. */
    public X509Certificate intermediateOf(PublicKey anyKey) {
        return root.over("Intermediate", anyKey, longTime());
    }

    private Issuer.Validity longTime() {
        return new Issuer.Validity(
                clock.instant().minus(BEFORE), clock.instant().plus(AFTER));
    }

    /** A server certificate in the making. */
    public final class Leaf {

        private static final Pattern ADDRESS = Pattern.compile("[0-9.]+|.*:.*");

        /** Of an arc reserved for examples (RFC 5612 gives 32473 as a private enterprise number for them). */
        private static final ASN1ObjectIdentifier PADDING = new ASN1ObjectIdentifier("1.3.6.1.4.1.32473.1");

        private final List<String> names;
        private Instant from = clock.instant().minus(Duration.ofDays(1));
        private Instant until = clock.instant().plus(Duration.ofDays(90));
        private boolean selfSigned;
        private boolean forClientsOnly;
        private String hash = "SHA256";
        private int padding;
        private KeyPair key = Issuer.ecKey();

        private Issuer signer = intermediate;

        /** What is sent behind the leaf. */
        private final List<Issuer> issuers = new ArrayList<>(List.of(intermediate));

        private boolean sendIssuers = true;

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
            sendIssuers = false;
            return this;
        }

        /** Signed by an intermediate that expired yesterday. */
        public Leaf expiredIntermediate() {
            Instant yesterday = clock.instant().minus(Duration.ofDays(1));
            return signedBy(root.below(
                    "Expired Intermediate",
                    Issuer.ecKey(),
                    new Issuer.Validity(clock.instant().minus(BEFORE), yesterday)));
        }

        /** Signed below so many more intermediates, each signed by the one before: a chain of two more than that. */
        public Leaf throughMore(int intermediates) {
            for (int i = 1; i <= intermediates; i++) {
                signer = signer.below("Further Intermediate " + i, Issuer.ecKey(), longTime());
                issuers.addFirst(signer);
            }
            return this;
        }

        /** Signed by the first of two issuers that signed each other; no path leads from them to the root. */
        public Leaf inLoop() {
            Issuer one = Issuer.root(new X500Name("CN=One of Two"), longTime());
            Issuer other = Issuer.root(new X500Name("CN=Other of Two"), longTime());
            signedBy(one.signedBy(other, longTime()));
            issuers.add(other.signedBy(one, longTime()));
            return this;
        }

        /** The server sends the root, too, and all issuers the wrong way round. */
        public Leaf inWrongOrder() {
            issuers.add(root);
            Collections.reverse(issuers);
            return this;
        }

        /** Issued for client authentication only. */
        public Leaf forClientsOnly() {
            forClientsOnly = true;
            return this;
        }

        /** With an RSA key of that size. */
        public Leaf rsa(int bits) {
            key = Issuer.rsaKey(bits);
            return this;
        }

        /** With a signature over SHA-1. */
        public Leaf sha1() {
            hash = "SHA1";
            return this;
        }

        /** With a signature over MD5, by an intermediate that has an RSA key. */
        public Leaf md5() {
            hash = "MD5";
            return signedBy(root.below("RSA Intermediate", Issuer.rsaKey(2048), longTime()));
        }

        /** Longer by so many bytes that say nothing. */
        public Leaf padded(int bytes) {
            padding = bytes;
            return this;
        }

        private Leaf signedBy(Issuer issuer) {
            signer = issuer;
            issuers.clear();
            issuers.add(issuer);
            return this;
        }

        /** Makes the certificate. */
        public ServerIdentity issue() {
            X500Name subject = new X500Name(names.isEmpty() ? "CN=nameless" : "CN=" + names.getFirst());
            X500Name issuer = selfSigned ? subject : signer.name();
            PrivateKey issuerKey = selfSigned ? key.getPrivate() : signer.key();
            X509Certificate certificate = Issuer.sign(
                    issuer,
                    issuerKey,
                    hash,
                    subject,
                    key.getPublic(),
                    new Issuer.Validity(from, until),
                    this::addExtensions);
            List<X509Certificate> chain = new ArrayList<>(List.of(certificate));
            if (!selfSigned && sendIssuers) {
                issuers.forEach(sent -> chain.add(sent.certificate()));
            }
            return new ServerIdentity(key.getPrivate(), chain);
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
            if (padding > 0) {
                builder.addExtension(PADDING, false, new DEROctetString(new byte[padding]));
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
}
