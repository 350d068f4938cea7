package io.postwatch.controller.assignment.login;

import io.postwatch.controller.shared.Bytes;
import java.time.Duration;
import java.time.Instant;

/** Whether a run may log in. */
public sealed interface LeaseAnswer {
    /**
     * It may.
     *
     * @param lasts counted from when the agent asked
     * @param credential names it to the agent, another one after each edit
     */
    record Granted(Duration lasts, Bytes credential) implements LeaseAnswer {}

    /** Another one logs in at this moment, or it could not be found out. */
    record Busy(Duration retryAfter) implements LeaseAnswer {}

    /** The credential was refused and is left alone until then. */
    record Withheld(Instant refusedAt, Instant until) implements LeaseAnswer {}

    /** The credential was refused too often. */
    record Suspended(Instant since) implements LeaseAnswer {}
}
