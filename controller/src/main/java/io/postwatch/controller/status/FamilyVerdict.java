package io.postwatch.controller.status;

import io.postwatch.controller.run.RunFailure;
import io.postwatch.controller.shared.AddressFamily;
import io.postwatch.controller.shared.FailureCode;
import io.postwatch.controller.shared.Status;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * How a monitor does over one address family, or over any: by the quorum of the locations that report that one. What a
 * location finds over one family says nothing for or against what another finds over the other. It also says what is
 * shown of it: the places that it comes from, and the failure. Pure.
 *
 * @param reporting at most one target per location
 * @param nobodyLoggedIn over no family: then a refused login stands
 */
record FamilyVerdict(AddressFamily family, List<TargetVerdict> reporting, boolean nobodyLoggedIn) {
    FamilyVerdict {
        reporting = List.copyOf(reporting);
    }

    /**
     * Of each family that a location reports. The first decides: the worst, of equals the one that fails at more
     * places, of these the one whose login is refused.
     */
    static List<FamilyVerdict> of(List<LocationVerdict> locations) {
        Map<AddressFamily, List<TargetVerdict>> reporting = new EnumMap<>(AddressFamily.class);
        locations.stream()
                .flatMap(LocationVerdict::reportingTargets)
                .forEach(target -> reporting
                        .computeIfAbsent(target.family(), family -> new ArrayList<>())
                        .add(target));
        boolean nobodyLoggedIn =
                reporting.values().stream().flatMap(List::stream).noneMatch(TargetVerdict::loggedIn);
        return reporting.entrySet().stream()
                .map(family -> new FamilyVerdict(family.getKey(), family.getValue(), nobodyLoggedIn))
                .sorted(Comparator.comparingInt((FamilyVerdict family) -> -LocationVerdict.weight(family.status()))
                        .thenComparingInt(family -> -family.failing().size())
                        .thenComparing(family -> family.standingRefusals().isEmpty()))
                .toList();
    }

    /** Never {@link Status#NO_DATA}: nobody reports that. */
    Status status() {
        if (inErrorByQuorum() || !standingRefusals().isEmpty()) {
            return Status.ERROR;
        }
        return with(Status.ERROR, Status.WARNING).size() >= quorum() ? Status.WARNING : Status.OK;
    }

    /**
     * Where the verdict comes from: the places in error, those whose login is refused where that alone makes it an
     * error, and otherwise all that fail, be they too few.
     */
    List<TargetVerdict> failing() {
        if (inErrorByQuorum()) {
            return with(Status.ERROR);
        }
        return standingRefusals().isEmpty() ? with(Status.ERROR, Status.WARNING) : standingRefusals();
    }

    /** The failing place whose failure is told: of those with the verdict's own status the one that most share. */
    TargetVerdict shown() {
        List<TargetVerdict> failing = failing();
        Comparator<TargetVerdict> byShare = Comparator.comparingLong(
                shown -> failing.stream().filter(t -> code(t) == code(shown)).count());
        return failing.stream()
                .max(Comparator.comparing((TargetVerdict target) -> target.status() == status())
                        .thenComparingInt(target -> LocationVerdict.weight(target.status()))
                        .thenComparing(byShare)
                        .thenComparing(TargetVerdict::loginRefused))
                .orElseThrow();
    }

    private boolean inErrorByQuorum() {
        return with(Status.ERROR).size() >= quorum();
    }

    /** Hard evidence, which needs no quorum. */
    private List<TargetVerdict> standingRefusals() {
        return nobodyLoggedIn
                ? reporting.stream().filter(TargetVerdict::loginRefused).toList()
                : List.of();
    }

    private List<TargetVerdict> with(Status... statuses) {
        return reporting.stream()
                .filter(target -> List.of(statuses).contains(target.status()))
                .toList();
    }

    private int quorum() {
        return StatusRule.quorum(reporting.size());
    }

    private static FailureCode code(TargetVerdict failing) {
        RunFailure failure = failing.failure();
        return Objects.requireNonNull(failure, "what fails says why").code();
    }
}
