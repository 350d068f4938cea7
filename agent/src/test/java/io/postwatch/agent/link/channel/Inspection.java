package io.postwatch.agent.link.channel;

import io.postwatch.agent.authority.TestAuthority;
import io.postwatch.agent.identity.PlatformTrust;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.Socket;
import java.security.GeneralSecurityException;
import java.util.concurrent.atomic.AtomicInteger;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;

/**
 * What a proxy does that inspects TLS: it answers in the server's place, with a certificate made up for the connection, and
 * reads what the client says.
 */
public final class Inspection implements ConnectProxy.Tunnel {

    private final SSLContext context;
    private final AtomicInteger connections = new AtomicInteger();
    private final ByteArrayOutputStream read = new ByteArrayOutputStream();
    private volatile boolean inspecting = true;

    /** With certificates of this authority. */
    public Inspection(TestAuthority authority) throws GeneralSecurityException, IOException {
        context = authority.serverContext(PlatformTrust.CONTROLLER_NAME);
    }

    /** From now on it lets everything pass unopened. */
    public void exempt() {
        inspecting = false;
    }

    public int connections() {
        return connections.get();
    }

    /** All that clients said inside TLS. */
    public synchronized byte[] read() {
        return read.toByteArray();
    }

    private synchronized void hear(byte[] bytes, int count) {
        read.write(bytes, 0, count);
    }

    @Override
    public void carry(Socket client, Socket server) throws IOException {
        if (!inspecting) {
            ConnectProxy.move(client, server);
            return;
        }
        connections.incrementAndGet();
        try (SSLSocket tls = (SSLSocket) context.getSocketFactory().createSocket(client, null, true)) {
            SSLParameters parameters = tls.getSSLParameters();
            parameters.setApplicationProtocols(new String[] {"h2"});
            tls.setSSLParameters(parameters);
            byte[] some = new byte[4096];
            for (int count = tls.getInputStream().read(some);
                    count >= 0;
                    count = tls.getInputStream().read(some)) {
                hear(some, count);
            }
        }
    }
}
