package io.postwatch.controller.assignment.login;

import java.time.Duration;
import java.time.Instant;

/**
 * What a credential's logins have come to. A refused one is left alone for an hour, by all agents; three refusals in a row
 * suspend it, until it is edited and so another one. What says neither that it is right nor that it is wrong counts for
 * nothing. Pure; times are those at which the runs began.
 */
sealed interface LoginTrust {
    int SUSPENDING_REFUSALS = 3;
    Duration PAUSE = Duration.ofHours(1);

    /** Nothing speaks against it. */
    record Trusted() implements LoginTrust {}

    /** Refused so often in a row, fewer times than suspend it. */
    record Refused(int times, Instant lastAt) implements LoginTrust {
        public Refused {
            if (times < 1 || times >= SUSPENDING_REFUSALS) {
                throw new IllegalArgumentException("So many refusals are none, or suspend: " + times);
            }
        }

        Instant until() {
            return lastAt.plus(PAUSE);
        }
    }

    /** Nobody tries it any more. */
    record Suspended(Instant since) implements LoginTrust {}

    /** A run logged in, or was refused. What began before the last that counted is old news. */
    default LoginTrust after(boolean refused, Instant at) {
        return switch (this) {
            case Trusted _ -> refused ? new Refused(1, at) : this;
            case Refused(int times, Instant lastAt) -> {
                if (!at.isAfter(lastAt)) {
                    yield this;
                }
                if (!refused) {
                    yield new Trusted();
                }
                yield times + 1 == SUSPENDING_REFUSALS ? new Suspended(at) : new Refused(times + 1, at);
            }
            case Suspended _ -> this;
        };
    }
}
