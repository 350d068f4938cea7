package io.postwatch.controller.assignment;

import java.time.Instant;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Whether a series already runs as its monitor is now; the message says more where it does not.
 *
 * @param agent the name of the agent that is to run it, where that is the tenant's own
 * @param agentLostSince when that agent was last heard of; null while it is connected
 */
public record PlaceSync(
        State state,
        @Nullable String message,
        @Nullable String agent,
        @Nullable Instant agentLostSince) {
    public static final PlaceSync NO_AGENT = nobody("No agent of this location is able to run it");

    /** The words of the API. */
    public enum State {
        IN_SYNC,
        PENDING,
        /** It did run as it should when its agent was last heard of, which is lost since. */
        UNKNOWN,
        REJECTED,
        NO_AGENT,
        /** Public locations make this check once its domain is proven. */
        NOT_PROVEN;

        public String code() {
            return name().toLowerCase(Locale.ROOT).replace('_', '-');
        }
    }

    /** No agent runs it. */
    public static PlaceSync nobody(String why) {
        return new PlaceSync(State.NO_AGENT, why, null, null);
    }

    /** Agents of public locations don't make this check for its tenant. */
    public static PlaceSync notProven(String why) {
        return new PlaceSync(State.NOT_PROVEN, why, null, null);
    }

    /**
     * @param agentRevision the revision of the agent's plan that it came with
     * @param appliedRevision the revision of the plan that the agent said it runs
     * @param lastSeenAt when the agent was last heard of, connected or not
     */
    static PlaceSync of(
            @Nullable String agent,
            long agentRevision,
            long appliedRevision,
            boolean connected,
            @Nullable Instant lastSeenAt,
            @Nullable String rejection) {
        Instant lostSince = connected ? null : lastSeenAt;
        if (rejection != null) {
            return new PlaceSync(State.REJECTED, rejection, agent, lostSince);
        }
        if (appliedRevision < agentRevision) {
            String waits = connected ? "On its way to the agent" : "Waits until the agent connects again";
            return new PlaceSync(State.PENDING, waits, agent, lostSince);
        }
        return connected
                ? new PlaceSync(State.IN_SYNC, null, agent, null)
                : new PlaceSync(State.UNKNOWN, "The agent that is to run it is lost", agent, lostSince);
    }
}
