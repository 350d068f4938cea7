package io.postwatch.controller.assignment.placement;

import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import org.jspecify.annotations.Nullable;

/**
 * Whether an agent comes and goes so often that it is given nothing more until it has stood for a while: each time it came
 * back monitors would move to it, and away again the next time it is lost. Pure.
 */
final class HoldDown {
    /** So many losses count; a crash or a broken connection is one, a controller that dies none. An agent's row keeps as many. */
    static final int LOSSES = 3;

    static final Duration WITHIN = Duration.ofMinutes(10);
    static final Duration STOOD = Duration.ofMinutes(2);

    private HoldDown() {}

    static boolean applies(Collection<Instant> lostAt, @Nullable Instant connectedAt, Instant now) {
        Instant since = now.minus(WITHIN);
        return connectedAt != null
                && connectedAt.isAfter(now.minus(STOOD))
                && lostAt.stream().filter(lost -> lost.isAfter(since)).count() >= LOSSES;
    }
}
