package io.postwatch.agent.schedule;

import java.time.Duration;

/**
 * How much at once.
 *
 * @param concurrentRuns runs at the same moment; each holds a socket and, beside the line that is
 *     coming in, at most 32 KiB of what a server said
 * @param concurrentTests tests on demand at the same moment, beside the runs
 * @param targetSpacing between the starts of two runs against one server; zero: none; more runs than this lets through
 *     are told as overloaded
 * @param patience a run that can't begin within this time after its moment is told as overloaded
 * @param watchdog a run that goes on this long after its deadline is given up
 */
public record ScheduleLimits(
        int concurrentRuns, int concurrentTests, Duration targetSpacing, Duration patience, Duration watchdog) {

    /** 500 runs and 20 tests at once, 100 ms between runs against one server, 10 s of patience, 5 s of watchdog. */
    public static final ScheduleLimits DEFAULT =
            new ScheduleLimits(500, 20, Duration.ofMillis(100), Duration.ofSeconds(10), Duration.ofSeconds(5));

    public ScheduleLimits {
        if (concurrentRuns < 1 || concurrentTests < 1) {
            throw new IllegalArgumentException("at least one run and one test at a time must be allowed");
        }
        if (targetSpacing.isNegative() || !patience.isPositive() || !watchdog.isPositive()) {
            throw new IllegalArgumentException("spacing must not be negative; patience and watchdog must be positive");
        }
    }
}
