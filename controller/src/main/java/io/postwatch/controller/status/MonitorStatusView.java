package io.postwatch.controller.status;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.postwatch.controller.assignment.PlaceSync;
import io.postwatch.controller.run.RunFailure;
import io.postwatch.controller.run.RunView;
import io.postwatch.controller.series.SeriesPlace;
import io.postwatch.controller.shared.Status;
import io.swagger.v3.oas.annotations.media.Schema;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** How a monitor does, as the API shows it. */
@Schema(name = "MonitorStatus")
@JsonInclude(JsonInclude.Include.NON_NULL)
record MonitorStatusView(
        Status status,
        String sentence,

        @Schema(
                description =
                        "Locations with data, over the address family of the cause where there is one: who doesn't have it doesn't count")
        int reportingLocations,

        @Schema(
                description =
                        "Those of the reporting locations that the status comes from; where it is OK, all that fail")
        int failingLocations,

        @Schema(description = "Absent unless the status is WARNING or ERROR") @Nullable
        CauseView cause,

        @Nullable Integer certificateDaysLeft,
        @Nullable Instant lastRunAt,

        @Schema(
                description =
                        "Since when nobody logs in any more, the server having refused the login three times in a row: until the credentials are edited; absent otherwise")
        @Nullable
        Instant loginSuspendedSince,

        List<LocationStatusView> locations) {

    /** @param lastResults in full; empty where only the outline is asked for */
    static MonitorStatusView of(
            MonitorVerdict verdict, Map<SeriesPlace, PlaceSync> sync, Map<SeriesPlace, RunView> lastResults) {
        List<LocationStatusView> locations = verdict.locations().stream()
                .map(location -> LocationStatusView.of(location, sync, lastResults))
                .toList();
        return new MonitorStatusView(
                verdict.status(),
                verdict.sentence(),
                verdict.reporting(),
                verdict.failing(),
                verdict.deciding().map(CauseView::of).orElse(null),
                verdict.locations().stream()
                        .flatMap(LocationVerdict::reportingTargets)
                        .map(TargetVerdict::certificateDaysLeft)
                        .filter(Objects::nonNull)
                        .min(Comparator.naturalOrder())
                        .orElse(null),
                locations.stream()
                        .map(LocationStatusView::lastRunAt)
                        .filter(Objects::nonNull)
                        .max(Comparator.naturalOrder())
                        .orElse(null),
                null,
                locations);
    }

    /** The same, of a monitor whose login is suspended. */
    MonitorStatusView suspendedSince(Instant since) {
        return new MonitorStatusView(
                status,
                sentence,
                reportingLocations,
                failingLocations,
                cause,
                certificateDaysLeft,
                lastRunAt,
                since,
                locations);
    }

    /** What a monitor's status comes from. */
    @Schema(
            name = "StatusCause",
            description = "The failure that a status comes from, of the locations that fail alike the first")
    @JsonInclude(JsonInclude.Include.NON_NULL)
    record CauseView(
            @Schema(
                    description = "The family that decides; absent unless the monitor checks both",
                    allowableValues = {"ipv4", "ipv6"})
            @Nullable
            String addressFamily,

            UUID locationId,
            String locationName,
            RunView.FailureView failure) {
        static CauseView of(FamilyVerdict deciding) {
            TargetVerdict shown = deciding.shown();
            Place place = shown.place();
            RunFailure failure = Objects.requireNonNull(shown.failure(), "what fails says why");
            return new CauseView(
                    place.targets().size() == 1 ? null : deciding.family().code(),
                    place.location().value(),
                    place.name(),
                    RunView.FailureView.of(failure));
        }
    }
}
