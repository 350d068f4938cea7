package io.postwatch.controller.liveness;

import io.postwatch.controller.shared.AuthMechanism;
import io.postwatch.controller.shared.LocalSecretName;
import io.postwatch.controller.shared.MonitorType;
import java.util.Set;

/**
 * What an agent says of itself when it connects: its version, where it runs, and what it can do.
 *
 * @param publicAddressesOnly whether its host keeps it to public addresses and the ports of mail
 */
public record AgentFacts(
        String version,
        String hostname,
        String os,
        String arch,
        boolean ipv4,
        boolean ipv6,
        Set<MonitorType> types,
        Set<AuthMechanism> mechanisms,
        int maxRunsPerSecond,
        boolean publicAddressesOnly,
        Set<LocalSecretName> localSecrets) {
    /** Of more an agent has no use, and a row no room. */
    public static final int MAX_LOCAL_SECRETS = 100;

    public AgentFacts {
        types = Set.copyOf(types);
        mechanisms = Set.copyOf(mechanisms);
        localSecrets = Set.copyOf(localSecrets);
    }
}
