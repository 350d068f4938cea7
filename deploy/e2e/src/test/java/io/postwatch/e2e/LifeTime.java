package io.postwatch.e2e;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** When a process could do anything: always, but for the times in which it was stopped. Used by one thread. */
final class LifeTime {
    private final List<Stop> stops = new ArrayList<>();
    private @Nullable Instant stoppedSince;

    private record Stop(Instant from, Instant to) {
        Duration within(Instant begin, Instant end) {
            Instant first = from.isBefore(begin) ? begin : from;
            Instant last = to.isAfter(end) ? end : to;
            return first.isBefore(last) ? Duration.between(first, last) : Duration.ZERO;
        }
    }

    void stop(Instant at) {
        if (stoppedSince == null) {
            stoppedSince = at;
        }
    }

    void goOn(Instant at) {
        if (stoppedSince != null) {
            stops.add(new Stop(stoppedSince, at));
            stoppedSince = null;
        }
    }

    /** How long it could do something between the two. */
    Duration running(Instant from, Instant to) {
        Duration running = Duration.between(from, to);
        for (Stop stop : stops) {
            running = running.minus(stop.within(from, to));
        }
        return stoppedSince == null ? running : running.minus(new Stop(stoppedSince, to).within(from, to));
    }
}
