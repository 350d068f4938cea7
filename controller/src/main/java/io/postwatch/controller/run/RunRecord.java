package io.postwatch.controller.run;

import io.postwatch.controller.shared.AuthMechanism;
import io.postwatch.controller.shared.Status;
import io.postwatch.controller.shared.id.RunId;
import io.postwatch.controller.shared.id.SeriesId;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The record of one run, as its agent made it. A phase that did not happen is absent. Series and scheduledAt are its key; for a monitor test there is no series. */
public record RunRecord(
        @Nullable SeriesId series,
        long revision,
        RunId runId,
        Instant scheduledAt,
        Instant startedAt,
        Duration total,
        Status status,
        @Nullable RunFailure failure,
        List<PhaseTiming> phases,
        NetworkFindings network,
        @Nullable TlsFindings tls,
        @Nullable ChainFindings certificate,
        String greeting,
        List<String> capabilities,
        @Nullable AuthMechanism authMechanism,
        @Nullable Transcript transcript,
        boolean clockSuspect,
        boolean triggered) {
    public RunRecord {
        phases = List.copyOf(phases);
        capabilities = List.copyOf(capabilities);
        if ((status == Status.OK) != (failure == null)) {
            throw new IllegalArgumentException("A run has a failure exactly when it is not OK");
        }
    }
}
