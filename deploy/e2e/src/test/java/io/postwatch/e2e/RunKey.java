package io.postwatch.e2e;

import java.time.Instant;
import java.time.temporal.ChronoUnit;

/** What a result is stored under. Agents and the database keep microseconds of a scheduled time. */
record RunKey(long series, Instant scheduledAt) {
    RunKey {
        scheduledAt = scheduledAt.truncatedTo(ChronoUnit.MICROS);
    }
}
