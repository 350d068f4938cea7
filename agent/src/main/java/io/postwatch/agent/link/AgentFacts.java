package io.postwatch.agent.link;

import java.util.List;
import java.util.UUID;

/**
 * What an agent tells about itself in its hello.
 *
 * @param bootId made at process start; tells a reconnect from a restart
 * @param maxRunsPerSecond that it is willing to start
 * @param publicOnly whether its host keeps it to public addresses and the ports of mail
 * @param localSecrets by name, those that this host's configuration lists
 */
public record AgentFacts(
        String version,
        UUID bootId,
        String hostname,
        String os,
        String arch,
        boolean ipv4,
        boolean ipv6,
        int maxRunsPerSecond,
        boolean publicOnly,
        List<String> localSecrets) {

    public AgentFacts {
        localSecrets = List.copyOf(localSecrets);
        if (maxRunsPerSecond < 1) {
            throw new IllegalArgumentException("an agent is willing to start at least one run per second");
        }
    }
}
