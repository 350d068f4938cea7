package io.postwatch.controller.status;

import io.postwatch.controller.run.RunFailure;
import io.postwatch.controller.run.RunRecord;
import io.postwatch.controller.shared.FailureCode;
import io.postwatch.controller.shared.Phase;
import io.postwatch.controller.shared.Status;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * From the last result of each location to the status of a monitor. Pure.
 *
 * <p>A location reports while its last result learned something about the target and is younger than two periods and a
 * timeout. A monitor is found failing where at least half of the reporting locations fail, and at least two where two or
 * more report: one bad location never speaks for the target.
 *
 * <p>Hard evidence: a refused login needs no quorum, as long as no reporting location could log in. Anything else, an
 * expired certificate too, needs it: places may be served different certificates.
 */
final class StatusRule {
    private StatusRule() {}

    static MonitorVerdict judge(List<Place> places, Duration reportingWindow, boolean paused, Instant now) {
        List<LocationVerdict> locations = places.stream()
                .map(place -> location(place, reportingWindow, paused, now))
                .toList();
        Status status = status(locations);
        return new MonitorVerdict(status, StatusSentence.of(status, locations, paused, now), locations);
    }

    private static LocationVerdict location(Place place, Duration reportingWindow, boolean paused, Instant now) {
        RunRecord last = place.last();
        boolean fresh = last != null && last.scheduledAt().plus(reportingWindow).isAfter(now);
        Status status = last != null && fresh ? last.status() : Status.NO_DATA;
        return new LocationVerdict(place, status, StatusSentence.of(place, fresh, paused, now));
    }

    private static Status status(List<LocationVerdict> locations) {
        List<LocationVerdict> reporting =
                locations.stream().filter(LocationVerdict::reporting).toList();
        if (reporting.isEmpty()) {
            return Status.NO_DATA;
        }
        if (loginStandsRefused(reporting)) {
            return Status.ERROR;
        }
        long errors = reporting.stream().filter(l -> l.status() == Status.ERROR).count();
        long failing = reporting.stream().filter(LocationVerdict::failing).count();
        int quorum = quorum(reporting.size());
        if (errors >= quorum) {
            return Status.ERROR;
        }
        return failing >= quorum ? Status.WARNING : Status.OK;
    }

    /** How many of the reporting locations make a monitor fail: half of them, and two where there are two. */
    static int quorum(int reporting) {
        return reporting < 2 ? 1 : Math.max(2, (reporting + 1) / 2);
    }

    private static boolean loginStandsRefused(List<LocationVerdict> reporting) {
        return reporting.stream().anyMatch(l -> refused(l.place().last()))
                && reporting.stream().noneMatch(l -> loggedIn(l.place().last()));
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
