package io.postwatch.agent.login;

import java.time.Duration;
import java.time.Instant;

/**
 * A credential is left alone for an hour after the server refused it. Pure.
 *
 * @param refusedAt in controller time
 */
record LoginPause(Instant refusedAt) {

    static final Duration LENGTH = Duration.ofHours(1);

    Instant until() {
        return refusedAt.plus(LENGTH);
    }

    /** Whether it goes on. A clock that was set back makes it no longer than it is. */
    boolean holds(Instant now) {
        return Duration.between(refusedAt, now).abs().compareTo(LENGTH) < 0;
    }
}
