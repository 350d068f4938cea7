package io.postwatch.controller.status;

import io.postwatch.controller.run.RunFailure;
import io.postwatch.controller.run.RunRecord;
import io.postwatch.controller.shared.FailureCode;
import io.postwatch.controller.shared.Phase;
import io.postwatch.controller.shared.Status;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * From the last results of each location to the status of a monitor. Pure.
 *
 * <p>A series reports while its last result learned something about the target and is younger than two periods and a
 * timeout, and its location is not silent. A location reports while one of its series does, and its verdict is the worst
 * of those that report.
 *
 * <p>A monitor is found failing where at least half of the reporting locations fail, and at least two where two or
 * more report: one bad location never speaks for the target. Where a monitor checks both address families, each is
 * judged by itself, by the locations that report that one, and the worse of the two is the monitor's: a family that
 * fails is not made good by the other one, nor by a location that doesn't have it.
 *
 * <p>Hard evidence: a refused login needs no quorum, as long as no reporting series could log in. Anything else, an
 * expired certificate too, needs it: places may be served different certificates.
 */
final class StatusRule {
    private StatusRule() {}

    static MonitorVerdict judge(List<Place> places, Duration reportingWindow, boolean paused, Instant now) {
        List<LocationVerdict> locations = places.stream()
                .map(place -> new LocationVerdict(
                        place,
                        place.targets().stream()
                                .map(target -> target(target, reportingWindow, paused, now))
                                .toList()))
                .toList();
        Status status = status(locations);
        return new MonitorVerdict(status, StatusSentence.of(status, locations, paused, now), locations);
    }

    private static TargetVerdict target(Place.Target target, Duration reportingWindow, boolean paused, Instant now) {
        RunRecord last = target.last();
        boolean fresh = last != null
                && last.scheduledAt().plus(reportingWindow).isAfter(now)
                && !(target.awaiting() instanceof Place.Awaiting.AnyAgent);
        Status status = last != null && fresh ? last.status() : Status.NO_DATA;
        return new TargetVerdict(target, status, StatusSentence.of(target, fresh, paused, now));
    }

    private static Status status(List<LocationVerdict> locations) {
        List<FamilyVerdict> families = FamilyVerdict.of(locations);
        if (families.isEmpty()) {
            return Status.NO_DATA;
        }
        return loginStandsRefused(families) ? Status.ERROR : families.getFirst().status();
    }

    /** How many of the reporting locations make a monitor fail: half of them, and two where there are two. */
    static int quorum(int reporting) {
        return reporting < 2 ? 1 : Math.max(2, (reporting + 1) / 2);
    }

    private static boolean loginStandsRefused(List<FamilyVerdict> families) {
        List<@Nullable RunRecord> lasts = new ArrayList<>();
        families.stream()
                .flatMap(family -> family.reporting().stream())
                .forEach(verdict -> lasts.add(verdict.target().last()));
        return lasts.stream().anyMatch(StatusRule::refused) && lasts.stream().noneMatch(StatusRule::loggedIn);
    }

    private static boolean refused(@Nullable RunRecord run) {
        RunFailure failure = run == null ? null : run.failure();
        return failure != null && failure.code() == FailureCode.LOGIN_REFUSED;
    }

    private static boolean loggedIn(@Nullable RunRecord run) {
        if (run == null || run.phases().stream().noneMatch(p -> p.phase() == Phase.AUTH)) {
            return false;
        }
        RunFailure failure = run.failure();
        return failure == null || failure.phase() != Phase.AUTH;
    }
}
