package io.postwatch.agent.assignment;

import io.postwatch.agent.probe.sasl.AuthMechanism;
import io.postwatch.agent.probe.sasl.Login;
import org.jspecify.annotations.Nullable;

/**
 * How a run logs in; with whose name and password is in the sealed secret.
 *
 * @param mechanism null: the strongest that both sides know
 * @param allowPlaintext send the password over an unencrypted connection too
 */
public record LoginPlan(@Nullable AuthMechanism mechanism, boolean allowPlaintext) {

    public Login with(String username, String password) {
        return new Login(username, password, mechanism, allowPlaintext);
    }
}
