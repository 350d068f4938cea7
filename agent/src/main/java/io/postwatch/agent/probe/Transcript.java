package io.postwatch.agent.probe;

import io.postwatch.agent.probe.bounds.Checks;
import io.postwatch.agent.probe.bounds.ServerText;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Objects;

/**
 * What was said in a run. Credentials are not in it: they were replaced by their position in the dialogue.
 *
 * @param lines at most {@link #MAX_LINES}, together at most {@link #MAX_BYTES}
 * @param discardedBytes what the bounds did not let in
 */
public record Transcript(List<Line> lines, long discardedBytes) {

    public static final int MAX_LINES = 64;

    /** In bytes of UTF-8. */
    public static final int MAX_BYTES = 16 * 1024;

    /** Nothing was said. */
    public static final Transcript EMPTY = new Transcript(List.of(), 0);

    public Transcript {
        lines = List.copyOf(lines);
        Checks.notNegative(discardedBytes, "discardedBytes");
        int bytes = 0;
        for (Line line : lines) {
            bytes += line.text().getBytes(StandardCharsets.UTF_8).length;
        }
        if (lines.size() > MAX_LINES || bytes > MAX_BYTES) {
            throw new IllegalArgumentException(
                    "a transcript has at most " + MAX_LINES + " lines and " + MAX_BYTES + " bytes");
        }
    }

    /** Who speaks. */
    public enum Direction {
        CLIENT,
        SERVER,
        /** The prober notes something itself, for example the end of a handshake. */
        NOTE
    }

    /**
     * One line.
     *
     * @param at offset from the start of the run; not negative
     * @param text clean; credentials replaced
     */
    public record Line(Duration at, Direction direction, String text) {

        public Line {
            Checks.notNegative(at, "at");
            Objects.requireNonNull(direction, "direction");
            ServerText.requireClean(text, MAX_BYTES, "text");
        }
    }
}
