package io.postwatch.agent.probe.tls;

import io.postwatch.agent.probe.Target;
import io.postwatch.agent.probe.time.NanoTicker;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;

/** The targets that were added last, at most {@value #MAX}, each for an hour. Any thread may call it. */
final class TargetMemory {

    private static final int MAX = 1000;
    private static final Duration KEPT = Duration.ofHours(1);

    private final NanoTicker ticker;
    private final Map<Target, Long> untilNanos = new LinkedHashMap<>() {
        @Override
        protected boolean removeEldestEntry(Map.Entry<Target, Long> eldest) {
            return size() > MAX;
        }
    };

    TargetMemory(NanoTicker ticker) {
        this.ticker = ticker;
    }

    synchronized void add(Target target) {
        untilNanos.put(target, ticker.nanos() + KEPT.toNanos());
    }

    synchronized boolean contains(Target target) {
        Long until = untilNanos.get(target);
        if (until != null && until - ticker.nanos() < 0) {
            untilNanos.remove(target);
            return false;
        }
        return until != null;
    }
}
