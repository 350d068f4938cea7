package io.postwatch.agent.identity;

import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.util.UUID;

/** One set of keys for all simulated agents, which sign what nobody checks. */
public final class SimulatedKeys {

    public static final AgentKeys KEYS = AgentKeys.generate(new SecureRandom());

    private SimulatedKeys() {}

    /** Opens what nobody seals. */
    public static SecretOpener opener() {
        try {
            return KEYS.secretOpener(new AgentId(new UUID(0, 0)));
        } catch (GeneralSecurityException impossible) {
            throw new IllegalStateException(impossible);
        }
    }
}
