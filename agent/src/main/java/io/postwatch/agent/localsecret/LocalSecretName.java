package io.postwatch.agent.localsecret;

import java.util.regex.Pattern;

/**
 * By which name controller and host speak of a secret that only the host knows. The name itself is no secret.
 *
 * @param text 1 to 63 lower-case letters, digits and hyphens, neither first nor last a hyphen
 */
public record LocalSecretName(String text) implements Comparable<LocalSecretName> {

    private static final Pattern FORM = Pattern.compile("[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?");

    public LocalSecretName {
        if (!FORM.matcher(text).matches()) {
            throw new IllegalArgumentException(
                    "the name of a secret has 1 to 63 lower-case letters, digits and hyphens,"
                            + " and neither begins nor ends with a hyphen");
        }
    }

    @Override
    public int compareTo(LocalSecretName other) {
        return text.compareTo(other.text);
    }

    @Override
    public String toString() {
        return text;
    }
}
