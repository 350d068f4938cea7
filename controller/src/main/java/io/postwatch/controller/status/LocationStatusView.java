package io.postwatch.controller.status;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.postwatch.controller.assignment.PlaceSync;
import io.postwatch.controller.run.ChainFindings;
import io.postwatch.controller.run.RunRecord;
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
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** How a monitor does at one location, as the API shows it. */
@Schema(
        name = "LocationStatus",
        description =
                "How a monitor does at one location. Of a monitor that checks both address families it sums up families: the worst status of those with data, the failure that it comes from, the latest last and the earliest next run, the slowest total.")
@JsonInclude(JsonInclude.Include.NON_NULL)
record LocationStatusView(
        UUID locationId,
        String locationName,
        Status status,
        String sentence,

        @Schema(allowableValues = {"in-sync", "pending", "rejected", "no-agent"})
        String sync,

        @Nullable String syncMessage,

        @Schema(
                description =
                        "Since when no agent of the location has reported; absent unless it is silent. Its status is NO_DATA then")
        @Nullable
        Instant silentSince,

        @Nullable Instant lastRunAt,

        @Schema(description = "Its next time on the grid; absent while nothing runs there") @Nullable
        Instant nextRunAt,

        @Nullable Double totalMillis,
        @Nullable Integer certificateDaysLeft,
        RunView.@Nullable FailureView failure,

        @Schema(description = "Absent in lists, and where there are families") @Nullable
        RunView lastResult,

        @Schema(description = "Each by itself; absent unless the monitor checks both") @Nullable
        List<FamilyStatusView> families) {
    /** The more, the more it asks for somebody's attention. */
    private static final List<PlaceSync.State> SYNC_BY_WEIGHT = List.of(
            PlaceSync.State.IN_SYNC, PlaceSync.State.PENDING, PlaceSync.State.NO_AGENT, PlaceSync.State.REJECTED);

    static LocationStatusView of(
            LocationVerdict location, Map<SeriesPlace, PlaceSync> sync, Map<SeriesPlace, RunView> lastResults) {
        List<TargetVerdict> targets = location.targets();
        List<FamilyStatusView> families = targets.stream()
                .map(target -> {
                    SeriesPlace place = place(location, target);
                    return FamilyStatusView.of(target, sync(sync, place), lastResults.get(place));
                })
                .toList();
        TargetVerdict behind = targets.stream()
                .max(Comparator.comparingInt(target -> SYNC_BY_WEIGHT.indexOf(
                        sync(sync, place(location, target)).state())))
                .orElseThrow();
        PlaceSync worst = sync(sync, place(location, behind));
        boolean one = targets.size() == 1;
        return new LocationStatusView(
                location.place().location().value(),
                location.place().name(),
                location.status(),
                location.sentence(),
                worst.state().code(),
                one || worst.message() == null
                        ? worst.message()
                        : behind.family().title() + ": " + worst.message(),
                silentSince(targets.getFirst().target().awaiting()),
                last(families, FamilyStatusView::lastRunAt),
                first(families, FamilyStatusView::nextRunAt),
                last(families, FamilyStatusView::totalMillis),
                first(families, FamilyStatusView::certificateDaysLeft),
                families.get(targets.indexOf(location.deciding())).failure(),
                one ? families.getFirst().lastResult() : null,
                one ? null : families);
    }

    private static SeriesPlace place(LocationVerdict location, TargetVerdict target) {
        return new SeriesPlace(location.place().location(), target.family());
    }

    private static PlaceSync sync(Map<SeriesPlace, PlaceSync> sync, SeriesPlace place) {
        return sync.getOrDefault(place, PlaceSync.NO_AGENT);
    }

    private static <T extends Comparable<T>> @Nullable T first(
            List<FamilyStatusView> families, Function<FamilyStatusView, @Nullable T> part) {
        return families.stream()
                .map(part)
                .filter(Objects::nonNull)
                .min(Comparator.naturalOrder())
                .orElse(null);
    }

    private static <T extends Comparable<T>> @Nullable T last(
            List<FamilyStatusView> families, Function<FamilyStatusView, @Nullable T> part) {
        return families.stream()
                .map(part)
                .filter(Objects::nonNull)
                .max(Comparator.naturalOrder())
                .orElse(null);
    }

    /** How it does there over one address family. */
    @Schema(name = "FamilyStatus")
    @JsonInclude(JsonInclude.Include.NON_NULL)
    record FamilyStatusView(
            @Schema(allowableValues = {"ipv4", "ipv6"}) String addressFamily,
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
        static FamilyStatusView of(TargetVerdict verdict, PlaceSync sync, @Nullable RunView lastResult) {
            RunRecord last = verdict.target().last();
            return new FamilyStatusView(
                    verdict.family().code(),
                    verdict.status(),
                    verdict.sentence(),
                    sync.state().code(),
                    sync.message(),
                    last == null ? null : last.scheduledAt(),
                    comingRunAt(verdict.target().awaiting()),
                    last == null ? null : RunView.millis(last.total()),
                    daysLeft(last),
                    last == null || last.failure() == null ? null : RunView.FailureView.of(last.failure()),
                    lastResult);
        }
    }

    private static @Nullable Instant silentSince(Place.Awaiting awaiting) {
        return switch (awaiting) {
            case Place.Awaiting.AnyAgent(Instant since) -> since;
            case Place.Awaiting.NextRun _, Place.Awaiting.Obstacle _ -> null;
        };
    }

    private static @Nullable Instant comingRunAt(Place.Awaiting awaiting) {
        return switch (awaiting) {
            case Place.Awaiting.NextRun(Instant at) -> at;
            case Place.Awaiting.AnyAgent _, Place.Awaiting.Obstacle _ -> null;
        };
    }

    static @Nullable Integer daysLeft(@Nullable RunRecord run) {
        ChainFindings chain = run == null ? null : run.certificate();
        return chain == null ? null : chain.daysLeft();
    }
}
