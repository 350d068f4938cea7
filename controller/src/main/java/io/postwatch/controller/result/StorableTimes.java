package io.postwatch.controller.result;

import java.time.Instant;

/** The scheduled times for which results can be stored: not beyond retention, not too far ahead. */
public record StorableTimes(Instant oldest, Instant latest) {
    public boolean tooOld(Instant scheduledAt) {
        return scheduledAt.isBefore(oldest);
    }

    public boolean inFuture(Instant scheduledAt) {
        return scheduledAt.isAfter(latest);
    }
}
