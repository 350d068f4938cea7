package io.postwatch.agent.probe.net;

import io.postwatch.agent.probe.Transcript;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;

/**
 * Writes down what is said: of much the beginning and the end, since what made a run fail was said last. As bytes, since
 * characters can take twice as much. Used by the thread of the run.
 */
final class BoundedTranscript {

    private static final int HEAD_LINES = 40;
    private static final int HEAD_BYTES = 10 * 1024;

    /** One line and 64 bytes are for the note of what was left out. */
    private static final int TAIL_LINES = Transcript.MAX_LINES - HEAD_LINES - 1;

    private static final int TAIL_BYTES = Transcript.MAX_BYTES - HEAD_BYTES - 64;

    private final List<Said> head = new ArrayList<>();
    private final Deque<Said> tail = new ArrayDeque<>();
    private int headBytes;
    private int tailBytes;
    private int leftOut;
    private long discardedBytes;

    /**
     * Adds a line.
     *
     * @param text clean, at most 1,024 bytes
     * @param length of the line before it was cut
     */
    void add(Duration at, Transcript.Direction direction, String text, int length) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        Said said = new Said(at, direction, bytes, length);
        discardedBytes += Math.max(0, length - RunRecorder.MAX_LINE);
        if (tail.isEmpty() && head.size() < HEAD_LINES && headBytes + bytes.length <= HEAD_BYTES) {
            head.add(said);
            headBytes += bytes.length;
            return;
        }
        tail.add(said);
        tailBytes += bytes.length;
        while (tail.size() > TAIL_LINES || tailBytes > TAIL_BYTES) {
            Said first = tail.remove();
            tailBytes -= first.text.length;
            leftOut++;
            discardedBytes += Math.min(first.length, RunRecorder.MAX_LINE);
        }
    }

    Transcript transcript() {
        List<Transcript.Line> lines = new ArrayList<>();
        head.forEach(said -> lines.add(said.line()));
        if (leftOut > 0) {
            lines.add(new Transcript.Line(
                    tail.getFirst().at, Transcript.Direction.NOTE, leftOut + " lines are left out here."));
        }
        tail.forEach(said -> lines.add(said.line()));
        return new Transcript(lines, discardedBytes);
    }

    private static final class Said {

        private final Duration at;
        private final Transcript.Direction direction;
        private final byte[] text;
        private final int length;

        private Said(Duration at, Transcript.Direction direction, byte[] text, int length) {
            this.at = at;
            this.direction = direction;
            this.text = text;
            this.length = length;
        }

        private Transcript.Line line() {
            return new Transcript.Line(at, direction, new String(text, StandardCharsets.UTF_8));
        }
    }
}
