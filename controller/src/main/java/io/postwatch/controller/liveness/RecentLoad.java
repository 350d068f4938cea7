package io.postwatch.controller.liveness;

import java.time.Duration;

/**
 * What an agent's heartbeats of the last minute told of its runs.
 *
 * @param scheduleLag the greatest time by which one began late
 * @param skippedRuns that were due and did not begin
 * @param skippedInSession the same, since the session began
 */
public record RecentLoad(double runsPerMinute, Duration scheduleLag, long skippedRuns, long skippedInSession) {}
