package io.postwatch.agent.link;

import java.time.Duration;

/**
 * How long to wait before the next attempt: full jitter, that is uniformly from zero to a limit that doubles with each
 * failure in a row. Agents that lost their controller together thus don't come back together.
 *
 * @param first the limit after one failure
 * @param most the limit that is never exceeded
 */
public record Backoff(Duration first, Duration most) {

    /** From 1 second to 30 seconds: all agents of a controller are back within a minute of its restart. */
    public static final Backoff DEFAULT = new Backoff(Duration.ofSeconds(1), Duration.ofSeconds(30));

    public Backoff {
        if (!first.isPositive() || most.compareTo(first) < 0) {
            throw new IllegalArgumentException("a back-off begins above zero and doesn't shrink");
        }
    }

    /**
     * The wait after some failures in a row.
     *
     * @param failures from 1
     * @param draw uniformly from 0 to 1
     */
    public Duration delay(int failures, double draw) {
        if (failures < 1 || draw < 0 || draw > 1) {
            throw new IllegalArgumentException("a back-off counts failures from 1 and draws from 0 to 1");
        }
        double limit = first.toNanos() * Math.pow(2, failures - 1);
        return Duration.ofNanos(Math.round(Math.min(limit, (double) most.toNanos()) * draw));
    }

    /**
     * The wait after the answer that too many came at once: over the longest time from the first failure on.
     *
     * @param draw uniformly from 0 to 1
     */
    public Duration longest(double draw) {
        return delay(Integer.MAX_VALUE, draw);
    }
}
