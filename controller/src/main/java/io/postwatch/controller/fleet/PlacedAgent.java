package io.postwatch.controller.fleet;

import io.postwatch.controller.shared.AuthMechanism;
import io.postwatch.controller.shared.Bytes;
import io.postwatch.controller.shared.LocalSecretName;
import io.postwatch.controller.shared.MonitorType;
import io.postwatch.controller.shared.id.AgentId;
import io.postwatch.controller.shared.id.LocationId;
import io.postwatch.controller.shared.id.TenantId;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What placement and sealing need to know of an agent that is not revoked.
 *
 * @param inMaintenance it is given nothing to run, connected or not
 * @param capacity runs per second that it is willing to start, at least 1
 * @param localSecrets that its host knows, by name
 * @param connectedAt when its last session began; null before the first
 * @param lostAt when its last sessions ended, a few of them
 */
public record PlacedAgent(
        TenantId tenant,
        AgentId id,
        LocationId location,
        boolean connected,
        boolean inMaintenance,
        int capacity,
        Bytes sealingKey,
        Set<MonitorType> types,
        Set<AuthMechanism> mechanisms,
        Set<LocalSecretName> localSecrets,
        boolean ipv4,
        boolean ipv6,
        @Nullable Instant connectedAt,
        List<Instant> lostAt) {
    public PlacedAgent {
        types = Set.copyOf(types);
        mechanisms = Set.copyOf(mechanisms);
        localSecrets = Set.copyOf(localSecrets);
        lostAt = List.copyOf(lostAt);
        capacity = Math.max(1, capacity);
    }

    /** Whether it can be asked to do something now. */
    public boolean isAtWork() {
        return connected && !inMaintenance;
    }
}
