package io.postwatch.controller.evaluation;

import io.postwatch.controller.assignment.login.LoginOutcome;
import io.postwatch.controller.monitor.MonitorKey;
import io.postwatch.controller.result.RunKey;
import io.postwatch.controller.result.SeriesRun;
import io.postwatch.controller.run.RunFailure;
import io.postwatch.controller.run.RunRecord;
import io.postwatch.controller.series.SeriesInfo;
import io.postwatch.controller.shared.FailureCode;
import io.postwatch.controller.shared.Phase;
import io.postwatch.controller.shared.id.SeriesId;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/** What runs tell of the credentials they log in with. Pure. */
final class LoginEvidence {
    private LoginEvidence() {}

    /**
     * Of those that are stored now: what came before was told before. None began later than now, whatever the clock of its
     * agent said: what is ahead of all others would outweigh them until they catch up.
     */
    static List<LoginOutcome> of(
            Collection<SeriesRun> runs, Map<SeriesId, SeriesInfo> series, Set<RunKey> stored, Instant now) {
        return runs.stream()
                .filter(run -> stored.contains(run.key()))
                .flatMap(run -> Optional.ofNullable(series.get(run.series())).stream()
                        .flatMap(info -> of(run.run(), info, now)))
                .toList();
    }

    private static Stream<LoginOutcome> of(RunRecord run, SeriesInfo series, Instant now) {
        Instant at = run.startedAt().isAfter(now) ? now : run.startedAt();
        return refused(run)
                .map(refused -> new LoginOutcome(
                        new MonitorKey(series.tenant(), series.monitor()), run.revision(), at, refused))
                .stream();
    }

    /** Empty where no login was tried, or something went wrong at it that says nothing of the credential. */
    private static Optional<Boolean> refused(RunRecord run) {
        if (run.phases().stream().noneMatch(timing -> timing.phase() == Phase.AUTH)) {
            return Optional.empty();
        }
        RunFailure failure = run.failure();
        if (failure == null || failure.phase() != Phase.AUTH || failure.code() == FailureCode.SLOW) {
            return Optional.of(false);
        }
        return failure.code() == FailureCode.LOGIN_REFUSED ? Optional.of(true) : Optional.empty();
    }
}
