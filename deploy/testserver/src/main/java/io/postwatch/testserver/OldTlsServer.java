package io.postwatch.testserver;

import java.io.IOException;
import java.net.Socket;
import java.security.SecureRandom;
import java.security.cert.CertificateEncodingException;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.Map;
import org.bouncycastle.jce.provider.BouncyCastleProvider;
import org.bouncycastle.tls.Certificate;
import org.bouncycastle.tls.CipherSuite;
import org.bouncycastle.tls.DefaultTlsServer;
import org.bouncycastle.tls.ProtocolVersion;
import org.bouncycastle.tls.TlsCredentialedSigner;
import org.bouncycastle.tls.TlsServerProtocol;
import org.bouncycastle.tls.crypto.TlsCertificate;
import org.bouncycastle.tls.crypto.TlsCryptoParameters;
import org.bouncycastle.tls.crypto.impl.jcajce.JcaDefaultTlsCredentialedSigner;
import org.bouncycastle.tls.crypto.impl.jcajce.JcaTlsCrypto;
import org.bouncycastle.tls.crypto.impl.jcajce.JcaTlsCryptoProvider;

/**
 * A server that speaks TLS 1.0 and 1.1, which Java switches off for a whole process; this stack has nothing to do with
 * Java's.
 */
final class OldTlsServer extends DefaultTlsServer {

    private static final Map<String, ProtocolVersion> OLD =
            Map.of("TLSv1", ProtocolVersion.TLSv10, "TLSv1.1", ProtocolVersion.TLSv11);

    private final JcaTlsCrypto jca;
    private final ServerIdentity identity;
    private final ProtocolVersion[] versions;

    private OldTlsServer(JcaTlsCrypto jca, ServerIdentity identity, ProtocolVersion[] versions) {
        super(jca);
        this.jca = jca;
        this.identity = identity;
        this.versions = versions;
    }

    /** Whether only old versions are wanted. */
    static boolean isOld(List<String> protocols) {
        return !protocols.isEmpty() && OLD.keySet().containsAll(protocols);
    }

    static TlsSettings.Secured accept(Socket socket, ServerIdentity identity, List<String> protocols)
            throws IOException {
        // Newest first, as the stack wants them.
        ProtocolVersion[] versions = protocols.stream()
                .sorted((one, other) -> other.compareTo(one))
                .map(OLD::get)
                .toArray(ProtocolVersion[]::new);
        JcaTlsCrypto crypto = new JcaTlsCryptoProvider()
                .setProvider(new BouncyCastleProvider())
                .create(new SecureRandom());
        TlsServerProtocol protocol = new TlsServerProtocol(socket.getInputStream(), socket.getOutputStream());
        protocol.accept(new OldTlsServer(crypto, identity, versions));
        return new TlsSettings.Secured(protocol.getInputStream(), protocol.getOutputStream());
    }

    @Override
    protected ProtocolVersion[] getSupportedVersions() {
        return versions.clone();
    }

    @Override
    protected int[] getSupportedCipherSuites() {
        boolean rsa = identity.key().getAlgorithm().equals("RSA");
        return new int[] {
            rsa ? CipherSuite.TLS_ECDHE_RSA_WITH_AES_128_CBC_SHA : CipherSuite.TLS_ECDHE_ECDSA_WITH_AES_128_CBC_SHA
        };
    }

    @Override
    protected TlsCredentialedSigner getRSASignerCredentials() throws IOException {
        return signer();
    }

    @Override
    protected TlsCredentialedSigner getECDSASignerCredentials() throws IOException {
        return signer();
    }

    private TlsCredentialedSigner signer() throws IOException {
        List<X509Certificate> chain = identity.chain();
        TlsCertificate[] certificates = new TlsCertificate[chain.size()];
        try {
            for (int i = 0; i < certificates.length; i++) {
                certificates[i] = jca.createCertificate(chain.get(i).getEncoded());
            }
        } catch (CertificateEncodingException e) {
            throw new IllegalStateException("cannot encode a certificate", e);
        }
        return new JcaDefaultTlsCredentialedSigner(
                new TlsCryptoParameters(context), jca, identity.key(), new Certificate(certificates), null);
    }
}
