package io.postwatch.agent.probe.smtp;

import io.postwatch.agent.probe.bounds.KeptBytes;
import io.postwatch.agent.probe.failure.FailureCode;
import io.postwatch.agent.probe.net.RunFailure;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * Puts lines together to replies. Pure: knows nothing of sockets, and takes a line at a time. Bounded: a reply of more
 * than {@value #MAX_LINES} lines or {@value #MAX_BYTES} bytes is refused, and of one that is not so long the beginning is kept.
 */
final class SmtpReplyParser {

    /** In bytes, the end not counted. */
    static final int MAX_LINE = 4096;

    static final int MAX_LINES = 100;

    /** Of a whole reply. */
    static final int MAX_BYTES = 64 * 1024;

    private final KeptBytes kept = new KeptBytes();
    private int code;
    private int lines;
    private int bytes;

    /** Takes a line without its end. Returns the reply when the line is its last; a parser reads one. */
    @Nullable
    SmtpReply accept(byte[] line) throws RunFailure {
        int lineCode = codeOf(line);
        if (lineCode < 0 || (lines > 0 && lineCode != code)) {
            throw new RunFailure(
                    FailureCode.BAD_REPLY,
                    lineCode < 0
                            ? "The server sent a line that is no SMTP reply."
                            : "The server changed the code in the middle of a reply.",
                    new String(line, StandardCharsets.UTF_8));
        }
        code = lineCode;
        bytes += line.length;
        lines++;
        kept.addLine(line, Math.min(4, line.length));
        if (lines > MAX_LINES || bytes > MAX_BYTES) {
            throw new RunFailure(
                    FailureCode.REPLY_TOO_LONG,
                    "The server sent a reply of more than " + MAX_LINES + " lines or " + MAX_BYTES / 1024 + " KiB.");
        }
        if (line.length > 3 && line[3] == '-') {
            return null;
        }
        return new SmtpReply(code, kept.lines());
    }

    /** How many bytes of the reply were not kept. */
    int discarded() {
        return kept.discarded();
    }

    /** The code a line begins with; -1 where it is no line of a reply. */
    private static int codeOf(byte[] line) {
        if (line.length < 3 || (line.length > 3 && line[3] != ' ' && line[3] != '-')) {
            return -1;
        }
        int value = 0;
        for (int i = 0; i < 3; i++) {
            if (line[i] < '0' || line[i] > '9') {
                return -1;
            }
            value = value * 10 + line[i] - '0';
        }
        return value >= 200 && value <= 599 ? value : -1;
    }
}
