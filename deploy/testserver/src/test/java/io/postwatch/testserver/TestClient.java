package io.postwatch.testserver;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.X509Certificate;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509ExtendedTrustManager;

/** A client that reads and writes lines, so that tests read as dialogues. */
final class TestClient implements AutoCloseable {

    private static final int PATIENCE_MILLIS = 5000;

    private Socket socket;

    TestClient(TestServer server) throws IOException {
        socket = new Socket(InetAddress.ofLiteral("127.0.0.1"), server.port());
        socket.setSoTimeout(PATIENCE_MILLIS);
    }

    /** Sends one line and returns the line that answers it. */
    String says(String line) throws IOException {
        sends(line);
        return hears();
    }

    void sends(String line) throws IOException {
        socket.getOutputStream().write((line + "\r\n").getBytes(UTF_8));
    }

    /** Says that nothing more comes. */
    void ends() throws IOException {
        socket.shutdownOutput();
    }

    /** So many bytes. */
    String hears(int count) throws IOException {
        return new String(socket.getInputStream().readNBytes(count), ISO_8859_1);
    }

    /** Sends one line of which the given text is base64 and returns the answer. */
    String encodes(String text) throws IOException {
        return says(base64(text));
    }

    /** One line without its end; empty at the end of the connection. */
    String hears() throws IOException {
        StringBuilder line = new StringBuilder();
        InputStream in = socket.getInputStream();
        int next = in.read();
        while (next >= 0 && next != '\n') {
            if (next != '\r') {
                line.append((char) next);
            }
            next = in.read();
        }
        return line.toString();
    }

    String hearsAll() throws IOException {
        return new String(socket.getInputStream().readAllBytes(), ISO_8859_1);
    }

    void startTls(X509Certificate root) throws IOException, GeneralSecurityException {
        KeyStore trusted = KeyStore.getInstance(KeyStore.getDefaultType());
        trusted.load(null, null);
        trusted.setCertificateEntry("root", root);
        TrustManagerFactory trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        trust.init(trusted);
        startTls(trust.getTrustManagers());
    }

    /** Takes any chain: to look at it. */
    void startTlsWithAnybody() throws IOException, GeneralSecurityException {
        startTls(new TrustManager[] {new TrustsAnybody()});
    }

    private void startTls(TrustManager[] trust) throws IOException, GeneralSecurityException {
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(null, trust, null);
        SSLSocket tls =
                (SSLSocket) context.getSocketFactory().createSocket(socket, "mail.test", socket.getPort(), true);
        tls.startHandshake();
        socket = tls;
    }

    /** The chain the server sent, as it sent it. */
    List<X509Certificate> chain() throws IOException {
        return Arrays.stream(((SSLSocket) socket).getSession().getPeerCertificates())
                .map(X509Certificate.class::cast)
                .toList();
    }

    void patience(int millis) throws IOException {
        socket.setSoTimeout(millis);
    }

    static String base64(String text) {
        return Base64.getEncoder().encodeToString(text.getBytes(UTF_8));
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }

    private static final class TrustsAnybody extends X509ExtendedTrustManager {

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String type) {}

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String type, Socket socket) {}

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String type, SSLEngine engine) {}

        @Override
        public void checkClientTrusted(X509Certificate[] chain, String type) {}

        @Override
        public void checkClientTrusted(X509Certificate[] chain, String type, Socket socket) {}

        @Override
        public void checkClientTrusted(X509Certificate[] chain, String type, SSLEngine engine) {}

        @Override
        public X509Certificate[] getAcceptedIssuers() {
            return new X509Certificate[0];
        }
    }
}
