package io.postwatch.agent.probe.bounds;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * What is kept of something that a server may make long: its first {@value #MAX} bytes, as bytes, since characters can take
 * twice as much. What comes behind is counted and discarded. Used by one thread.
 */
public final class KeptBytes {

    /** Honest replies have less than 2 KiB. */
    public static final int MAX = 6 * 1024;

    private final ByteArrayOutputStream kept = new ByteArrayOutputStream(128);
    private boolean empty = true;
    private int discarded;

    /** Adds bytes from that one on. */
    public void add(byte[] bytes, int from) {
        int length = bytes.length - from;
        int fitting = Math.min(length, MAX - kept.size());
        kept.write(bytes, from, fitting);
        discarded += length - fitting;
    }

    /** Adds a line, from that byte on. */
    public void addLine(byte[] line, int from) {
        if (!empty && kept.size() < MAX) {
            kept.write('\n');
        }
        empty = false;
        add(line, from);
    }

    /** How many bytes were not kept. */
    public int discarded() {
        return discarded;
    }

    /** What was kept, read as UTF-8. */
    public String text() {
        return kept.toString(StandardCharsets.UTF_8);
    }

    /** The lines that were kept, the last perhaps in part. */
    public List<String> lines() {
        return empty ? List.of() : List.of(text().split("\n", -1));
    }

    /** Forgets everything. */
    public void clear() {
        kept.reset();
        empty = true;
        discarded = 0;
    }
}
