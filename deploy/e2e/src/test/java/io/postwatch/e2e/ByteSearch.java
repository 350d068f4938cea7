package io.postwatch.e2e;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Looks for any of many sequences of bytes, in one pass over files of any size. Safe for all threads. */
final class ByteSearch {
    /** Each is known by its first bytes. */
    private static final int KNOWN_BY = 8;

    private static final int SLOT_BITS = 16;
    private static final int CHUNK = 1 << 20;
    /** Spreads neighbouring values over all slots: 2^64 divided by the golden ratio. */
    private static final long SPREAD = 0x9E3779B97F4A7C15L;

    private final List<List<byte[]>> slots = new ArrayList<>();
    private final boolean[] taken = new boolean[1 << SLOT_BITS];
    private final int longest;

    /** Of eight bytes at least, each. */
    ByteSearch(List<byte[]> wanted) {
        for (int slot = 0; slot < taken.length; slot++) {
            slots.add(List.of());
        }
        for (byte[] one : wanted) {
            if (one.length < KNOWN_BY) {
                throw new IllegalArgumentException("What is so short is found everywhere: " + Arrays.toString(one));
            }
            int slot = slot(firstBytes(one));
            List<byte[]> all = new ArrayList<>(slots.get(slot));
            all.add(one);
            slots.set(slot, all);
            taken[slot] = true;
        }
        longest = wanted.stream().mapToInt(one -> one.length).max().orElseThrow();
    }

    boolean isIn(byte[] bytes) {
        return isIn(bytes, bytes.length);
    }

    /** Not in a file that is gone by now. */
    boolean isIn(Path file) throws IOException {
        try (InputStream in = Files.newInputStream(file)) {
            byte[] part = new byte[CHUNK + longest];
            int kept = 0;
            for (int read = in.readNBytes(part, kept, CHUNK); read > 0; read = in.readNBytes(part, kept, CHUNK)) {
                int filled = kept + read;
                if (isIn(part, filled)) {
                    return true;
                }
                // What begins at the end of this part goes on in the next.
                kept = Math.min(filled, longest - 1);
                System.arraycopy(part, filled - kept, part, 0, kept);
            }
            return false;
        } catch (NoSuchFileException gone) {
            return false;
        }
    }

    private boolean isIn(byte[] bytes, int length) {
        long last = 0;
        for (int end = 0; end < length; end++) {
            last = (last << Byte.SIZE) | (bytes[end] & 0xff);
            if (end >= KNOWN_BY - 1) {
                int slot = slot(last);
                if (taken[slot] && beginsAt(end - KNOWN_BY + 1, slots.get(slot), bytes, length)) {
                    return true;
                }
            }
        }
        return false;
    }

    private static boolean beginsAt(int from, List<byte[]> wanted, byte[] bytes, int length) {
        for (byte[] one : wanted) {
            if (length - from >= one.length && Arrays.equals(one, 0, one.length, bytes, from, from + one.length)) {
                return true;
            }
        }
        return false;
    }

    private static long firstBytes(byte[] bytes) {
        long value = 0;
        for (int i = 0; i < KNOWN_BY; i++) {
            value = (value << Byte.SIZE) | (bytes[i] & 0xff);
        }
        return value;
    }

    private static int slot(long value) {
        return (int) ((value * SPREAD) >>> (Long.SIZE - SLOT_BITS));
    }
}
