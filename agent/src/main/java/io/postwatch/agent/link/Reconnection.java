package io.postwatch.agent.link;

import io.grpc.Status;
import io.postwatch.agent.identity.UntrustedControllerException.Finding;
import io.postwatch.agent.link.channel.GatewayChannels;
import io.postwatch.proto.agent.v1.GoodbyeReason;
import java.time.Duration;
import java.util.Optional;

/**
 * When the next session is tried after one has ended, as a pure function.
 *
 * @param failures in a row, this one included; 0: the next session begins at once
 * @param pause before the next attempt; zero exactly where there is no failure
 * @param renewal whether another certificate may help
 */
record Reconnection(int failures, Duration pause, boolean renewal) {

    /** A session that stood this long ends a row of failures. */
    static final Duration STABLE = Duration.ofSeconds(10);

    /** An agent that was told to go away, or that runs twice, doesn't hurry. */
    static final Duration UNWELCOME = Duration.ofMinutes(1);

    private static final Duration LEAST = Duration.ofMillis(1);

    Reconnection {
        if (failures < 0 || pause.isNegative() || (failures == 0) != pause.isZero()) {
            throw new IllegalArgumentException("a failure is waited after, and nothing else");
        }
    }

    /**
     * What follows a session.
     *
     * @param stood how long it stood; zero where it never did
     * @param failuresBefore in a row
     * @param draw uniformly from 0 to 1
     */
    static Reconnection after(SessionEnd end, Duration stood, int failuresBefore, Backoff backoff, double draw) {
        int failures = stood.compareTo(STABLE) >= 0 ? 1 : failuresBefore + 1;
        Duration jitter = backoff.delay(failures, draw);
        return switch (end) {
            case SessionEnd.Stopped _, SessionEnd.Drained _, SessionEnd.Outdated _ ->
                new Reconnection(0, Duration.ZERO, false);
            case SessionEnd.GivenUp _ -> failed(failures, jitter, false);
            case SessionEnd.Broken(Status status) -> failed(failures, jitter, tellsOfIdentity(status));
            case SessionEnd.Dismissed(GoodbyeReason reason, String _) ->
                switch (reason) {
                    // All who hear it hear it at once.
                    case GOODBYE_REASON_BUSY -> failed(failures, backoff.longest(draw), false);
                    case GOODBYE_REASON_STOPPING,
                            GOODBYE_REASON_PROTOCOL_ERROR,
                            GOODBYE_REASON_UNSPECIFIED,
                            UNRECOGNIZED -> failed(failures, jitter, false);
                    case GOODBYE_REASON_NOT_IDENTIFIED -> failed(failures, jitter, true);
                    case GOODBYE_REASON_SUPERSEDED,
                            GOODBYE_REASON_REVOKED,
                            GOODBYE_REASON_CLONED,
                            GOODBYE_REASON_REPLACED,
                            GOODBYE_REASON_UNSUITABLE -> failed(failures, UNWELCOME.plus(jitter), false);
                };
        };
    }

    private static Reconnection failed(int failures, Duration wait, boolean renewal) {
        return new Reconnection(failures, wait.compareTo(LEAST) < 0 ? LEAST : wait, renewal);
    }

    private static boolean tellsOfIdentity(Status status) {
        return status.getCode() == Status.Code.UNAUTHENTICATED
                || status.getCode() == Status.Code.PERMISSION_DENIED
                || tellsOfHandshake(status);
    }

    /** Whoever else answers will not take another certificate either. One that is over by a wrong clock tells of that clock. */
    private static boolean tellsOfHandshake(Status status) {
        Optional<Finding> finding = GatewayChannels.finding(status);
        if (finding.isPresent()) {
            return finding.get() == Finding.EXPIRED;
        }
        for (Throwable cause = status.getCause(); cause != null; cause = cause.getCause()) {
            if (cause instanceof javax.net.ssl.SSLException) {
                return true;
            }
        }
        return false;
    }
}
