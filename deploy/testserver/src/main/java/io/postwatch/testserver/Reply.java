package io.postwatch.testserver;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/**
 * What the server does in answer to the greeting's moment or to a command: any sequence of bytes, pauses and ends.
 *
 * <p>In texts {@code {tag}} stands for the tag of the IMAP command that is answered, {@code {line}} for the line that the
 * client said last.
 */
public final class Reply {

    /** One step of a reply. What goes over the wire is held as text of which each character is one byte. */
    sealed interface Step {

        record Send(String wire) implements Step {}

        record Pause(Duration time) implements Step {}

        /** Each byte in a packet of its own, with a pause before it. */
        record Drip(String wire, Duration pause) implements Step {}

        /** FIN. */
        record Close() implements Step {}

        /** RST. */
        record Reset() implements Step {}

        /** Reads and says nothing until the client goes. */
        record Silence() implements Step {}

        /** Reads nothing more and says nothing until the server is closed. */
        record Deafness() implements Step {}

        record StartTls() implements Step {}

        /** Takes the next record of TLS from the client, which is its ClientHello where it has just begun. */
        record AwaitTlsRecord() implements Step {}

        /** Takes the next line from the client, whatever it is. */
        record Await() implements Step {}

        /** Takes the next byte from the client, as it comes over the wire. */
        record AwaitByte() implements Step {}

        /** What this server does without being told. */
        record Usual() implements Step {}
    }

    private final List<Step> steps;

    private Reply(List<Step> steps) {
        this.steps = List.copyOf(steps);
    }

    /** Lines, each ended with CR LF. */
    public static Reply lines(String... lines) {
        return new Reply(List.of()).thenLines(lines);
    }

    /** Bytes as they are. */
    public static Reply bytes(byte[] bytes) {
        return new Reply(List.of(new Step.Send(new String(bytes, StandardCharsets.ISO_8859_1))));
    }

    /** Text as it is, nothing added. */
    public static Reply raw(String text) {
        return bytes(text.getBytes(StandardCharsets.UTF_8));
    }

    /** What the server does without being told: to come later, or to go on after it. */
    public static Reply usual() {
        return new Reply(List.of(new Step.Usual()));
    }

    /** Text of which each byte comes alone, so long after the one before. */
    public static Reply dripping(String text, Duration pause) {
        return new Reply(List.of(new Step.Drip(wire(text), pause)));
    }

    /** Nothing at all, for ever. */
    public static Reply silence() {
        return new Reply(List.of(new Step.Silence()));
    }

    /** Nothing at all, and nothing is read any more, so that the client's window closes. */
    public static Reply deafness() {
        return new Reply(List.of(new Step.Deafness()));
    }

    /** Bytes that mean nothing; the same ones for the same seed. */
    public static Reply garbage(long seed, int length) {
        byte[] bytes = new byte[length];
        new Random(seed).nextBytes(bytes);
        return bytes(bytes);
    }

    /** Answers the client's handshake with a fatal alert (RFC 8446 section 6) and ends the connection. */
    public static Reply tlsAlert(int description) {
        return new Reply(List.of()).thenTlsAlert(description);
    }

    /**
     * Answers the client's handshake, whatever it offers, with a ServerHello of that version, and says no more. So do
     * servers that are too old to know which versions a client offers.
     *
     * @param minor 0 for SSL 3.0, 1 for TLS 1.0, 2 for TLS 1.1
     */
    public static Reply tlsServerHello(int minor) {
        byte version = (byte) minor;
        ByteBuffer hello = ByteBuffer.allocate(47);
        // A handshake record of 42 bytes; a ServerHello of 38: version, random, no session, ECDHE-RSA-AES128-SHA, no
        // compression.
        hello.put(new byte[] {22, 3, version, 0, 42, 2, 0, 0, 38, 3, version});
        hello.put(new byte[32]).put(new byte[] {0, (byte) 0xc0, 0x13, 0});
        return new Reply(List.of(new Step.AwaitTlsRecord()))
                .thenBytes(hello.array())
                .then(new Step.Silence());
    }

    /** The end of the connection. */
    public static Reply close() {
        return new Reply(List.of(new Step.Close()));
    }

    /** The end of the connection by RST. */
    public static Reply reset() {
        return new Reply(List.of(new Step.Reset()));
    }

    /** The end of the connection by RST once the client has sent a byte, and so knows that the connection stood. */
    public static Reply resetAfterByte() {
        return new Reply(List.of(new Step.AwaitByte(), new Step.Reset()));
    }

    /** The same, so much later. */
    public Reply after(Duration delay) {
        List<Step> longer = new ArrayList<>(List.of(new Step.Pause(delay)));
        longer.addAll(steps);
        return new Reply(longer);
    }

    public Reply thenLines(String... lines) {
        return then(new Step.Send(wire(String.join("\r\n", lines) + "\r\n")));
    }

    public Reply thenBytes(byte[] bytes) {
        return then(new Step.Send(new String(bytes, StandardCharsets.ISO_8859_1)));
    }

    public Reply thenTlsAlert(int description) {
        byte[] alert = {21, 3, 3, 0, 2, 2, (byte) description};
        return then(new Step.AwaitTlsRecord()).thenBytes(alert).thenClose();
    }

    public Reply thenPause(Duration time) {
        return then(new Step.Pause(time));
    }

    public Reply thenClose() {
        return then(new Step.Close());
    }

    /** Then nothing at all, for ever. */
    public Reply thenSilence() {
        return then(new Step.Silence());
    }

    public Reply thenReset() {
        return then(new Step.Reset());
    }

    /** Then the server expects the client's handshake. */
    public Reply thenStartTls() {
        return then(new Step.StartTls());
    }

    /** Then what the server does without being told. */
    public Reply thenUsual() {
        return then(new Step.Usual());
    }

    /** Then the server takes one more line from the client, as inside AUTH. */
    public Reply thenAwaitLine() {
        return then(new Step.Await());
    }

    List<Step> steps() {
        return steps;
    }

    private static String wire(String text) {
        return new String(text.getBytes(StandardCharsets.UTF_8), StandardCharsets.ISO_8859_1);
    }

    private Reply then(Step step) {
        List<Step> longer = new ArrayList<>(steps);
        longer.add(step);
        return new Reply(longer);
    }
}
