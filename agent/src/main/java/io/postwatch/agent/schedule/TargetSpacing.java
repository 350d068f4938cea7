package io.postwatch.agent.schedule;

import io.postwatch.agent.probe.Target;
import java.time.Duration;
import java.util.HashMap;
import java.util.Iterator;
import java.util.Map;

/** Keeps runs against one server apart. Used by one thread. */
final class TargetSpacing {

    /** More targets than this are looked through for those whose turn has passed. */
    private static final int TIDY_AT = 1_000;

    private record Server(String host, int port) {}

    private final long spacingNanos;
    private final Map<Server, Long> freeAt = new HashMap<>();

    TargetSpacing(Duration spacing) {
        this.spacingNanos = spacing.toNanos();
    }

    /** When a run against this target may begin, at the earliest now; the runs after it come later still. */
    long reserve(Target target, long nowNanos) {
        if (freeAt.size() > TIDY_AT) {
            tidy(nowNanos);
        }
        Server server = new Server(target.host().text(), target.port());
        Long free = freeAt.get(server);
        long start = free == null || free - nowNanos < 0 ? nowNanos : free;
        freeAt.put(server, start + spacingNanos);
        return start;
    }

    private void tidy(long nowNanos) {
        for (Iterator<Long> each = freeAt.values().iterator(); each.hasNext(); ) {
            if (each.next() - nowNanos <= 0) {
                each.remove();
            }
        }
    }
}
