package io.postwatch.controller.gateway;

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

/** A network that leads to a controller on loopback until it goes dead without a word: nothing passes, nothing ends. */
final class DeadNetwork implements AutoCloseable {
    private final ServerSocket listening = new ServerSocket();
    private final List<Socket> open = new CopyOnWriteArrayList<>();
    private final int controller;
    private volatile CountDownLatch passage = new CountDownLatch(0);

    DeadNetwork(int controller) throws IOException {
        this.controller = controller;
        listening.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
        Thread.ofVirtual().start(this::accept);
    }

    int port() {
        return listening.getLocalPort();
    }

    void die() {
        passage = new CountDownLatch(1);
    }

    private void accept() {
        try {
            while (true) {
                Socket near = listening.accept();
                Socket far = new Socket(InetAddress.getLoopbackAddress(), controller);
                open.add(near);
                open.add(far);
                Thread.ofVirtual().start(() -> move(near, far));
                Thread.ofVirtual().start(() -> move(far, near));
            }
        } catch (IOException over) {
            passage.countDown();
        }
    }

    private void move(Socket from, Socket to) {
        byte[] some = new byte[8192];
        try (from;
                to) {
            InputStream in = from.getInputStream();
            OutputStream out = to.getOutputStream();
            for (int count = in.read(some); count >= 0; count = in.read(some)) {
                passage.await();
                out.write(some, 0, count);
            }
            passage.await();
        } catch (IOException broken) {
            passage.countDown();
        } catch (InterruptedException nobodyDoesThis) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public void close() throws IOException {
        listening.close();
        passage.countDown();
        for (Socket socket : open) {
            socket.close();
        }
    }
}
