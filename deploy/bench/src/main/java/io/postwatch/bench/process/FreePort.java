package io.postwatch.bench.process;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;

/** Ports for servers that can't choose one themselves. */
public final class FreePort {

    private static final Duration PATIENCE = Duration.ofSeconds(20);

    private FreePort() {}

    public static int next() throws IOException {
        try (ServerSocket socket = new ServerSocket(0)) {
            return socket.getLocalPort();
        }
    }

    /** Returns when something listens on that port of 127.0.0.1; fails where the process that should has ended. */
    public static void awaitListener(int port, Child child) throws IOException {
        Patience.await("something listens on port " + port, PATIENCE, () -> {
            if (!child.isRunning()) {
                throw new IOException("nothing listens on port " + port + ": see the logs in the build's folder");
            }
            return isListening(port);
        });
    }

    private static boolean isListening(int port) {
        try (Socket socket = new Socket()) {
            socket.connect(new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), port), 1000);
            return true;
        } catch (IOException refused) {
            return false;
        }
    }
}
