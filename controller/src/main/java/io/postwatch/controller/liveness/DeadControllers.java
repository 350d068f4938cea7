package io.postwatch.controller.liveness;

import java.time.Duration;
import java.util.Set;
import java.util.UUID;

/**
 * Controllers that hold sessions and no lease. Their agents have a while to come to another controller; time in which
 * nobody could look doesn't count. To be looked at every few seconds. Pure; time is monotonic.
 */
public final class DeadControllers {
    /**
     * How long agents have to come again that lost their session and could not be told to: twice the longest back-off of an
     * agent, 30 s, so that one that failed just before has tried once more, and connected.
     */
    public static final Duration GRACE = Duration.ofSeconds(60);

    public static final DeadControllers NONE = new DeadControllers(Absences.none());

    private final Absences<UUID> absences;

    private DeadControllers(Absences<UUID> absences) {
        this.absences = absences;
    }

    /** After a look that found these dead. One that lives again begins anew. */
    public DeadControllers seen(Set<UUID> dead, long now) {
        return new DeadControllers(absences.seen(dead, now));
    }

    /** Those whose agents are taken as lost, by the last look. */
    public Set<UUID> overdue() {
        return absences.watchedFor(GRACE);
    }
}
