package io.postwatch.agent.probe.net;

import io.postwatch.agent.probe.failure.FailureCode;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** Cuts a stream of bytes into lines, whatever packets they came in. Lines end with CR LF; LF alone is tolerated. */
public final class LineParser {

    private static final int USUAL_LENGTH = 128;

    private final int maxLength;
    private byte[] line = new byte[USUAL_LENGTH];
    private int length;
    private boolean sawBareLf;

    /** @param maxLength of a line in bytes, its end not counted */
    public LineParser(int maxLength) {
        this.maxLength = maxLength;
    }

    /** Takes one byte. Returns the line without its end when that byte completes one. */
    public byte @Nullable [] accept(byte next) throws RunFailure {
        if (next != '\n') {
            append(next);
            return null;
        }
        int end = length;
        if (end > 0 && line[end - 1] == '\r') {
            end--;
        } else {
            sawBareLf = true;
        }
        length = 0;
        byte[] complete = Arrays.copyOf(line, end);
        if (line.length > 4 * USUAL_LENGTH) {
            line = new byte[USUAL_LENGTH];
        }
        return complete;
    }

    /** Whether a line ended with LF alone. */
    public boolean sawBareLf() {
        return sawBareLf;
    }

    private void append(byte next) throws RunFailure {
        boolean mayBeEnd = next == '\r' && length == maxLength;
        if (length >= maxLength && !mayBeEnd) {
            throw new RunFailure(
                    FailureCode.REPLY_TOO_LONG, "The server sent a line of more than " + maxLength + " bytes.");
        }
        if (length == line.length) {
            line = Arrays.copyOf(line, Math.min(line.length * 2, maxLength + 1));
        }
        line[length++] = next;
    }
}
