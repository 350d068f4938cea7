package io.postwatch.controller.fleet;

import io.swagger.v3.oas.annotations.media.Schema;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** A location as it is shown. */
@Schema(name = "Location")
record LocationView(
        UUID id,
        String name,
        String description,
        @Schema(allowableValues = {"public", "private"}) String kind,

        @Schema(description = "Where a public location is: two letters of ISO 3166") @Nullable
        String country,

        @Schema(description = "A public location that no tenant sees yet, and where nothing runs")
        boolean inPreparation,

        @Schema(allowableValues = {"no-agent", "never-connected", "online", "silent", "in-maintenance"})
        String state,

        @Schema(description = "When the last of its agents was heard of; absent unless it is silent") @Nullable
        Instant silentSince,

        @Schema(description = "Without the revoked ones") int agents,
        int agentsOnline,

        @Schema(description = "Agents that an administrator took out of the pool, connected or not")
        int agentsInMaintenance,

        @Schema(
                description =
                        "Secrets that only the hosts of its agents know, by name: at least one agent offers each. Empty for a public location")
        List<String> localSecrets,

        @Schema(description = "Of the tenant that asks") int monitors,

        long revision,
        Instant createdAt) {

    static LocationView of(Location location, LocationPool pool, List<String> localSecrets, int monitors) {
        return new LocationView(
                location.id().value(),
                location.name(),
                location.description(),
                location.isPublic() ? "public" : "private",
                location.country(),
                location.inPreparation(),
                pool.state().code(),
                pool.state() == LocationState.SILENT ? pool.silentSince() : null,
                pool.agents(),
                pool.online(),
                pool.inMaintenance(),
                localSecrets,
                monitors,
                location.revision(),
                location.createdAt());
    }
}
