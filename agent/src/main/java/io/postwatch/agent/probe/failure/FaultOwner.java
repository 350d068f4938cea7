package io.postwatch.agent.probe.failure;

/** Who has to act on a failure. Only what is the target's or the network's counts as downtime. */
public enum FaultOwner {
    /** Who runs the mail server, its name or its certificate. */
    TARGET,
    /** Who runs the network between here and there. */
    NETWORK,
    /** Who set up the monitor or the agent's permissions. */
    SETTINGS,
    /** Who runs this agent. */
    AGENT
}
