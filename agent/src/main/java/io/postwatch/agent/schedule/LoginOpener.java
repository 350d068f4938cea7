package io.postwatch.agent.schedule;

import io.postwatch.agent.assignment.LoginPlan;
import io.postwatch.agent.assignment.SealedSecret;
import io.postwatch.agent.probe.sasl.Login;
import java.security.GeneralSecurityException;

/** Opens the credentials of a run, just before it. */
@FunctionalInterface
public interface LoginOpener {

    /**
     * Opens them.
     *
     * @throws GeneralSecurityException when they don't open with this agent's key or make no login
     */
    Login open(SealedSecret secret, LoginPlan plan) throws GeneralSecurityException;
}
