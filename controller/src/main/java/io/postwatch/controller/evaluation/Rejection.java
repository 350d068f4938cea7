package io.postwatch.controller.evaluation;

/** A record that will never be stored. It counts as acked. */
public record Rejection(long sequence, Reason reason, String message) {
    /** The stable words of the protocol. */
    public enum Reason {
        UNKNOWN_SERIES,
        TOO_OLD,
        IN_FUTURE,
        MALFORMED
    }
}
