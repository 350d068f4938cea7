package io.postwatch.controller.assignment.placement;

import io.postwatch.controller.fleet.PlacedAgent;
import io.postwatch.controller.shared.AuthMechanism;
import io.postwatch.controller.shared.LocalSecretName;
import io.postwatch.controller.shared.MonitorType;
import java.util.Set;

/** What an agent said that it can do. */
record AgentAbilities(
        Set<MonitorType> types,
        Set<AuthMechanism> mechanisms,
        Set<LocalSecretName> localSecrets,
        boolean ipv4,
        boolean ipv6) {
    AgentAbilities {
        types = Set.copyOf(types);
        mechanisms = Set.copyOf(mechanisms);
        localSecrets = Set.copyOf(localSecrets);
    }

    static AgentAbilities of(PlacedAgent agent) {
        return new AgentAbilities(agent.types(), agent.mechanisms(), agent.localSecrets(), agent.ipv4(), agent.ipv6());
    }

    boolean cover(Needs needs) {
        boolean family = switch (needs.family()) {
            case ANY -> true;
            case IPV4 -> ipv4;
            case IPV6 -> ipv6;
        };
        return family
                && types.contains(needs.type())
                && (needs.localSecret() == null || localSecrets.contains(needs.localSecret()))
                && (needs.mechanisms().isEmpty() || needs.mechanisms().stream().anyMatch(mechanisms::contains));
    }
}
