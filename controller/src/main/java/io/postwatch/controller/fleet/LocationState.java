package io.postwatch.controller.fleet;

import java.util.Locale;

/** What the agents of a location add up to, as people see it. Agents in maintenance are expected to say nothing. */
public enum LocationState {
    /** It has no agent that may connect. */
    NO_AGENT,
    /** None of its agents has ever connected. */
    NEVER_CONNECTED,
    /** An agent is connected, or was a moment ago. */
    ONLINE,
    /** Agents did report, and none does any more. */
    SILENT,
    /** All that could report were put into maintenance. */
    IN_MAINTENANCE;

    /** The name in the API: {@code never-connected}. */
    public String code() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
