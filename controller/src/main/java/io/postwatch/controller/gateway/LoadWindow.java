package io.postwatch.controller.gateway;

import io.postwatch.controller.gateway.mapping.ResultMapping;
import io.postwatch.controller.liveness.RecentLoad;
import io.postwatch.proto.agent.v1.Load;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Comparator;
import java.util.Deque;

/** What the heartbeats of a session tell of the last minute. What makes no sense counts as nothing. For one thread. */
final class LoadWindow {
    private static final Duration WINDOW = Duration.ofMinutes(1);
    /** More than any agent does between two heartbeats, and far from what a counter can't hold. */
    private static final long MOST_RUNS = 1_000_000_000;

    /** An agent that beats more often than it should is looked at over a shorter time. */
    static final int MOST_SAMPLES = 128;

    private record Sample(Instant at, long runs, long skipped, Duration lag) {}

    private final Deque<Sample> samples = new ArrayDeque<>();
    private long skippedInSession;

    RecentLoad add(Instant now, Load load) {
        if (!samples.isEmpty() && now.isBefore(samples.getLast().at())) {
            // The clock was set back: by the new one, what the old one counted would not be over for as long.
            samples.clear();
        }
        samples.addLast(new Sample(now, runs(load.getRuns()), runs(load.getSkippedRuns()), lag(load)));
        skippedInSession += samples.getLast().skipped();
        while (samples.size() > MOST_SAMPLES
                || (samples.size() > 1
                        && Duration.between(samples.getFirst().at(), now).compareTo(WINDOW) > 0)) {
            samples.removeFirst();
        }
        return new RecentLoad(
                runsPerMinute(now),
                samples.stream().map(Sample::lag).max(Comparator.naturalOrder()).orElse(Duration.ZERO),
                samples.stream().mapToLong(Sample::skipped).sum(),
                skippedInSession);
    }

    private double runsPerMinute(Instant now) {
        // Over which time the runs of the first sample were made is not known.
        Duration covered = Duration.between(samples.getFirst().at(), now);
        long counted = samples.stream().skip(1).mapToLong(Sample::runs).sum();
        return covered.isPositive() ? counted * 60e9 / covered.toNanos() : 0;
    }

    private static long runs(long told) {
        return told < 0 || told > MOST_RUNS ? 0 : told;
    }

    private static Duration lag(Load load) {
        try {
            Duration lag = ResultMapping.duration(load.getScheduleLag());
            return lag.isNegative() || lag.compareTo(Duration.ofDays(1)) > 0 ? Duration.ZERO : lag;
        } catch (IllegalArgumentException _) {
            return Duration.ZERO;
        }
    }
}
