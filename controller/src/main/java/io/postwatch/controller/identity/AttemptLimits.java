package io.postwatch.controller.identity;

import io.postwatch.controller.shared.NanoTicker;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * How often something may be tried, per key: a few attempts at once, then one per interval. It forgets the keys that
 * were not tried for longest when there are too many. Safe for all threads; each controller counts for itself.
 */
final class AttemptLimits {
    private static final int MAX_KEYS = 100_000;

    private final NanoTicker ticker;
    private final int burst;
    private final long intervalNanos;

    /** Until when each key's attempts are used up, if every attempt took one interval. */
    private final Map<String, Long> usedUntil = new LinkedHashMap<>(16, 0.75f, true) {
        private static final long serialVersionUID = 1;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Long> eldest) {
            return size() > MAX_KEYS;
        }
    };

    AttemptLimits(NanoTicker ticker, int burst, Duration interval) {
        this.ticker = ticker;
        this.burst = burst;
        this.intervalNanos = interval.toNanos();
    }

    /** Takes one attempt; gives how long to wait where there is none. */
    synchronized Optional<Duration> take(String key) {
        long now = ticker.nanos();
        long until = until(key, now) + intervalNanos;
        long wait = until - now - burst * intervalNanos;
        if (wait > 0) {
            return Optional.of(Duration.ofNanos(wait));
        }
        usedUntil.put(key, until);
        return Optional.empty();
    }

    /** Gives an attempt back that turned out to be rightful. */
    synchronized void giveBack(String key) {
        long now = ticker.nanos();
        usedUntil.put(key, until(key, now) - intervalNanos);
    }

    private long until(String key, long now) {
        Long stored = usedUntil.get(key);
        return stored == null || stored - now < 0 ? now : stored;
    }
}
