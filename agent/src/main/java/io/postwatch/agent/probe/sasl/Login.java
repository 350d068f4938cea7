package io.postwatch.agent.probe.sasl;

import io.postwatch.agent.probe.bounds.Checks;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Credentials of a mailbox. Never printed: {@link #toString} tells neither name nor secret.
 *
 * @param username 1 to 1,024 characters, without CR, LF and NUL
 * @param secret what proves that the mailbox is ours
 * @param mechanism the mechanism to use, one that takes such a secret; null: the strongest that both sides know
 * @param allowPlaintext send the secret over an unencrypted connection too
 */
public record Login(
        String username, Secret secret, @Nullable AuthMechanism mechanism, boolean allowPlaintext) {

    private static final int MAX_LENGTH = 1024;

    public Login {
        check(username, "username");
        Objects.requireNonNull(secret, "secret");
        if (mechanism != null && mechanism.takesToken() != secret instanceof AccessToken) {
            throw new IllegalArgumentException(mechanism.saslName() + " takes "
                    + (mechanism.takesToken() ? "an access token, not a password" : "a password, not an access token"));
        }
    }

    /** With a password. */
    public Login(String username, String password, @Nullable AuthMechanism mechanism, boolean allowPlaintext) {
        this(username, new Password(password), mechanism, allowPlaintext);
    }

    /** What proves that a mailbox is ours. Never printed. */
    public sealed interface Secret {

        /** The secret itself. */
        String text();
    }

    /**
     * A password.
     *
     * @param text 1 to 1,024 characters, without CR, LF and NUL
     */
    public record Password(String text) implements Secret {

        public Password {
            check(text, "password");
        }

        @Override
        public String toString() {
            return "Password[redacted]";
        }
    }

    /**
     * A bearer token of OAuth 2.0 (RFC 6750).
     *
     * @param text 1 to 8,192 printable characters of ASCII, no spaces
     */
    public record AccessToken(String text) implements Secret {

        private static final int MAX_TOKEN = 8192;

        public AccessToken {
            if (text.isEmpty() || text.length() > MAX_TOKEN) {
                throw new IllegalArgumentException("an access token must have 1 to " + MAX_TOKEN + " characters");
            }
            if (!text.chars().allMatch(character -> character > ' ' && character < 127)) {
                throw new IllegalArgumentException("an access token must be of printable characters of ASCII");
            }
        }

        @Override
        public String toString() {
            return "AccessToken[redacted]";
        }
    }

    /** Whether the secret is an access token. */
    public boolean hasToken() {
        return secret instanceof AccessToken;
    }

    @Override
    public String toString() {
        return "Login[redacted]";
    }

    private static void check(String value, String name) {
        if (value.isEmpty() || value.length() > MAX_LENGTH) {
            throw new IllegalArgumentException(name + " must have 1 to " + MAX_LENGTH + " characters");
        }
        Checks.singleLine(value, name);
    }
}
