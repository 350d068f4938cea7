package io.postwatch.e2e;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/**
 * Stands between a client and a server on loopback, as a packet capture on a long line would: hands on every byte as it
 * is, the client's at once and the server's a while later, and remembers when. It knows nothing of what they speak.
 */
final class DelayingRelay implements AutoCloseable {
    private static final int BUFFER = 16_384;

    private final InetSocketAddress server;
    private final Duration delay;
    private final ServerSocket listening;
    private final List<Line> lines = new CopyOnWriteArrayList<>();
    private final ScheduledExecutorService late = Executors.newSingleThreadScheduledExecutor(
            Thread.ofPlatform().daemon().factory());

    private DelayingRelay(InetSocketAddress server, Duration delay) throws IOException {
        this.server = server;
        this.delay = delay;
        this.listening = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    }

    /** Where it stands, from now on: on a port of 127.0.0.1. */
    static DelayingRelay before(String host, int port, Duration delay) {
        try {
            DelayingRelay relay = new DelayingRelay(new InetSocketAddress(host, port), delay);
            Thread.ofVirtual().start(relay::accept);
            return relay;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /**
     * Bytes that passed.
     *
     * @param atNanos of {@link System#nanoTime}: when the client's were here, when the server's were handed on
     */
    record Passed(boolean fromServer, long atNanos) {}

    /** What passed on one connection. Filled as long as that lasts. */
    static final class Line {
        private final long acceptedNanos = System.nanoTime();
        private final List<Passed> passed = new CopyOnWriteArrayList<>();

        long acceptedNanos() {
            return acceptedNanos;
        }

        /** In the order in which they passed. */
        List<Passed> passed() {
            return List.copyOf(passed);
        }
    }

    int port() {
        return listening.getLocalPort();
    }

    /** One for each connection there was, the oldest first. */
    List<Line> lines() {
        return List.copyOf(lines);
    }

    @Override
    public void close() {
        late.shutdownNow();
        try {
            listening.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void accept() {
        try {
            while (true) {
                Socket client = listening.accept();
                Line line = new Line();
                lines.add(line);
                client.setTcpNoDelay(true);
                Socket behind = new Socket();
                behind.connect(server);
                behind.setTcpNoDelay(true);
                Thread.ofVirtual().start(() -> handOn(client, behind, line));
                Thread.ofVirtual().start(() -> handOnLate(behind, client, line));
            }
        } catch (IOException closed) {
            // The test is over.
        }
    }

    private static void handOn(Socket client, Socket behind, Line line) {
        try (client;
                behind) {
            InputStream in = client.getInputStream();
            byte[] buffer = new byte[BUFFER];
            for (int count = in.read(buffer); count >= 0; count = in.read(buffer)) {
                line.passed.add(new Passed(false, System.nanoTime()));
                behind.getOutputStream().write(buffer, 0, count);
            }
        } catch (IOException gone) {
            // One of them hung up.
        }
    }

    private void handOnLate(Socket behind, Socket client, Line line) {
        try {
            InputStream in = behind.getInputStream();
            byte[] buffer = new byte[BUFFER];
            for (int count = in.read(buffer); count >= 0; count = in.read(buffer)) {
                byte[] bytes = Arrays.copyOf(buffer, count);
                Future<?> _ = late.schedule(() -> write(client, bytes, line), delay.toNanos(), TimeUnit.NANOSECONDS);
            }
        } catch (IOException gone) {
            // One of them hung up.
        }
    }

    private static void write(Socket client, byte[] bytes, Line line) {
        try {
            line.passed.add(new Passed(true, System.nanoTime()));
            client.getOutputStream().write(bytes);
        } catch (IOException gone) {
            // The client hung up.
        }
    }
}
