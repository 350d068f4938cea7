package io.postwatch.controller.liveness;

import java.time.Duration;
import java.time.Instant;

/** What the last heartbeat of an agent told. */
public record AgentPulse(
        AgentSession session,
        Instant seenAt,
        Duration clockOffset,
        long spoolRows,
        double runsPerMinute,
        Duration scheduleLag,
        long residentBytes,
        int assignments) {}
