package io.postwatch.controller.fleet;

import io.swagger.v3.oas.annotations.media.Schema;
import java.time.Instant;
import java.util.Locale;
import java.util.UUID;

/** A location as it is shown. */
@Schema(name = "Location")
record LocationView(
        UUID id,
        String name,
        String description,
        @Schema(allowableValues = {"public", "private"}) String kind,

        @Schema(allowableValues = {"no-agent", "never-connected", "online", "silent"})
        String state,

        int agents,
        int agentsOnline,
        int monitors,
        long revision,
        Instant createdAt) {

    /** What the agents of a location add up to. */
    enum State {
        NO_AGENT,
        NEVER_CONNECTED,
        ONLINE,
        SILENT;

        static State of(AgentCount count) {
            if (count.all() == 0) {
                return NO_AGENT;
            }
            if (count.online() > 0) {
                return ONLINE;
            }
            return count.everConnected() > 0 ? SILENT : NEVER_CONNECTED;
        }

        String code() {
            return name().toLowerCase(Locale.ROOT).replace('_', '-');
        }
    }

    /** The agents of a location that are not revoked. */
    record AgentCount(int all, int online, int everConnected) {
        static final AgentCount NONE = new AgentCount(0, 0, 0);
    }

    static LocationView of(Location location, AgentCount count, int monitors) {
        return new LocationView(
                location.id().value(),
                location.name(),
                location.description(),
                location.isPublic() ? "public" : "private",
                State.of(count).code(),
                count.all(),
                count.online(),
                monitors,
                location.revision(),
                location.createdAt());
    }
}
