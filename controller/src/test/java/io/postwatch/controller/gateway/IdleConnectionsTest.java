package io.postwatch.controller.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import io.postwatch.controller.ControllerTest;
import io.postwatch.controller.enrolment.CertificateAuthority;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.security.KeyStore;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManagerFactory;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;

/** Who connects and doesn't call is sent away, in the tests' controller after two seconds; TLS itself may take ten. */
@ControllerTest
class IdleConnectionsTest {
    private static final int LONG_MILLIS = 20_000;
    private static final int END = -1;

    private final AgentServer server;
    private final CertificateAuthority authority;

    IdleConnectionsTest(@Autowired AgentServer server, @Autowired CertificateAuthority authority) {
        this.server = server;
        this.authority = authority;
    }

    @Test
    void aConnectionThatDoesNotBeginTlsIsClosed() throws Exception {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), server.port())) {
            readToTheEnd(socket);
        }
    }

    @Test
    void aConnectionWithTlsAndNoCallIsClosed() throws Exception {
        KeyStore roots = KeyStore.getInstance(KeyStore.getDefaultType());
        roots.load(null, null);
        roots.setCertificateEntry("root", authority.roots().getFirst());
        TrustManagerFactory trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        trust.init(roots);
        SSLContext tls = SSLContext.getInstance("TLS");
        tls.init(null, trust.getTrustManagers(), null);
        try (SSLSocket socket =
                (SSLSocket) tls.getSocketFactory().createSocket(InetAddress.getLoopbackAddress(), server.port())) {
            SSLParameters parameters = socket.getSSLParameters();
            parameters.setApplicationProtocols(new String[] {"h2"});
            socket.setSSLParameters(parameters);
            socket.startHandshake();
            assertThat(socket.getApplicationProtocol()).isEqualTo("h2");
            readToTheEnd(socket);
        }
    }

    /** What comes is settings and a farewell; a socket that stays open throws. */
    private static void readToTheEnd(Socket socket) throws IOException {
        socket.setSoTimeout(LONG_MILLIS);
        byte[] buffer = new byte[1024];
        int read = 0;
        while (read != END) {
            read = socket.getInputStream().read(buffer);
        }
        assertThat(read).isEqualTo(END);
    }
}
