package io.postwatch.controller.shared;

import java.util.regex.Pattern;

/**
 * By which name an agent's own configuration lists a secret that only its host knows. The name itself is no secret.
 *
 * @param text 1 to 63 lower-case letters, digits and hyphens, neither first nor last a hyphen
 */
public record LocalSecretName(String text) {
    private static final Pattern FORM = Pattern.compile("[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?");

    public LocalSecretName {
        if (!isOne(text)) {
            throw new IllegalArgumentException("The name of a local secret has lower-case letters, digits and hyphens");
        }
    }

    public static boolean isOne(String text) {
        return FORM.matcher(text).matches();
    }

    @Override
    public String toString() {
        return text;
    }
}
