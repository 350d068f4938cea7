package io.postwatch.bench.probe;

import io.postwatch.bench.process.Child;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

/** Ports for servers that can't choose one themselves. */
final class FreePort {

    private static final Duration PATIENCE = Duration.ofSeconds(20);

    private FreePort() {}

    static int next() throws IOException {
        try (ServerSocket socket = new ServerSocket(0)) {
            return socket.getLocalPort();
        }
    }

    /** Returns when something listens on that port of 127.0.0.1; fails where the process that should has ended. */
    static void awaitListener(int port, Child child) throws IOException {
        long end = System.nanoTime() + PATIENCE.toNanos();
        while (!isListening(port)) {
            if (!child.isRunning() || System.nanoTime() > end) {
                throw new IOException("nothing listens on port " + port + ": see the logs in the build's folder");
            }
            try {
                TimeUnit.MILLISECONDS.sleep(50);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new IOException(e);
            }
        }
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
