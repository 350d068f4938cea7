package io.postwatch.controller.fleet;

import io.swagger.v3.oas.annotations.media.Schema;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * An agent as it is shown. What only a connected agent tells is absent before its first session.
 *
 * @param maintenanceSince it is given nothing to run since then, whatever its state
 * @param blockedPorts TCP ports through which it reaches nobody, as far as it knows; ascending
 */
@Schema(name = "Agent")
record AgentView(
        UUID id,
        UUID locationId,
        String locationName,
        String name,

        @Schema(
                allowableValues = {
                    "awaiting-approval",
                    "never-connected",
                    "online",
                    "offline",
                    "cloned",
                    "refused",
                    "revoked"
                })
        String state,

        @Schema(description = "Since when it is in maintenance: it is given nothing to run") @Nullable
        Instant maintenanceSince,

        @Nullable String version,
        @Nullable String hostname,
        @Nullable String os,
        @Nullable Boolean ipv4,
        @Nullable Boolean ipv6,
        List<String> checkTypes,

        @Schema(description = "Secrets that only its host knows, by the names that its configuration lists")
        List<String> localSecrets,

        @Nullable Instant lastSeenAt,
        @Nullable Instant connectedAt,
        @Nullable Instant certificateNotAfter,
        IdentityView identity,
        int assignments,
        @Nullable Long spoolRows,

        @Schema(description = "The greatest time by which a run of the last minute began late") @Nullable
        Double scheduleLagMillis,

        @Schema(description = "Runs of the last minute that were due and did not begin") @Nullable
        Long skippedRunsLastMinute,

        @Schema(description = "The same, since it connected") @Nullable
        Long skippedRuns,

        @Nullable Double clockOffsetMillis,
        @Nullable Double runsPerMinute,
        List<Integer> blockedPorts,

        @Schema(
                description =
                        "Results that it lost, as it told last; absent where it told of none within their retention")
        @Nullable
        GapView lastGap,

        @Schema(description = "How many such gaps it told of; 1000 stands for that many or more")
        int gaps,

        SyncView sync,
        long revision,
        Instant createdAt) {

    /**
     * How it proves who it is.
     *
     * @param fingerprint of its identity key, as the agent logs it
     * @param replacedAt when a new host took its place, the last time
     */
    @Schema(name = "AgentIdentity")
    record IdentityView(
            String fingerprint,

            @Schema(description = "Since when it waits for approval; it is forgotten a day later") @Nullable
            Instant awaitingApprovalSince,

            @Schema(description = "When a new host took its place, the last time") @Nullable
            Instant replacedAt,

            @Schema(description = "How often it renewed a certificate that had expired")
            long expiredRenewals,

            @Schema(description = "How often it renewed a newer certificate than the database knew, which was set back")
            long aheadRenewals,

            @Schema(description = "Why it is locked; absent where it is not") @Nullable
            CopiesView copies) {}

    /** Two copies of one agent. */
    @Schema(name = "AgentCopies")
    record CopiesView(
            Instant since,

            @Schema(allowableValues = {"older-certificate", "other-certificate", "two-processes"})
            String sign,

            @Schema(description = "From where the copies came")
            List<String> addresses) {
        CopiesView {
            addresses = List.copyOf(addresses);
        }
    }

    /** How far the agent is behind what it is to run. */
    @Schema(name = "AgentSync")
    record SyncView(
            @Schema(
                    allowableValues = {"in-sync", "pending", "rejected", "unknown"},
                    description = "unknown: it ran what it should when it was last heard, and is lost since")
            String state,

            @Nullable Long appliedRevision,
            long wantedRevision,

            @Schema(description = "Checks that are on their way to it, new or changed")
            int pending,

            List<AgentWork.Rejected> rejected) {}
}
