package io.postwatch.controller.assignment;

import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Whether a series already runs as its monitor is now; the message says more where it does not.
 *
 * @param agent the name of the agent that is to run it, where that is the tenant's own
 */
public record PlaceSync(
        State state, @Nullable String message, @Nullable String agent) {
    public static final PlaceSync NO_AGENT = nobody("No agent of this location is able to run it");

    /** The words of the API. */
    public enum State {
        IN_SYNC,
        PENDING,
        REJECTED,
        NO_AGENT;

        public String code() {
            return name().toLowerCase(Locale.ROOT).replace('_', '-');
        }
    }

    /** No agent runs it. */
    public static PlaceSync nobody(String why) {
        return new PlaceSync(State.NO_AGENT, why, null);
    }

    static PlaceSync of(
            @Nullable String agent,
            long agentRevision,
            long appliedRevision,
            boolean connected,
            @Nullable String rejection) {
        if (rejection != null) {
            return new PlaceSync(State.REJECTED, rejection, agent);
        }
        if (appliedRevision >= agentRevision) {
            return new PlaceSync(State.IN_SYNC, null, agent);
        }
        return new PlaceSync(
                State.PENDING, connected ? "On its way to the agent" : "Waits until the agent connects again", agent);
    }
}
