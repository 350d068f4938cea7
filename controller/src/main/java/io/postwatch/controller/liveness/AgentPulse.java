package io.postwatch.controller.liveness;

import java.time.Duration;
import java.time.Instant;
import java.util.List;

/**
 * What the last heartbeats of an agent told.
 *
 * @param blockedPorts through which it reaches nobody, as far as it knows
 */
public record AgentPulse(
        AgentSession session,
        Instant seenAt,
        Duration clockOffset,
        long spoolRows,
        RecentLoad recent,
        long residentBytes,
        int assignments,
        List<Integer> blockedPorts) {
    public AgentPulse {
        blockedPorts = List.copyOf(blockedPorts);
    }
}
