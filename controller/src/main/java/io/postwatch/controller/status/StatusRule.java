package io.postwatch.controller.status;

import io.postwatch.controller.run.RunRecord;
import io.postwatch.controller.shared.Status;
import java.time.Duration;
import java.time.Instant;
import java.util.List;

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
 * fails is not made good by the other one, nor by a location that doesn't have it: who can't look doesn't disagree. So
 * the only location that has a family decides over it alone.
 *
 * <p>Hard evidence: a refused login needs no quorum, as long as no reporting series could log in; and it stands while the
 * login is withheld or suspended since.
 * A server that asks
 * for a login where none was tried is no such evidence. Anything else, an expired certificate too, needs the quorum:
 * places may be served different certificates.
 */
final class StatusRule {
    private StatusRule() {}

    static MonitorVerdict judge(List<Place> places, Duration reportingWindow, boolean paused, Instant now) {
        List<LocationVerdict> locations = places.stream()
                .map(place -> new LocationVerdict(
                        place,
                        place.targets().stream()
                                .map(target -> target(place, target, reportingWindow, paused, now))
                                .toList()))
                .toList();
        List<FamilyVerdict> families = FamilyVerdict.of(locations);
        return new MonitorVerdict(StatusSentence.of(families, locations, paused, now), families, locations);
    }

    private static TargetVerdict target(
            Place place, Place.Target target, Duration reportingWindow, boolean paused, Instant now) {
        RunRecord last = target.last();
        boolean fresh = last != null
                && last.scheduledAt().plus(reportingWindow).isAfter(now)
                && !(target.awaiting() instanceof Place.Awaiting.AnyAgent);
        Status status = last != null && fresh ? last.status() : Status.NO_DATA;
        return new TargetVerdict(place, target, status, StatusSentence.of(target, fresh, paused, now));
    }

    /** How many of the reporting locations make a monitor fail: half of them, and two where there are two. */
    static int quorum(int reporting) {
        return reporting < 2 ? 1 : Math.max(2, (reporting + 1) / 2);
    }
}
