package io.postwatch.agent.probe.sasl;

import io.postwatch.agent.probe.bounds.Checks;
import org.jspecify.annotations.Nullable;

/**
 * Credentials of a mailbox. Never printed: {@link #toString} tells neither name nor password.
 *
 * @param username 1 to 1,024 characters, without CR, LF and NUL
 * @param password 1 to 1,024 characters, without CR, LF and NUL
 * @param mechanism the mechanism to use; null: the strongest that both sides know
 * @param allowPlaintext send the password over an unencrypted connection too
 */
public record Login(
        String username, String password, @Nullable AuthMechanism mechanism, boolean allowPlaintext) {

    private static final int MAX_LENGTH = 1024;

    public Login {
        check(username, "username");
        check(password, "password");
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
