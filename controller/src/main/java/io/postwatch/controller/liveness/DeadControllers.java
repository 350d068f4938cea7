package io.postwatch.controller.liveness;

import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;

/**
 * Controllers that hold sessions and no lease, each with the monotonic time at which that was first seen. Their agents have
 * a while to come to another controller; what is not looked at doesn't count, so neither does a time in which nobody could
 * look.
 */
public record DeadControllers(Map<UUID, Long> since) {
    static final Duration GRACE = Duration.ofSeconds(60);

    public static final DeadControllers NONE = new DeadControllers(Map.of());

    public DeadControllers {
        since = Map.copyOf(since);
    }

    /** After a look that found these dead. One that lives again begins anew. */
    public DeadControllers seen(Set<UUID> dead, long now) {
        Map<UUID, Long> next = new HashMap<>();
        dead.forEach(id -> next.put(id, since.getOrDefault(id, now)));
        return new DeadControllers(next);
    }

    /** Those whose agents are taken as lost. */
    public Set<UUID> overdue(long now) {
        return since.entrySet().stream()
                .filter(entry -> now - entry.getValue() >= GRACE.toNanos())
                .map(Map.Entry::getKey)
                .collect(Collectors.toSet());
    }
}
