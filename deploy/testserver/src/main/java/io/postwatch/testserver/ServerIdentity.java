package io.postwatch.testserver;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.cert.Certificate;
import java.security.cert.CertificateEncodingException;
import java.security.cert.CertificateParsingException;
import java.security.cert.X509Certificate;
import java.security.interfaces.ECPrivateKey;
import java.util.Base64;
import java.util.Collection;
import java.util.List;
import org.bouncycastle.asn1.pkcs.PrivateKeyInfo;
import org.bouncycastle.asn1.x509.SubjectPublicKeyInfo;

/**
 * A server's key and the chain it sends.
 *
 * @param chain leaf first
 */
public record ServerIdentity(PrivateKey key, List<X509Certificate> chain) {

    public ServerIdentity {
        chain = List.copyOf(chain);
        if (chain.isEmpty()) {
            throw new IllegalArgumentException("a chain has at least one certificate");
        }
    }

    public X509Certificate leaf() {
        return chain.getFirst();
    }

    /** Writes {@code server.pem} (the chain) and {@code server.key} (PKCS #8) into a directory, as mail servers want them. */
    public void writePem(Path directory) throws IOException {
        Files.createDirectories(directory);
        writePem(directory.resolve("server.pem"), chain);
        Files.writeString(directory.resolve("server.key"), pem("PRIVATE KEY", encodedKey()));
    }

    /** GnuTLS takes a key on a curve only with the public key in it, which is optional in RFC 5915, and absent in Java. */
    private byte[] encodedKey() throws IOException {
        if (!(key instanceof ECPrivateKey onCurve)) {
            return key.getEncoded();
        }
        int bits = onCurve.getParams().getOrder().bitLength();
        SubjectPublicKeyInfo known =
                SubjectPublicKeyInfo.getInstance(leaf().getPublicKey().getEncoded());
        return new PrivateKeyInfo(
                        PrivateKeyInfo.getInstance(key.getEncoded()).getPrivateKeyAlgorithm(),
                        new org.bouncycastle.asn1.sec.ECPrivateKey(
                                bits, onCurve.getS(), known.getPublicKeyData(), null))
                .getEncoded();
    }

    /** Writes key and chain into one PKCS #12 file. */
    public void writePkcs12(Path file, String password) throws IOException {
        try (OutputStream out = Files.newOutputStream(file)) {
            keyStore(password.toCharArray()).store(out, password.toCharArray());
        } catch (GeneralSecurityException e) {
            throw new IOException("cannot write " + file, e);
        }
    }

    /** Whether the leaf has that DNS name among its own, letter by letter but for case. */
    boolean names(String dnsName) {
        try {
            Collection<List<?>> alternatives = leaf().getSubjectAlternativeNames();
            return alternatives != null
                    && alternatives.stream()
                            .anyMatch(name -> name.get(1) instanceof String text && text.equalsIgnoreCase(dnsName));
        } catch (CertificateParsingException e) {
            throw new IllegalStateException("cannot read a certificate of our own", e);
        }
    }

    @Override
    public String toString() {
        return "ServerIdentity[" + leaf().getSubjectX500Principal() + "]";
    }

    static void writePem(Path file, List<X509Certificate> certificates) throws IOException {
        StringBuilder text = new StringBuilder();
        for (X509Certificate certificate : certificates) {
            try {
                text.append(pem("CERTIFICATE", certificate.getEncoded()));
            } catch (CertificateEncodingException e) {
                throw new IOException("cannot encode a certificate", e);
            }
        }
        Files.writeString(file, text);
    }

    private static String pem(String kind, byte[] der) {
        String base64 = Base64.getMimeEncoder(64, "\n".getBytes(StandardCharsets.US_ASCII))
                .encodeToString(der);
        return "-----BEGIN " + kind + "-----\n" + base64 + "\n-----END " + kind + "-----\n";
    }

    private KeyStore keyStore(char[] password) throws GeneralSecurityException, IOException {
        KeyStore store = KeyStore.getInstance("PKCS12");
        store.load(null, null);
        store.setKeyEntry("server", key, password, chain.toArray(Certificate[]::new));
        return store;
    }
}
