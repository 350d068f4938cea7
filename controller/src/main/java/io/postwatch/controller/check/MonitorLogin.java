package io.postwatch.controller.check;

import io.postwatch.controller.shared.AuthMechanism;
import org.jspecify.annotations.Nullable;

/**
 * Whom a run logs in as; the password or access token is a secret of its own.
 *
 * @param secret what the secret is
 * @param mechanism null: the strongest for such a secret that server and agent both know
 * @param allowPlaintext send the secret over an unencrypted connection too
 */
public record MonitorLogin(
        String username, LoginSecret.Kind secret, @Nullable AuthMechanism mechanism, boolean allowPlaintext) {
    public MonitorLogin {
        if (username.isEmpty() || username.codePoints().anyMatch(Character::isISOControl)) {
            throw new IllegalArgumentException("A username is not empty and has no control characters");
        }
        if (mechanism != null && mechanism.takesToken() != (secret == LoginSecret.Kind.ACCESS_TOKEN)) {
            throw new IllegalArgumentException("XOAUTH2 and OAUTHBEARER take an access token, the others a password");
        }
    }
}
