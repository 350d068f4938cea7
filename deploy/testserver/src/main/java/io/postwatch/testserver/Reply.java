package io.postwatch.testserver;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * What the server does in answer to the greeting's moment or to a command: any sequence of bytes, pauses and ends.
 *
 * <p>In texts {@code {tag}} stands for the tag of the IMAP command that is answered.
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

        record StartTls() implements Step {}

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

    public Reply thenPause(Duration time) {
        return then(new Step.Pause(time));
    }

    public Reply thenClose() {
        return then(new Step.Close());
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
