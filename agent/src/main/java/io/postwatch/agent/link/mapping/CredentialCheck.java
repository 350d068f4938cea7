package io.postwatch.agent.link.mapping;

import io.postwatch.agent.assignment.Check;
import io.postwatch.agent.assignment.SealedSecret;
import io.postwatch.agent.localsecret.LocalSecretException;
import java.security.GeneralSecurityException;

/** Tells whether this agent will be able to open the credentials of a check, as far as that is known before a run. */
@FunctionalInterface
public interface CredentialCheck {

    /**
     * Returns where they open.
     *
     * @param check which has a login
     * @throws GeneralSecurityException when they don't open with this agent's key or make no login
     * @throws LocalSecretException when they name a secret that this host doesn't offer for this check
     */
    void check(SealedSecret secret, Check check) throws GeneralSecurityException, LocalSecretException;
}
