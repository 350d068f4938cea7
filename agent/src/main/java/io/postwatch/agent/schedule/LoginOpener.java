package io.postwatch.agent.schedule;

import io.postwatch.agent.assignment.Check;
import io.postwatch.agent.assignment.SealedSecret;
import io.postwatch.agent.localsecret.LocalSecretException;
import io.postwatch.agent.probe.sasl.Login;
import io.postwatch.agent.probe.time.Deadline;
import java.security.GeneralSecurityException;

/** Opens the credentials of a run, just before it. */
@FunctionalInterface
public interface LoginOpener {

    /**
     * Opens them. May block until the deadline where the secret is this host's own.
     *
     * @param check which has a login
     * @throws GeneralSecurityException when they don't open with this agent's key or make no login
     * @throws LocalSecretException when they name a secret of this host that can't be had, or not for this check
     */
    Login open(SealedSecret secret, Check check, Deadline deadline)
            throws GeneralSecurityException, LocalSecretException;
}
