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
import java.security.cert.X509Certificate;
import java.util.Base64;
import java.util.List;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;

/**
 * A server's key and the chain it sends.
 *
 * @param chain leaf first
 */
public record ServerIdentity(PrivateKey key, List<X509Certificate> chain) {

    private static final char[] NO_PASSWORD = new char[0];

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
        Files.writeString(directory.resolve("server.key"), pem("PRIVATE KEY", key.getEncoded()));
    }

    /** Writes key and chain into one PKCS #12 file. */
    public void writePkcs12(Path file, String password) throws IOException {
        try (OutputStream out = Files.newOutputStream(file)) {
            keyStore(password.toCharArray()).store(out, password.toCharArray());
        } catch (GeneralSecurityException e) {
            throw new IOException("cannot write " + file, e);
        }
    }

    SSLContext sslContext() {
        try {
            KeyManagerFactory keys = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
            keys.init(keyStore(NO_PASSWORD), NO_PASSWORD);
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(keys.getKeyManagers(), null, null);
            return context;
        } catch (GeneralSecurityException | IOException e) {
            throw new IllegalStateException("cannot serve with this identity", e);
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
