package io.postwatch.testserver;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** One connection: reads lines, does what the script says. Used by the connection's own thread only. */
final class Session {

    private static final int TLS_HEADER = 5;

    private final Socket socket;
    private final Script<?> script;
    private final List<String> received;
    private final int number;
    private final Closing closing;
    private final Map<String, Integer> occurrences = new HashMap<>();
    private InputStream in;
    private OutputStream out;
    private boolean encrypted;
    private boolean loggedIn;
    private boolean inTransaction;
    private String user = "";
    private String tag = "";

    Session(Socket socket, Script<?> script, List<String> received, int number, Closing closing) throws IOException {
        this.socket = socket;
        this.script = script;
        this.received = received;
        this.number = number;
        this.closing = closing;
        this.in = socket.getInputStream();
        this.out = socket.getOutputStream();
    }

    void run() throws IOException {
        if (script.isTlsFromStart()) {
            startTls();
        }
        if (!perform(script.greetingOf(number), "", "")) {
            return;
        }
        String line = readLine();
        while (line != null && handle(line)) {
            line = readLine();
        }
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
        received.add(text);
        return text;
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

    private boolean handle(String line) throws IOException {
        tag = script.tagOf(line);
        String verb = script.verbOf(line);
        int occurrence = occurrences.merge(verb, 1, Integer::sum) - 1;
        Reply told = script.replyTo(verb, occurrence);
        return told == null ? script.answer(this, verb, line) : perform(told, verb, line);
    }

    private boolean perform(Reply reply, String verb, String line) throws IOException {
        for (Reply.Step step : reply.steps()) {
            switch (step) {
                case Reply.Step.Send send -> write(withTag(send.wire()));
                case Reply.Step.Pause pause -> Pause.of(pause.time());
                case Reply.Step.Drip drip -> drip(withTag(drip.wire()), drip.pause());
                case Reply.Step.StartTls() -> startTls();
                case Reply.Step.Await() -> readLine();
                case Reply.Step.AwaitByte() -> {
                    if (in.read() < 0) {
                        return false;
                    }
                }
                case Reply.Step.Usual() -> {
                    if (verb.isEmpty()) {
                        perform(script.usualGreeting(this), verb, line);
                    } else if (!script.answer(this, verb, line)) {
                        return false;
                    }
                }
                case Reply.Step.AwaitTlsRecord() -> {
                    byte[] header = in.readNBytes(TLS_HEADER);
                    if (header.length < TLS_HEADER) {
                        return false;
                    }
                    in.skipNBytes(((header[3] & 0xff) << 8) | (header[4] & 0xff));
                }
                case Reply.Step.Deafness() -> {
                    closing.await();
                    return false;
                }
                case Reply.Step.Close() -> {
                    return false;
                }
                case Reply.Step.Reset() -> {
                    socket.setSoLinger(true, 0);
                    socket.close();
                    return false;
                }
                case Reply.Step.Silence() -> {
                    while (in.read() >= 0) {
                        // Whatever the client says is heard and not answered.
                    }
                    return false;
                }
            }
        }
        return true;
    }

    private byte[] withTag(String wire) {
        return (tag.isEmpty() ? wire : wire.replace("{tag}", tag)).getBytes(StandardCharsets.ISO_8859_1);
    }

    private void write(byte[] bytes) throws IOException {
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

    private void drip(byte[] bytes, Duration pause) throws IOException {
        for (byte single : bytes) {
            if (pause.isPositive()) {
                Pause.of(pause);
            }
            out.write(single);
            out.flush();
        }
    }
}
