package io.postwatch.controller.status;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.postwatch.controller.assignment.PlaceSync;
import io.postwatch.controller.run.RunView;
import io.postwatch.controller.series.SeriesPlace;
import io.postwatch.controller.shared.AddressFamily;
import io.postwatch.controller.shared.Status;
import io.swagger.v3.oas.annotations.media.Schema;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SequencedMap;
import java.util.Set;
import java.util.UUID;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** How a monitor does at one location, as the API shows it. */
@Schema(
        name = "LocationStatus",
        description =
                "How a monitor does at one location. Of a monitor that checks both address families it sums up families: the worst status of those with data, the failure that it comes from, the latest last and the earliest next run, and of those with data the slowest total and the fewest days left.")
@JsonInclude(JsonInclude.Include.NON_NULL)
record LocationStatusView(
        UUID locationId,
        String locationName,
        Status status,
        String sentence,

        @Schema(
                allowableValues = {"in-sync", "pending", "rejected", "unknown", "no-agent", "not-proven"},
                description = "unknown: it ran as it should when its agent was last heard of, which is lost since")
        String sync,

        @Nullable String syncMessage,

        @Schema(
                description =
                        "The agent that is to run it there; absent at a public location, whose agents are the operator's matter, and where different ones run its families")
        @Nullable
        String agentName,

        @Schema(
                description =
                        "When the agent that is to run it was last heard of, the first where there are several; absent while they are connected")
        @Nullable
        Instant agentLostSince,

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
    static LocationStatusView of(
            LocationVerdict location, Map<SeriesPlace, PlaceSync> sync, Map<SeriesPlace, RunView> lastResults) {
        List<TargetVerdict> targets = location.targets();
        SequencedMap<AddressFamily, PlaceSync> syncs = new LinkedHashMap<>();
        List<FamilyStatusView> families = new ArrayList<>();
        for (TargetVerdict target : targets) {
            SeriesPlace place = new SeriesPlace(location.place().location(), target.family());
            PlaceSync synced = sync.getOrDefault(place, PlaceSync.NO_AGENT);
            syncs.put(target.family(), synced);
            families.add(FamilyStatusView.of(target, synced, lastResults.get(place)));
        }
        LocationSync worst = LocationSync.of(syncs);
        // What one family told long ago must not pass for what the place finds now.
        List<FamilyStatusView> current = location.reporting()
                ? families.stream().filter(FamilyStatusView::reporting).toList()
                : families;
        boolean one = targets.size() == 1;
        return new LocationStatusView(
                location.place().location().value(),
                location.place().name(),
                location.status(),
                location.sentence(),
                worst.state().code(),
                worst.message(),
                agentName(syncs.values()),
                first(families, FamilyStatusView::agentLostSince),
                silentSince(targets.getFirst().target().awaiting()),
                last(families, FamilyStatusView::lastRunAt),
                first(families, FamilyStatusView::nextRunAt),
                last(current, FamilyStatusView::totalMillis),
                first(current, FamilyStatusView::certificateDaysLeft),
                families.get(targets.indexOf(location.deciding())).failure(),
                one ? families.getFirst().lastResult() : null,
                one ? null : families);
    }

    private static @Nullable String agentName(Collection<PlaceSync> syncs) {
        Set<String> names = new HashSet<>();
        for (PlaceSync sync : syncs) {
            String name = sync.agent();
            if (name == null) {
                return null;
            }
            names.add(name);
        }
        return names.size() == 1 ? names.iterator().next() : null;
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

    private static @Nullable Instant silentSince(Place.Awaiting awaiting) {
        return switch (awaiting) {
            case Place.Awaiting.AnyAgent(Instant since) -> since;
            case Place.Awaiting.NextRun _, Place.Awaiting.AbleAgent _, Place.Awaiting.Obstacle _ -> null;
        };
    }
}
