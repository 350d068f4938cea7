package io.postwatch.controller.result;

import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;

/** The resolution in which times are stored: microseconds, as the database has them. What agents send is bounded on the way. */
final class Micros {
    private static final Instant LATEST = Instant.parse("9999-12-31T23:59:59Z");
    private static final Duration LONGEST = Duration.of(Integer.MAX_VALUE, ChronoUnit.MICROS);

    private Micros() {}

    static long of(Instant instant) {
        return ChronoUnit.MICROS.between(Instant.EPOCH, bounded(instant));
    }

    static Instant instant(long micros) {
        return Instant.EPOCH.plus(micros, ChronoUnit.MICROS);
    }

    /** From 1970 to 9999, which every column and every text form can hold. */
    static Instant bounded(Instant instant) {
        return instant.isBefore(Instant.EPOCH) ? Instant.EPOCH : instant.isAfter(LATEST) ? LATEST : instant;
    }

    /** From none to half an hour, more than any run may take. */
    static int of(Duration duration) {
        if (duration.isNegative()) {
            return 0;
        }
        return duration.compareTo(LONGEST) >= 0 ? Integer.MAX_VALUE : (int) (duration.toNanos() / 1_000);
    }

    static Duration duration(long micros) {
        return Duration.of(micros, ChronoUnit.MICROS);
    }
}
