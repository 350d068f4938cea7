package io.postwatch.controller.liveness;

import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * What is missing, each with the time for which somebody watched it being missing. Looks follow each other closely; where
 * two are further apart nobody could look in between, because this controller or the database was down, and what nobody
 * watched doesn't count. Pure; time is monotonic.
 *
 * @param watchedNanos of what was missing at the last look
 * @param lookedAt the last look
 */
record Absences<K>(Map<K, Long> watchedNanos, long lookedAt) {
    /** As long as a lease: a controller that did nothing for longer was taken as dead itself. */
    static final Duration LONGEST_GAP = ControllerLease.LEASE;

    Absences {
        watchedNanos = Map.copyOf(watchedNanos);
    }

    static <K> Absences<K> none() {
        return new Absences<>(Map.of(), 0);
    }

    /** After a look that found these missing. What was there in between begins anew. */
    Absences<K> seen(Set<K> missing, long now) {
        long passed = now - lookedAt;
        long watched = passed >= 0 && passed <= LONGEST_GAP.toNanos() ? passed : 0;
        Map<K, Long> next = new HashMap<>();
        missing.forEach(key -> {
            Long before = watchedNanos.get(key);
            next.put(key, before == null ? 0 : before + watched);
        });
        return new Absences<>(next, now);
    }

    /** What was seen missing for so long at least. */
    Set<K> watchedFor(Duration least) {
        return watchedNanos.entrySet().stream()
                .filter(entry -> entry.getValue() >= least.toNanos())
                .map(Map.Entry::getKey)
                .collect(Collectors.toSet());
    }
}
