package io.postwatch.agent.probe;

import io.postwatch.agent.probe.bounds.Checks;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a server must say beyond its protocol: all of it, or the run fails.
 *
 * @param greetingContains part of the greeting, in any case, 1 to 200 characters; null: nothing
 * @param capabilities at most 20, each a keyword or a keyword and its parameters ({@code AUTH PLAIN}), in any case, 1 to
 *     200 characters
 * @param minimumTls the lowest version that may be agreed on; null: any that is safe
 */
public record Expectations(
        @Nullable String greetingContains,
        List<String> capabilities,
        @Nullable TlsVersion minimumTls) {

    /** Whatever the protocol allows is good. */
    public static final Expectations NONE = new Expectations(null, List.of(), null);

    private static final int MAX_CAPABILITIES = 20;
    private static final int MAX_LENGTH = 200;

    public Expectations {
        if (greetingContains != null) {
            check(greetingContains, "the expected part of the greeting");
        }
        capabilities = List.copyOf(capabilities);
        if (capabilities.size() > MAX_CAPABILITIES) {
            throw new IllegalArgumentException("at most " + MAX_CAPABILITIES + " capabilities can be expected");
        }
        capabilities.forEach(capability -> check(capability, "an expected capability"));
    }

    private static void check(String value, String name) {
        if (value.isBlank() || value.length() > MAX_LENGTH) {
            throw new IllegalArgumentException(name + " must have 1 to " + MAX_LENGTH + " characters");
        }
        Checks.singleLine(value, name);
    }
}
