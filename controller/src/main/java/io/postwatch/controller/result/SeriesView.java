package io.postwatch.controller.result;

import io.postwatch.controller.fleet.GapView;
import io.swagger.v3.oas.annotations.media.Schema;
import java.time.Instant;
import java.util.List;
import java.util.UUID;

/** The points of a series in ascending time; truncated: there are older ones in the time asked for. */
@Schema(name = "Series")
record SeriesView(
        String id,
        UUID locationId,
        String locationName,

        @Schema(allowableValues = {"any", "ipv4", "ipv6"}) String addressFamily,

        boolean truncated,
        List<SeriesPointView> points) {

    /** All series of a monitor. */
    @Schema(name = "SeriesResponse")
    record Response(
            Instant from,
            Instant to,
            List<SeriesView> series,

            @Schema(
                    description =
                            "Why results may be missing: what the agents of these locations lost of this time, the last told first, at most 100. Of public locations, whose agents are the operator's matter, none")
            List<LocationGap> gaps) {}

    /** What an agent lost, and where. */
    @Schema(name = "LocationGap")
    record LocationGap(UUID locationId, String agentName, GapView gap) {}
}
