package io.postwatch.agent.probe.imap;

import io.postwatch.agent.probe.bounds.KeptBytes;
import io.postwatch.agent.probe.failure.FailureCode;
import io.postwatch.agent.probe.net.LineParser;
import io.postwatch.agent.probe.net.RunFailure;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Puts bytes together to responses, over lines and literals, whatever packets they came in. Pure: knows nothing of
 * sockets. Bounded: the announced size of a literal is checked before one byte of it is taken, and its content is
 * skipped, since no answer that matters here comes in one; of the rest the beginning is kept.
 */
final class ImapResponseParser {

    /** In bytes, the end not counted. */
    static final int MAX_LINE = 16 * 1024;

    /** In bytes, as announced. */
    static final int MAX_LITERAL = 64 * 1024;

    /** In bytes, over all its lines; literals don't count. */
    static final int MAX_RESPONSE = 64 * 1024;

    private static final Pattern LITERAL = Pattern.compile(".*\\{(\\d{1,20})\\+?\\}", Pattern.DOTALL);
    private static final Pattern TAGGED =
            Pattern.compile("([^\\s+*(){%\"\\\\]{1,64}) (\\S+)(?: (.*))?", Pattern.DOTALL);

    private final LineParser lines = new LineParser(MAX_LINE);
    private final KeptBytes response = new KeptBytes();
    private int length;
    private int discarded;
    private long literalLeft;

    /** Takes one byte. Returns the response when that byte completes one. */
    @Nullable
    ImapResponse accept(byte next) throws RunFailure {
        if (literalLeft > 0) {
            literalLeft--;
            return null;
        }
        byte[] line = lines.accept(next);
        if (line == null) {
            return null;
        }
        String text = new String(line, StandardCharsets.UTF_8);
        response.add(line, 0);
        length += line.length;
        if (length > MAX_RESPONSE) {
            throw new RunFailure(
                    FailureCode.REPLY_TOO_LONG,
                    "The server sent a response of more than " + MAX_RESPONSE / 1024 + " KiB.");
        }
        Matcher literal = LITERAL.matcher(text);
        if (literal.matches()) {
            literalLeft = sizeOf(literal.group(1));
            return null;
        }
        String complete = response.text();
        discarded = response.discarded();
        response.clear();
        length = 0;
        return parse(complete);
    }

    /** How many bytes of the last response were not kept. */
    int discarded() {
        return discarded;
    }

    /** Whether a line ended with LF alone. */
    boolean sawBareLf() {
        return lines.sawBareLf();
    }

    private static long sizeOf(String announced) throws RunFailure {
        if (announced.length() > 9 || Long.parseLong(announced) > MAX_LITERAL) {
            throw new RunFailure(
                    FailureCode.REPLY_TOO_LONG,
                    "The server announced a literal of " + announced + " bytes, more than " + MAX_LITERAL / 1024
                            + " KiB.");
        }
        return Long.parseLong(announced);
    }

    private static ImapResponse parse(String line) throws RunFailure {
        if (line.startsWith("* ")) {
            return new ImapResponse.Untagged(line, line.substring(2).strip());
        }
        if (line.startsWith("+")) {
            return new ImapResponse.Continuation(line);
        }
        Matcher tagged = TAGGED.matcher(line);
        if (tagged.matches()) {
            for (ImapResponse.Completion completion : ImapResponse.Completion.values()) {
                if (completion.name().equals(tagged.group(2).toUpperCase(Locale.ROOT))) {
                    String text = tagged.group(3) == null ? "" : tagged.group(3);
                    return new ImapResponse.Tagged(line, tagged.group(1), completion, text);
                }
            }
        }
        throw new RunFailure(FailureCode.BAD_REPLY, "The server sent a line that is no IMAP response.", line);
    }
}
