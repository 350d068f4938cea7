package io.postwatch.controller.status;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.postwatch.controller.assignment.PlaceSync;
import io.postwatch.controller.run.RunFailure;
import io.postwatch.controller.run.RunRecord;
import io.postwatch.controller.run.RunView;
import io.postwatch.controller.shared.Status;
import io.swagger.v3.oas.annotations.media.Schema;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** How a monitor does at one location over one address family, as the API shows it. */
@Schema(name = "FamilyStatus")
@JsonInclude(JsonInclude.Include.NON_NULL)
record FamilyStatusView(
        @Schema(allowableValues = {"ipv4", "ipv6"}) String addressFamily,
        Status status,
        String sentence,

        @Schema(
                allowableValues = {"in-sync", "pending", "rejected", "unknown", "no-agent", "not-proven"},
                description = "unknown: it ran as it should when its agent was last heard of, which is lost since")
        String sync,

        @Nullable String syncMessage,

        @Schema(description = "The agent that is to run it there; absent at a public location") @Nullable
        String agentName,

        @Schema(description = "When that agent was last heard of; absent while it is connected") @Nullable
        Instant agentLostSince,

        @Nullable Instant lastRunAt,

        @Schema(description = "Its next time on the grid; absent while nothing runs there") @Nullable
        Instant nextRunAt,

        @Nullable Double totalMillis,
        @Nullable Integer certificateDaysLeft,
        RunView.@Nullable FailureView failure,
        @Nullable RunView lastResult) {
    static FamilyStatusView of(TargetVerdict verdict, PlaceSync sync, @Nullable RunView lastResult) {
        RunRecord last = verdict.target().last();
        RunFailure failure = verdict.failure();
        return new FamilyStatusView(
                verdict.family().code(),
                verdict.status(),
                verdict.sentence(),
                sync.state().code(),
                sync.message(),
                sync.agent(),
                sync.agentLostSince(),
                last == null ? null : last.scheduledAt(),
                comingRunAt(verdict.target().awaiting()),
                last == null ? null : RunView.millis(last.total()),
                verdict.certificateDaysLeft(),
                failure == null ? null : RunView.FailureView.of(failure),
                lastResult);
    }

    boolean reporting() {
        return status != Status.NO_DATA;
    }

    private static @Nullable Instant comingRunAt(Place.Awaiting awaiting) {
        return switch (awaiting) {
            case Place.Awaiting.NextRun(Instant at) -> at;
            case Place.Awaiting.AnyAgent _, Place.Awaiting.AbleAgent _, Place.Awaiting.Obstacle _ -> null;
        };
    }
}
