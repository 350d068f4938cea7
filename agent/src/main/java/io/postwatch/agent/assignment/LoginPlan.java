package io.postwatch.agent.assignment;

import io.postwatch.agent.probe.sasl.AuthMechanism;
import io.postwatch.agent.probe.sasl.Login;
import org.jspecify.annotations.Nullable;

/**
 * How a run logs in; with whose name and secret is in the sealed secret, or
 * by which name this host knows the secret.
 *
 * @param mechanism null: the strongest that both sides know
 * @param allowPlaintext send the secret over an unencrypted connection too
 * @param leased whether a run asks the controller first, and does not log in without its lease
 */
public record LoginPlan(@Nullable AuthMechanism mechanism, boolean allowPlaintext, boolean leased) {

    /** Of a run that asks nobody. */
    public LoginPlan(@Nullable AuthMechanism mechanism, boolean allowPlaintext) {
        this(mechanism, allowPlaintext, false);
    }

    public Login with(String username, Login.Secret secret) {
        return new Login(username, secret, mechanism, allowPlaintext);
    }
}
