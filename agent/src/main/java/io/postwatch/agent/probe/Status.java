package io.postwatch.agent.probe;

/** How a run ended. */
public enum Status {
    OK,
    WARNING,
    ERROR,
    /** Nothing was learned about the target. */
    NO_DATA
}
