package io.postwatch.agent.link;

import io.postwatch.agent.identity.ControllerAddress;
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

/**
 * The network between an agent and its controllers, on loopback. It can go dead without a word, as a firewall does that
 * forgot a connection, and it can lead to another controller. Threads of its own move the bytes.
 */
public final class Relay implements AutoCloseable {

    private final ServerSocket listening = new ServerSocket();
    private final List<Connection> connections = new CopyOnWriteArrayList<>();
    private volatile int port;

    /** Leads to a port of loopback. */
    public Relay(int port) throws IOException {
        this.port = port;
        listening.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
        Thread.ofVirtual().name("relay").start(this::accept);
    }

    public ControllerAddress address() {
        return new ControllerAddress("127.0.0.1", listening.getLocalPort());
    }

    /** Where connections lead that are made from now on. */
    public void leadTo(int other) {
        port = other;
    }

    /** Nothing passes any more on the connections that there are, and neither side is told. New ones are not touched. */
    public void goDead() {
        connections.forEach(Connection::hold);
    }

    /** What was held up goes on, as when a stopped process continues. */
    public void goOn() {
        connections.forEach(Connection::release);
    }

    private void accept() {
        while (acceptOne()) {
            // The next one.
        }
    }

    /** Whether there may be more. */
    private boolean acceptOne() {
        try {
            Socket near = listening.accept();
            connect(near);
            return true;
        } catch (IOException over) {
            return !listening.isClosed();
        }
    }

    private void connect(Socket near) throws IOException {
        try {
            Socket far = new Socket(InetAddress.getLoopbackAddress(), port);
            Connection connection = new Connection(near, far);
            connections.add(connection);
            Thread.ofVirtual().name("relay up").start(() -> connection.move(near, far));
            Thread.ofVirtual().name("relay down").start(() -> connection.move(far, near));
        } catch (IOException nobodyListens) {
            near.close();
        }
    }

    @Override
    public void close() throws IOException {
        listening.close();
        connections.forEach(Connection::end);
    }

    private static final class Connection {

        private final Socket near;
        private final Socket far;
        private volatile CountDownLatch open = new CountDownLatch(0);

        Connection(Socket near, Socket far) {
            this.near = near;
            this.far = far;
        }

        void hold() {
            open = new CountDownLatch(1);
        }

        void release() {
            open.countDown();
        }

        void end() {
            release();
            try (near;
                    far) {
                near.shutdownInput();
            } catch (IOException over) {
                return;
            }
        }

        void move(Socket from, Socket to) {
            byte[] some = new byte[16 * 1024];
            try {
                InputStream in = from.getInputStream();
                OutputStream out = to.getOutputStream();
                for (int count = in.read(some); count >= 0; count = in.read(some)) {
                    open.await();
                    out.write(some, 0, count);
                }
                open.await();
            } catch (IOException broken) {
                // The other side hears of it below, unless nothing passes.
                awaitOpen();
            } catch (InterruptedException nobodyDoesThis) {
                Thread.currentThread().interrupt();
            }
            end();
        }

        private void awaitOpen() {
            try {
                open.await();
            } catch (InterruptedException nobodyDoesThis) {
                Thread.currentThread().interrupt();
            }
        }
    }
}
