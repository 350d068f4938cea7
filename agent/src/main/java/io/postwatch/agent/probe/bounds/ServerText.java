package io.postwatch.agent.probe.bounds;

import java.nio.charset.StandardCharsets;

/** Turns what a server sent into text that can be stored and shown: valid UTF-8, one line, bounded. */
public final class ServerText {

    /** What is kept of a greeting, in bytes of UTF-8. */
    public static final int MAX_GREETING = 512;

    /** What is kept of the reply that made a run fail, in bytes of UTF-8. */
    public static final int MAX_REPLY = 2 * 1024;

    private static final char REPLACEMENT = '\uFFFD';

    private ServerText() {}

    /** Reads bytes as UTF-8 and cleans them; what is no UTF-8 becomes U+FFFD. */
    public static String clean(byte[] bytes, int maxBytes) {
        return clean(new String(bytes, StandardCharsets.UTF_8), maxBytes);
    }

    /**
     * Replaces what must not reach a log, a database or a page (control and format characters, line separators,
     * unpaired surrogates) by U+FFFD and cuts at a character, so that at most {@code maxBytes} of UTF-8 remain.
     */
    public static String clean(String text, int maxBytes) {
        StringBuilder clean = new StringBuilder(Math.min(text.length(), maxBytes));
        int bytes = 0;
        for (int i = 0; i < text.length(); ) {
            int character = text.codePointAt(i);
            i += Character.charCount(character);
            int kept = isPlain(character) ? character : character == '\t' ? ' ' : REPLACEMENT;
            bytes += utf8Length(kept);
            if (bytes > maxBytes) {
                break;
            }
            clean.appendCodePoint(kept);
        }
        return clean.toString();
    }

    /** Refuses text that {@link #clean(String, int)} would change. */
    public static void requireClean(String text, int maxBytes, String name) {
        if (!text.equals(clean(text, maxBytes))) {
            throw new IllegalArgumentException(name + " is not clean text of at most " + maxBytes + " bytes");
        }
    }

    private static boolean isPlain(int character) {
        return switch (Character.getType(character)) {
            case Character.CONTROL,
                    Character.FORMAT,
                    Character.SURROGATE,
                    Character.LINE_SEPARATOR,
                    Character.PARAGRAPH_SEPARATOR,
                    Character.UNASSIGNED,
                    Character.PRIVATE_USE -> false;
            default -> true;
        };
    }

    private static int utf8Length(int character) {
        if (character < 0x80) {
            return 1;
        }
        if (character < 0x800) {
            return 2;
        }
        return character < 0x10000 ? 3 : 4;
    }
}
