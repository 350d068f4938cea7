package io.postwatch.controller.status;

import io.postwatch.controller.run.ChainFindings;
import io.postwatch.controller.run.RunFailure;
import io.postwatch.controller.run.RunRecord;
import io.postwatch.controller.shared.AddressFamily;
import io.postwatch.controller.shared.FailureCode;
import io.postwatch.controller.shared.Phase;
import io.postwatch.controller.shared.Status;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** How one series of a monitor does: one target at one place. */
record TargetVerdict(Place place, Place.Target target, Status status, String sentence) {
    private static final Set<FailureCode> REFUSED_BEFORE =
            Set.of(FailureCode.LOGIN_WITHHELD, FailureCode.LOGIN_SUSPENDED);

    AddressFamily family() {
        return target.family();
    }

    boolean reporting() {
        return status != Status.NO_DATA;
    }

    boolean failing() {
        return status == Status.ERROR || status == Status.WARNING;
    }

    /** Why the last run was not OK; absent where it was, or there is none. */
    @Nullable
    RunFailure failure() {
        RunRecord last = target.last();
        return last == null ? null : last.failure();
    }

    /** Of the certificate that the last run saw. */
    @Nullable
    Integer certificateDaysLeft() {
        RunRecord last = target.last();
        ChainFindings chain = last == null ? null : last.certificate();
        return chain == null ? null : chain.daysLeft();
    }

    /**
     * A login was tried and refused, now or before and not tried again since; a server that asks for one where none was tried
     * refused nothing.
     */
    boolean loginRefused() {
        RunFailure failure = failure();
        return failure != null
                && (REFUSED_BEFORE.contains(failure.code())
                        || (failure.code() == FailureCode.LOGIN_REFUSED && failure.phase() == Phase.AUTH));
    }

    boolean loggedIn() {
        RunRecord last = target.last();
        if (last == null || last.phases().stream().noneMatch(p -> p.phase() == Phase.AUTH)) {
            return false;
        }
        RunFailure failure = last.failure();
        return failure == null || failure.phase() != Phase.AUTH;
    }
}
