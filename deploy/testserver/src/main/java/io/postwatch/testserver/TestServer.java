package io.postwatch.testserver;

import io.postwatch.testserver.wire.WireListener;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.List;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * One listening port with one script. As many of them as one likes live in a process: each has a virtual thread that
 * accepts, and one per connection.
 *
 * <p>{@code TestServer.smtp().login("user", "secret").startTls(identity).start()}
 */
public final class TestServer implements AutoCloseable {

    private static final int LAST_WORDS_MILLIS = 500;

    private final ServerSocket listener;
    private final WireScript<?> script;
    private final Set<Socket> open = ConcurrentHashMap.newKeySet();
    private final Queue<Heard> heard = new ConcurrentLinkedQueue<>();
    private final List<Throwable> failures = new CopyOnWriteArrayList<>();
    private final AtomicInteger connections = new AtomicInteger();
    private final Closing closing = new Closing();
    private final Thread acceptor;

    private TestServer(ServerSocket listener, WireScript<?> script) {
        this.listener = listener;
        this.script = script;
        this.acceptor = Thread.ofVirtual().name("accept-" + port()).unstarted(this::accept);
    }

    /** A well-behaved SMTP server, until it is told otherwise. */
    public static SmtpScript smtp() {
        return new SmtpScript();
    }

    /** A well-behaved IMAP server, until it is told otherwise. */
    public static ImapScript imap() {
        return new ImapScript();
    }

    /** A well-behaved POP3 server, until it is told otherwise. */
    public static Pop3Script pop3() {
        return new Pop3Script();
    }

    /** The server of a recording in which TLS does not occur. */
    public static ReplayScript replay(Recording recording) {
        return new ReplayScript(recording, null);
    }

    /** The server of a recording, with another certificate than the real one had. */
    public static ReplayScript replay(Recording recording, ServerIdentity identity) {
        return new ReplayScript(recording, identity);
    }

    static TestServer start(WireScript<?> script, InetAddress address, int port) throws IOException {
        ServerSocket listener = new WireListener(script.packetsSent(), script.bytesUntilCut());
        try {
            listener.setReuseAddress(true);
            listener.bind(new InetSocketAddress(address, port));
        } catch (IOException e) {
            listener.close();
            throw new IOException(
                    "cannot listen on " + address.getHostAddress() + " port " + port + ": " + e.getMessage(), e);
        }
        TestServer server = new TestServer(listener, script);
        server.acceptor.start();
        return server;
    }

    /** The port it listens on. */
    public int port() {
        return listener.getLocalPort();
    }

    /**
     * A line that a client sent.
     *
     * @param connection counted from 0
     */
    public record Heard(int connection, String line) {}

    /** Every line that clients sent so far, as they sent it, inside TLS too. */
    public List<String> received() {
        return heard().stream().map(Heard::line).toList();
    }

    /** The same with the connection of each. */
    public List<Heard> heard() {
        if (!script.isRecorded()) {
            throw new IllegalStateException("this server does not keep what it hears");
        }
        return List.copyOf(heard);
    }

    /** How many connections there were. */
    public int connections() {
        return connections.get();
    }

    /** What went wrong in this server itself, and not between it and a client. */
    public List<Throwable> failures() {
        return List.copyOf(failures);
    }

    /** Stops listening and ends all connections. Nobody can connect once it returns. */
    @Override
    public void close() {
        closing.begin();
        try {
            listener.close();
            // The port is free only when the thread that accepts has noticed.
            awaitLastAccepted();
            for (Socket socket : open) {
                socket.close();
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void awaitLastAccepted() {
        try {
            acceptor.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void accept() {
        while (!listener.isClosed()) {
            try {
                Socket socket = listener.accept();
                int number = connections.getAndIncrement();
                open.add(socket);
                Thread.ofVirtual().name("serve-" + port()).start(() -> serve(socket, number));
            } catch (IOException e) {
                // Closed: the loop ends. Anything else, for example no file descriptors, passes.
                Pause.of(Duration.ofMillis(10));
            }
        }
    }

    private void serve(Socket socket, int number) {
        try (socket) {
            socket.setTcpNoDelay(true);
            try {
                new Session(socket, script, line -> keep(number, line), number, closing).run();
            } catch (RuntimeException | Error e) {
                failures.add(e);
            } finally {
                endGently(socket);
            }
        } catch (IOException e) {
            // The client left, or never spoke TLS: what a test wants to know of it, it asks the client.
        } finally {
            open.remove(socket);
        }
    }

    private void keep(int connection, String line) {
        if (script.isRecorded()) {
            heard.add(new Heard(connection, line));
        }
    }

    /** Closing with unread bytes would send a RST, and take back what was said last. */
    private static void endGently(Socket socket) throws IOException {
        if (socket.isClosed()) {
            return;
        }
        socket.shutdownOutput();
        socket.setSoTimeout(LAST_WORDS_MILLIS);
        InputStream in = socket.getInputStream();
        while (in.read() >= 0) {
            // Nobody listens any more.
        }
    }
}
