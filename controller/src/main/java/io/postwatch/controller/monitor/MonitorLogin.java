package io.postwatch.controller.monitor;

import io.postwatch.controller.shared.AuthMechanism;
import org.jspecify.annotations.Nullable;

/**
 * Whom a run logs in as; the password is a secret of its own.
 *
 * @param mechanism null: the strongest that server and agent both know
 * @param allowPlaintext send the password over an unencrypted connection too
 */
public record MonitorLogin(String username, @Nullable AuthMechanism mechanism, boolean allowPlaintext) {
    public MonitorLogin {
        if (username.isEmpty() || username.codePoints().anyMatch(Character::isISOControl)) {
            throw new IllegalArgumentException("A username is not empty and has no control characters");
        }
    }
}
