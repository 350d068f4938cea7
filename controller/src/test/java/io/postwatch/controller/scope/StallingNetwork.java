package io.postwatch.controller.scope;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;

/** Leads to a server on loopback. Connections that stall stay open and pass nothing more; later ones work. */
final class StallingNetwork implements AutoCloseable {
    private final ServerSocket listening = new ServerSocket();
    private final List<Socket> open = new CopyOnWriteArrayList<>();
    private final int server;
    private volatile CountDownLatch stall = new CountDownLatch(1);

    StallingNetwork(int server) throws IOException {
        this.server = server;
        listening.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
        Thread.ofVirtual().start(this::accept);
    }

    int port() {
        return listening.getLocalPort();
    }

    void stall() {
        CountDownLatch before = stall;
        stall = new CountDownLatch(1);
        before.countDown();
    }

    private void accept() {
        try {
            while (true) {
                Socket near = listening.accept();
                Socket far = new Socket(InetAddress.getLoopbackAddress(), server);
                open.add(near);
                open.add(far);
                CountDownLatch stalled = stall;
                Thread.ofVirtual().start(() -> move(near, far, stalled));
                Thread.ofVirtual().start(() -> move(far, near, stalled));
            }
        } catch (IOException over) {
            stall.countDown();
        }
    }

    /** Once it stalls nothing is passed, and nothing is closed before the network is. */
    private static void move(Socket from, Socket to, CountDownLatch stalled) {
        byte[] some = new byte[8192];
        try {
            InputStream in = from.getInputStream();
            OutputStream out = to.getOutputStream();
            for (int count = in.read(some); count >= 0; count = in.read(some)) {
                if (stalled.getCount() == 0) {
                    return;
                }
                out.write(some, 0, count);
            }
            to.shutdownOutput();
        } catch (IOException over) {
            stalled.countDown();
        }
    }

    @Override
    public void close() throws IOException {
        listening.close();
        for (Socket socket : open) {
            socket.close();
        }
    }
}
