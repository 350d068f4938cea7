package io.postwatch.controller.result;

/** Text of foreign origin that the database can hold: without NUL and halves of surrogate pairs. */
final class StoredText {
    private StoredText() {}

    static String of(String text) {
        boolean clean = text.codePoints().noneMatch(StoredText::unstorable);
        if (clean) {
            return text;
        }
        StringBuilder cleaned = new StringBuilder(text.length());
        text.codePoints().forEach(c -> cleaned.appendCodePoint(unstorable(c) ? '\uFFFD' : c));
        return cleaned.toString();
    }

    private static boolean unstorable(int c) {
        return c == 0 || (c >= 0xD800 && c <= 0xDFFF);
    }
}
