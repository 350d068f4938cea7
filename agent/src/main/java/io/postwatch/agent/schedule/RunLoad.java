package io.postwatch.agent.schedule;

import java.time.Duration;

/**
 * What the scheduler did since it was last asked.
 *
 * @param runs that began
 * @param skippedRuns that were due but did not begin, also those whose moments passed while the machine stood still
 * @param lag the greatest time by which a run began after its moment
 */
public record RunLoad(long runs, long skippedRuns, Duration lag) {}
