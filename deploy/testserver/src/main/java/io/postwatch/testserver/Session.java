package io.postwatch.testserver;

import io.postwatch.testserver.wire.PacketStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** One connection: its lines, its encryption, and how far the client has come. Used by the connection's own thread only. */
final class Session {

    private final Socket socket;
    private final WireScript<?> script;
    private final Consumer<String> heard;
    private final int number;
    private final Closing closing;
    private InputStream in;
    private OutputStream out;
    private boolean encrypted;
    private boolean loggedIn;
    private boolean inTransaction;
    private String user = "";

    /** @param heard gets every line of the client */
    Session(Socket socket, WireScript<?> script, Consumer<String> heard, int number, Closing closing)
            throws IOException {
        this.socket = socket;
        this.script = script;
        this.heard = heard;
        this.number = number;
        this.closing = closing;
        this.in = socket.getInputStream();
        this.out = socket.getOutputStream();
    }

    void run() throws IOException {
        if (script.isTlsFromStart()) {
            startTls();
        }
        script.converse(this);
    }

    boolean isEncrypted() {
        return encrypted;
    }

    boolean isLoggedIn() {
        return loggedIn;
    }

    LoginOutcome loggedIn(boolean accepted) {
        loggedIn |= accepted;
        return accepted ? LoginOutcome.ACCEPTED : LoginOutcome.REFUSED;
    }

    /** Whether MAIL was accepted and nothing ended what it began. */
    boolean isInTransaction() {
        return inTransaction;
    }

    void inTransaction(boolean begun) {
        inTransaction = begun;
    }

    /** Whom the last USER command named; empty where there was none. */
    String user() {
        return user;
    }

    void user(String name) {
        user = name;
    }

    /** The connection's number, counted from 0. */
    int number() {
        return number;
    }

    void send(String... lines) throws IOException {
        write((String.join("\r\n", lines) + "\r\n").getBytes(StandardCharsets.UTF_8));
    }

    /** The next line the client sends, without its end; null where it left. */
    @Nullable
    String readLine() throws IOException {
        ByteArrayOutputStream line = new ByteArrayOutputStream();
        int next = in.read();
        while (next >= 0 && next != '\n') {
            if (next != '\r') {
                line.write(next);
            }
            next = in.read();
        }
        if (next < 0) {
            return null;
        }
        String text = line.toString(StandardCharsets.UTF_8);
        heard.accept(text);
        return text;
    }

    /** The next bytes over the connection, fewer where the client left. */
    byte[] readBytes(int count) throws IOException {
        return in.readNBytes(count);
    }

    /** Hears whatever the client says until it leaves. */
    void ignore() throws IOException {
        in.transferTo(OutputStream.nullOutputStream());
    }

    /** RST. */
    void reset() throws IOException {
        socket.setSoLinger(true, 0);
        socket.close();
    }

    void awaitClosing() {
        closing.await();
    }

    /** Says one line and gives the client's answer; null where it left. */
    @Nullable
    String ask(String prompt) throws IOException {
        send(prompt);
        return readLine();
    }

    void startTls() throws IOException {
        TlsSettings.Secured secured = script.tlsSettings().accept(socket);
        in = secured.in();
        out = packetsTo(secured.out());
        encrypted = true;
    }

    /** Bytes in which lines end with CR LF. */
    void write(byte[] bytes) throws IOException {
        out.write(
                script.isBareLf()
                        ? new String(bytes, StandardCharsets.ISO_8859_1)
                                .replace("\r\n", "\n")
                                .getBytes(StandardCharsets.ISO_8859_1)
                        : bytes);
        out.flush();
    }

    /** Each piece a record of its own; the wire cuts what is not inside TLS. */
    private OutputStream packetsTo(OutputStream records) {
        return new PacketStream(records, script.packetsSent(), Long.MAX_VALUE);
    }

    /** Each byte in a packet of its own, with a pause before it. */
    void drip(byte[] bytes, Duration pause) throws IOException {
        for (byte single : bytes) {
            if (pause.isPositive()) {
                Pause.of(pause);
            }
            out.write(single);
            out.flush();
        }
    }
}
