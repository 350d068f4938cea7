package io.postwatch.agent.login;

import java.time.Duration;
import java.time.Instant;
import java.util.UUID;

/** Whether a run may log in. One that may not ends before its login, and checks all that comes before it. */
public sealed interface LoginTurn {

    /** It may, or has no login: no lease is needed. */
    record Free() implements LoginTurn {}

    /**
     * It holds the lease.
     *
     * @param lease given back after the run
     * @param endNanos when the lease ends, and with it the run
     */
    record Granted(UUID lease, CredentialId credential, long endNanos) implements LoginTurn {}

    /**
     * The server refused the credential: nobody tries it for a while.
     *
     * @param refusedAt in controller time, as {@code until}
     */
    record Withheld(Instant refusedAt, Instant until) implements LoginTurn {}

    /** The server refused the credential three times in a row: nobody tries it until it is edited. */
    record Suspended(Instant since) implements LoginTurn {}

    /** Others logged in for as long as the run could wait, or no controller could be asked. */
    record Missed() implements LoginTurn {}

    /** How long the run may take: as long as its check says, and not beyond the lease. */
    default Duration within(Duration timeout, long nowNanos) {
        return switch (this) {
            case Granted(UUID _, CredentialId _, long endNanos) -> {
                Duration left = Duration.ofNanos(Math.max(1, endNanos - nowNanos));
                yield left.compareTo(timeout) < 0 ? left : timeout;
            }
            case Free _, Withheld _, Suspended _, Missed _ -> timeout;
        };
    }
}
