package io.postwatch.controller.check;

import io.postwatch.controller.shared.TlsVersion;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a server must say beyond the protocol; all of it, or the run fails.
 *
 * @param greetingContains part of the greeting, in any case; null: none
 * @param capabilities keywords, or a keyword and a parameter ({@code AUTH PLAIN}), in any case, in the capabilities as
 *     told last
 * @param minimumTls the lowest version that may be agreed on; null: none
 */
public record Expectations(
        @Nullable String greetingContains,
        List<String> capabilities,
        @Nullable TlsVersion minimumTls) {
    public static final Expectations NONE = new Expectations(null, List.of(), null);

    public Expectations {
        capabilities = List.copyOf(capabilities);
        if (greetingContains != null && greetingContains.isEmpty()) {
            throw new IllegalArgumentException("Every greeting contains nothing");
        }
    }
}
