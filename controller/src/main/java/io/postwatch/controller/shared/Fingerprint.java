package io.postwatch.controller.shared;

import java.util.regex.Pattern;

/** The SHA-256 of a certificate's DER; in text as 64 lower-case hexadecimal digits. */
public record Fingerprint(String hex) {
    private static final Pattern FORM = Pattern.compile("[0-9a-f]{64}");

    public Fingerprint {
        if (!FORM.matcher(hex).matches()) {
            throw new IllegalArgumentException("A fingerprint has 64 lower-case hexadecimal digits");
        }
    }

    @Override
    public String toString() {
        return hex;
    }
}
