package io.postwatch.testserver;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.Socket;
import java.security.SecureRandom;
import org.bouncycastle.jce.provider.BouncyCastleProvider;
import org.bouncycastle.tls.DefaultTlsClient;
import org.bouncycastle.tls.ProtocolVersion;
import org.bouncycastle.tls.ServerOnlyTlsAuthentication;
import org.bouncycastle.tls.TlsAuthentication;
import org.bouncycastle.tls.TlsClientProtocol;
import org.bouncycastle.tls.TlsServerCertificate;
import org.bouncycastle.tls.crypto.impl.jcajce.JcaTlsCryptoProvider;

/** A client that speaks one old version over STARTTLS of SMTP and trusts everybody. */
final class OldTlsClient implements AutoCloseable {

    private final TlsClientProtocol protocol;
    private final Peer peer;
    private final BufferedReader in;

    OldTlsClient(TestServer server, String version) throws IOException {
        Socket socket = new Socket(InetAddress.ofLiteral("127.0.0.1"), server.port());
        BufferedReader plain = new BufferedReader(new InputStreamReader(socket.getInputStream(), US_ASCII));
        plain.readLine();
        socket.getOutputStream().write("STARTTLS\r\n".getBytes(US_ASCII));
        plain.readLine();
        protocol = new TlsClientProtocol(socket.getInputStream(), socket.getOutputStream());
        peer = new Peer(version.equals("TLSv1") ? ProtocolVersion.TLSv10 : ProtocolVersion.TLSv11);
        protocol.connect(peer);
        in = new BufferedReader(new InputStreamReader(protocol.getInputStream(), US_ASCII));
    }

    String version() {
        return peer.spoken();
    }

    String says(String line) throws IOException {
        protocol.getOutputStream().write((line + "\r\n").getBytes(US_ASCII));
        return in.readLine();
    }

    @Override
    public void close() throws IOException {
        protocol.close();
    }

    private static final class Peer extends DefaultTlsClient {

        private final ProtocolVersion only;

        Peer(ProtocolVersion only) {
            super(new JcaTlsCryptoProvider()
                    .setProvider(new BouncyCastleProvider())
                    .create(new SecureRandom()));
            this.only = only;
        }

        String spoken() {
            return context.getServerVersion().getName();
        }

        @Override
        protected ProtocolVersion[] getSupportedVersions() {
            return only.only();
        }

        @Override
        public TlsAuthentication getAuthentication() {
            return new ServerOnlyTlsAuthentication() {
                @Override
                public void notifyServerCertificate(TlsServerCertificate certificate) {
                    // Whoever it is.
                }
            };
        }
    }
}
