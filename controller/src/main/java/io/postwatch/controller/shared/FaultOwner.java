package io.postwatch.controller.shared;

/** Whose fault a failure is. */
public enum FaultOwner {
    TARGET,
    NETWORK,
    SETTINGS,
    AGENT
}
