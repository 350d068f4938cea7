package io.postwatch.agent.probe.tls;

import io.postwatch.agent.probe.Target;
import java.util.LinkedHashMap;
import java.util.Map;

/** The targets that were added last, at most {@value #MAX}. Any thread may call it. */
final class TargetMemory {

    private static final int MAX = 1000;

    private final Map<Target, Boolean> targets = new LinkedHashMap<>() {
        @Override
        protected boolean removeEldestEntry(Map.Entry<Target, Boolean> eldest) {
            return size() > MAX;
        }
    };

    synchronized void add(Target target) {
        targets.put(target, true);
    }

    synchronized boolean contains(Target target) {
        return targets.containsKey(target);
    }
}
