package io.postwatch.controller.check;

import io.postwatch.controller.shared.AuthMechanism;
import io.postwatch.controller.shared.LocalSecretName;
import org.jspecify.annotations.Nullable;

/**
 * Whom a run logs in as; the password or access token is a secret of its own, stored here or known to the agent's host alone.
 *
 * @param secret what the secret is
 * @param mechanism null: the strongest for such a secret that server and agent both know
 * @param allowPlaintext send the secret over an unencrypted connection too
 * @param localSecret by which name the agent's host knows the secret; null: it is stored here
 */
public record MonitorLogin(
        String username,
        LoginSecret.Kind secret,
        @Nullable AuthMechanism mechanism,
        boolean allowPlaintext,
        @Nullable LocalSecretName localSecret) {
    public MonitorLogin {
        if (username.isEmpty() || username.codePoints().anyMatch(Character::isISOControl)) {
            throw new IllegalArgumentException("A username is not empty and has no control characters");
        }
        if (mechanism != null && mechanism.takesToken() != (secret == LoginSecret.Kind.ACCESS_TOKEN)) {
            throw new IllegalArgumentException("XOAUTH2 and OAUTHBEARER take an access token, the others a password");
        }
    }

    /** With a secret that is stored here. */
    public MonitorLogin(
            String username, LoginSecret.Kind secret, @Nullable AuthMechanism mechanism, boolean allowPlaintext) {
        this(username, secret, mechanism, allowPlaintext, null);
    }

    public boolean isStored() {
        return localSecret == null;
    }
}
