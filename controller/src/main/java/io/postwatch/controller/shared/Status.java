package io.postwatch.controller.shared;

/** What a run, a location or a monitor is found to be. NO_DATA: nothing was learned about the target. */
public enum Status {
    OK,
    WARNING,
    ERROR,
    NO_DATA
}
