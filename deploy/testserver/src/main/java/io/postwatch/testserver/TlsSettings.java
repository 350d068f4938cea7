package io.postwatch.testserver;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;
import java.security.GeneralSecurityException;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.util.List;
import javax.net.ssl.KeyManager;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509TrustManager;

/**
 * How a server speaks TLS.
 *
 * @param identities the first one serves whoever does not ask for a name of another
 * @param protocols those it speaks; whatever the platform does, where empty
 * @param cipherSuites those it speaks; whatever the platform does, where empty
 */
record TlsSettings(
        List<ServerIdentity> identities,
        List<String> protocols,
        List<String> cipherSuites,
        boolean clientCertificateDemanded) {

    /** What runs over TLS. */
    record Secured(InputStream in, OutputStream out) {}

    TlsSettings {
        identities = List.copyOf(identities);
        protocols = List.copyOf(protocols);
        cipherSuites = List.copyOf(cipherSuites);
    }

    static TlsSettings none() {
        return new TlsSettings(List.of(), List.of(), List.of(), false);
    }

    TlsSettings serving(List<ServerIdentity> served) {
        return new TlsSettings(served, protocols, cipherSuites, clientCertificateDemanded);
    }

    TlsSettings speaking(List<String> versions) {
        return new TlsSettings(identities, versions, cipherSuites, clientCertificateDemanded);
    }

    TlsSettings choosing(List<String> suites) {
        return new TlsSettings(identities, protocols, suites, clientCertificateDemanded);
    }

    TlsSettings demandingClientCertificate() {
        return new TlsSettings(identities, protocols, cipherSuites, true);
    }

    /** Waits for the client's handshake and completes it. */
    Secured accept(Socket socket) throws IOException {
        if (identities.isEmpty()) {
            throw new IllegalStateException("this server has no certificate");
        }
        if (OldTlsServer.isOld(protocols)) {
            return OldTlsServer.accept(socket, identities.getFirst(), protocols);
        }
        SSLSocket tls = (SSLSocket) context().getSocketFactory().createSocket(socket, "", socket.getPort(), false);
        tls.setUseClientMode(false);
        if (!protocols.isEmpty()) {
            tls.setEnabledProtocols(protocols.toArray(String[]::new));
        }
        if (!cipherSuites.isEmpty()) {
            tls.setEnabledCipherSuites(cipherSuites.toArray(String[]::new));
        }
        tls.setNeedClientAuth(clientCertificateDemanded);
        tls.startHandshake();
        return new Secured(tls.getInputStream(), tls.getOutputStream());
    }

    private SSLContext context() {
        try {
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(new KeyManager[] {new SentChains(identities)}, new TrustManager[] {new NobodyTrusted()}, null);
            return context;
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("cannot serve with these identities", e);
        }
    }

    /** No client has a certificate that is good here. The platform's authorities would be made ready at every connection. */
    private static final class NobodyTrusted implements X509TrustManager {

        @Override
        public void checkClientTrusted(X509Certificate[] chain, String authType) throws CertificateException {
            throw new CertificateException("this server trusts no client");
        }

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String authType) throws CertificateException {
            throw new CertificateException("this is a server");
        }

        @Override
        public X509Certificate[] getAcceptedIssuers() {
            return new X509Certificate[0];
        }
    }
}
