package io.postwatch.agent.schedule;

import io.postwatch.agent.assignment.SeriesId;
import io.postwatch.agent.probe.ProbeResult;
import java.time.Instant;
import java.util.UUID;

/**
 * The one result of one run.
 *
 * @param scheduledAt in controller time; with the series it is the result's key
 * @param startedAt in controller time
 * @param clockSuspect whether the controller's time was not known when the run was scheduled
 * @param triggered whether the controller asked for it beside the grid
 */
public record FinishedRun(
        SeriesId series,
        long revision,
        UUID runId,
        Instant scheduledAt,
        Instant startedAt,
        ProbeResult result,
        boolean clockSuspect,
        boolean triggered) {

    /** The same run with this result. */
    public FinishedRun with(ProbeResult other) {
        return new FinishedRun(series, revision, runId, scheduledAt, startedAt, other, clockSuspect, triggered);
    }
}
