package io.postwatch.agent.login;

import io.postwatch.agent.probe.ProbeResult;
import io.postwatch.agent.probe.failure.Failure;
import io.postwatch.agent.probe.failure.FailureCode;
import io.postwatch.agent.probe.time.Phase;

/** What a run tells of its credential. Pure. */
public enum LoginVerdict {
    /** The server knows it. */
    ACCEPTED,
    /** The server looked at it and does not know it. */
    REFUSED,
    /** Neither: no login was tried, or something else went wrong at it, that it may be right all the same. */
    NEITHER;

    public static LoginVerdict of(ProbeResult result) {
        if (result.phases().stream().noneMatch(timing -> timing.phase() == Phase.AUTH)) {
            return NEITHER;
        }
        Failure failure = result.failure();
        if (failure == null || failure.phase() != Phase.AUTH || failure.code() == FailureCode.SLOW) {
            return ACCEPTED;
        }
        return failure.code() == FailureCode.LOGIN_REFUSED ? REFUSED : NEITHER;
    }
}
