package io.postwatch.controller.status;

import io.postwatch.controller.shared.Status;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/**
 * How a monitor does at one location: as the worst of its targets that report there. One without data doesn't hide what
 * the other one found; where none reports there is no data.
 */
record LocationVerdict(Place place, List<TargetVerdict> targets) {
    /** From good to bad. */
    private static final List<Status> BY_WEIGHT = List.of(Status.NO_DATA, Status.OK, Status.WARNING, Status.ERROR);

    LocationVerdict {
        targets = List.copyOf(targets);
    }

    /** The greater, the worse. */
    static int weight(Status status) {
        return BY_WEIGHT.indexOf(status);
    }

    /** The first of those that the location's status comes from. */
    TargetVerdict deciding() {
        return targets.stream()
                .min(Comparator.comparingInt(target -> -weight(target.status())))
                .orElseThrow();
    }

    Status status() {
        return deciding().status();
    }

    String sentence() {
        return StatusSentence.of(targets);
    }

    boolean reporting() {
        return deciding().reporting();
    }

    boolean failing() {
        return deciding().failing();
    }

    Stream<TargetVerdict> reportingTargets() {
        return targets.stream().filter(TargetVerdict::reporting);
    }
}
