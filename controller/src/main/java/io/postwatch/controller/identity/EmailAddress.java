package io.postwatch.controller.identity;

import java.util.Locale;
import java.util.regex.Pattern;

/** An e-mail address a person signs in with. Two that differ in case only are the same person's. */
record EmailAddress(String text) {
    private static final int MAX_LENGTH = 254;
    private static final Pattern FORM = Pattern.compile("[^\\s@\\p{Cntrl}]{1,64}@[^\\s@\\p{Cntrl}]{1,253}");

    EmailAddress {
        if (!isValid(text)) {
            throw new IllegalArgumentException("Not an e-mail address");
        }
    }

    static boolean isValid(String text) {
        return text.length() <= MAX_LENGTH && FORM.matcher(text).matches();
    }

    /** What it is found by. */
    String key() {
        return text.toLowerCase(Locale.ROOT);
    }

    String domain() {
        return text.substring(text.indexOf('@') + 1);
    }
}
