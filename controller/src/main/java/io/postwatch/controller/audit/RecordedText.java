package io.postwatch.controller.audit;

import java.util.regex.Pattern;

/** Texts as the record keeps them: on one line and of a bounded length. Cut rather than refused, as an act must not fail for them. */
final class RecordedText {
    static final int MAX_NAME = 300;
    static final int MAX_VALUE = 500;
    private static final Pattern CONTROL = Pattern.compile("\\p{Cntrl}");

    private RecordedText() {}

    static String name(String text) {
        return bounded(text, MAX_NAME);
    }

    static String value(String text) {
        return bounded(text, MAX_VALUE);
    }

    private static String bounded(String text, int most) {
        String clean = CONTROL.matcher(text).replaceAll(" ");
        if (clean.length() <= most) {
            return clean;
        }
        // Never half of a character that takes two.
        int end = Character.isHighSurrogate(clean.charAt(most - 2)) ? most - 2 : most - 1;
        return clean.substring(0, end) + "…";
    }
}
