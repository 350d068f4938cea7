package io.postwatch.controller.status;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.postwatch.controller.assignment.PlaceSync;
import io.postwatch.controller.run.RunView;
import io.postwatch.controller.series.SeriesPlace;
import io.postwatch.controller.shared.Status;
import io.swagger.v3.oas.annotations.media.Schema;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
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

    /** @param lastResults in full; empty where only the outline is asked for */
    static MonitorStatusView of(
            MonitorVerdict verdict, Map<SeriesPlace, PlaceSync> sync, Map<SeriesPlace, RunView> lastResults) {
        List<LocationStatusView> locations = verdict.locations().stream()
                .map(location -> LocationStatusView.of(location, sync, lastResults))
                .toList();
        return new MonitorStatusView(
                verdict.status(),
                verdict.sentence(),
                (int) verdict.reporting(),
                (int) verdict.failing(),
                verdict.locations().stream()
                        .flatMap(LocationVerdict::reportingTargets)
                        .map(reporting ->
                                LocationStatusView.daysLeft(reporting.target().last()))
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
}
