package io.postwatch.controller.status;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.postwatch.controller.assignment.PlaceSync;
import io.postwatch.controller.run.ChainFindings;
import io.postwatch.controller.run.RunRecord;
import io.postwatch.controller.run.RunView;
import io.postwatch.controller.shared.LocationId;
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
        int reportingLocations,
        int failingLocations,
        @Nullable Integer certificateDaysLeft,
        @Nullable Instant lastRunAt,
        List<LocationStatusView> locations) {

    /** @param lastResults in full, by location; empty where only the outline is asked for */
    static MonitorStatusView of(
            MonitorVerdict verdict, Map<LocationId, PlaceSync> sync, Map<LocationId, RunView> lastResults) {
        List<LocationStatusView> locations = verdict.locations().stream()
                .map(location -> LocationStatusView.of(
                        location,
                        sync.getOrDefault(location.place().location(), PlaceSync.NO_AGENT),
                        lastResults.get(location.place().location())))
                .toList();
        return new MonitorStatusView(
                verdict.status(),
                verdict.sentence(),
                (int) verdict.reporting(),
                (int) verdict.failing(),
                verdict.locations().stream()
                        .filter(LocationVerdict::reporting)
                        .map(location -> daysLeft(location.place().last()))
                        .filter(Objects::nonNull)
                        .min(Comparator.naturalOrder())
                        .orElse(null),
                locations.stream()
                        .map(LocationStatusView::lastRunAt)
                        .filter(Objects::nonNull)
                        .max(Comparator.naturalOrder())
                        .orElse(null),
                locations);
    }

    /** How it does at one location. */
    @Schema(name = "LocationStatus")
    @JsonInclude(JsonInclude.Include.NON_NULL)
    record LocationStatusView(
            UUID locationId,
            String locationName,
            Status status,
            String sentence,

            @Schema(allowableValues = {"in-sync", "pending", "rejected", "no-agent"})
            String sync,

            @Nullable String syncMessage,
            @Nullable Instant lastRunAt,

            @Schema(description = "Its next time on the grid; absent while nothing runs there") @Nullable
            Instant nextRunAt,

            @Nullable Double totalMillis,
            @Nullable Integer certificateDaysLeft,
            RunView.@Nullable FailureView failure,
            @Nullable RunView lastResult) {
        static LocationStatusView of(LocationVerdict location, PlaceSync sync, @Nullable RunView lastResult) {
            RunRecord last = location.place().last();
            return new LocationStatusView(
                    location.place().location().value(),
                    location.place().name(),
                    location.status(),
                    location.sentence(),
                    sync.state().code(),
                    sync.message(),
                    last == null ? null : last.scheduledAt(),
                    comingRunAt(location.place().awaiting()),
                    last == null ? null : RunView.millis(last.total()),
                    daysLeft(last),
                    last == null || last.failure() == null ? null : RunView.FailureView.of(last.failure()),
                    lastResult);
        }
    }

    private static @Nullable Instant comingRunAt(Place.Awaiting awaiting) {
        return switch (awaiting) {
            case Place.Awaiting.NextRun(Instant at) -> at;
            case Place.Awaiting.Obstacle _ -> null;
        };
    }

    private static @Nullable Integer daysLeft(@Nullable RunRecord run) {
        ChainFindings chain = run == null ? null : run.certificate();
        return chain == null ? null : chain.daysLeft();
    }
}
