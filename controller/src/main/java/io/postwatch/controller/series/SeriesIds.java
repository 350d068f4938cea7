package io.postwatch.controller.series;

import io.postwatch.controller.shared.id.SeriesId;
import java.time.Instant;
import java.time.InstantSource;
import java.util.concurrent.atomic.AtomicLong;
import java.util.random.RandomGenerator;

/**
 * Makes series ids: 41 bits of milliseconds since 2026 (enough until 2095), 22 random bits. Rising within a process, positive. May be
 * called by any thread.
 */
final class SeriesIds {
    private static final long EPOCH_MILLIS =
            Instant.parse("2026-01-01T00:00:00Z").toEpochMilli();
    private static final int RANDOM_BITS = 22;

    private final InstantSource clock;
    private final RandomGenerator random;
    private final AtomicLong last = new AtomicLong();

    SeriesIds(InstantSource clock, RandomGenerator random) {
        this.clock = clock;
        this.random = random;
    }

    SeriesId next() {
        long drawn = (clock.millis() - EPOCH_MILLIS) << RANDOM_BITS | random.nextLong(1L << RANDOM_BITS);
        return new SeriesId(last.updateAndGet(before -> Math.max(before + 1, drawn)));
    }
}
