package io.postwatch.controller.fleet;

import io.swagger.v3.oas.annotations.media.Schema;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * An agent as it is shown. What only a connected agent tells is absent before its first session.
 *
 * @param blockedPorts TCP ports through which it reaches nobody, as far as it knows; ascending
 */
@Schema(name = "Agent")
record AgentView(
        UUID id,
        UUID locationId,
        String locationName,
        String name,

        @Schema(allowableValues = {"never-connected", "online", "offline", "revoked"})
        String state,

        @Nullable String version,
        @Nullable String hostname,
        @Nullable String os,
        @Nullable Boolean ipv4,
        @Nullable Boolean ipv6,
        List<String> checkTypes,
        @Nullable Instant lastSeenAt,
        @Nullable Instant connectedAt,
        @Nullable Instant certificateNotAfter,
        int assignments,
        @Nullable Long spoolRows,
        @Nullable Double scheduleLagMillis,
        @Nullable Double clockOffsetMillis,
        @Nullable Double runsPerMinute,
        List<Integer> blockedPorts,
        SyncView sync,
        long revision,
        Instant createdAt) {

    /** How far the agent is behind what it is to run. */
    @Schema(name = "AgentSync")
    record SyncView(
            @Schema(allowableValues = {"in-sync", "pending", "rejected"})
            String state,

            @Nullable Long appliedRevision,
            long wantedRevision,
            List<AgentWork.Rejected> rejected) {}
}
