package io.postwatch.agent.probe.tls;

import java.net.Socket;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.security.interfaces.RSAPublicKey;
import java.util.List;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.X509ExtendedTrustManager;

/**
 * Keeps the chain of one handshake and lets the handshake go on whatever it is worth: {@link ChainJudge} judges it
 * afterwards, and a connection judged bad carries no credentials. Extended, so that the JDK adds no checks of its own.
 *
 * <p>Refuses only keys so large that checking their signatures would cost this agent too much.
 */
final class ChainCapture extends X509ExtendedTrustManager {

    static final int MAX_RSA_BITS = 8192;

    private List<X509Certificate> chain = List.of();

    /** Leaf first; empty where the server sent none. */
    List<X509Certificate> chain() {
        return chain;
    }

    /** Whether checking a signature with the key of this certificate would cost too much. */
    static boolean hasTooLargeKey(X509Certificate certificate) {
        return certificate.getPublicKey() instanceof RSAPublicKey rsa
                && rsa.getModulus().bitLength() > MAX_RSA_BITS;
    }

    @Override
    public void checkServerTrusted(X509Certificate[] sent, String authType) throws CertificateException {
        chain = List.of(sent);
        for (X509Certificate certificate : sent) {
            if (hasTooLargeKey(certificate)) {
                throw new CertificateException("an RSA key of more than " + MAX_RSA_BITS + " bits");
            }
        }
    }

    @Override
    public void checkServerTrusted(X509Certificate[] sent, String authType, Socket socket) throws CertificateException {
        checkServerTrusted(sent, authType);
    }

    @Override
    public void checkServerTrusted(X509Certificate[] sent, String authType, SSLEngine engine)
            throws CertificateException {
        checkServerTrusted(sent, authType);
    }

    @Override
    public void checkClientTrusted(X509Certificate[] sent, String authType) throws CertificateException {
        throw new CertificateException("this side is the client");
    }

    @Override
    public void checkClientTrusted(X509Certificate[] sent, String authType, Socket socket) throws CertificateException {
        checkClientTrusted(sent, authType);
    }

    @Override
    public void checkClientTrusted(X509Certificate[] sent, String authType, SSLEngine engine)
            throws CertificateException {
        checkClientTrusted(sent, authType);
    }

    @Override
    public X509Certificate[] getAcceptedIssuers() {
        return new X509Certificate[0];
    }
}
