package io.postwatch.controller.gateway;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;

/** How many runs an agent makes per minute, from what its heartbeats of the last minute told. For one thread. */
final class RunRate {
    private static final Duration WINDOW = Duration.ofMinutes(1);

    private record Sample(Instant at, long runs) {}

    private final Deque<Sample> samples = new ArrayDeque<>();
    private long sum;

    double perMinute(Instant now, long runs) {
        samples.addLast(new Sample(now, runs));
        sum += runs;
        while (samples.size() > 1
                && Duration.between(samples.getFirst().at(), now).compareTo(WINDOW) > 0) {
            sum -= samples.removeFirst().runs();
        }
        if (samples.size() == 1) {
            // Over which time these were made is not known yet.
            return 0;
        }
        Duration covered = Duration.between(samples.getFirst().at(), now);
        long counted = sum - samples.getFirst().runs();
        return covered.isPositive() ? counted * 60e9 / covered.toNanos() : 0;
    }
}
