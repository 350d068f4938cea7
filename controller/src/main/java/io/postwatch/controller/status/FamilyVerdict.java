package io.postwatch.controller.status;

import io.postwatch.controller.shared.AddressFamily;
import io.postwatch.controller.shared.Status;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/**
 * How a monitor does over one address family, or over any: by the quorum of the locations that report that one. What a
 * location finds over one family says nothing for or against what another finds over the other.
 *
 * @param reporting at most one target per location
 */
record FamilyVerdict(AddressFamily family, List<TargetVerdict> reporting) {
    FamilyVerdict {
        reporting = List.copyOf(reporting);
    }

    /** Of each family that a location reports, the worst first, and of equals the one that fails at more places. */
    static List<FamilyVerdict> of(List<LocationVerdict> locations) {
        Map<AddressFamily, List<TargetVerdict>> reporting = new EnumMap<>(AddressFamily.class);
        locations.stream()
                .flatMap(LocationVerdict::reportingTargets)
                .forEach(target -> reporting
                        .computeIfAbsent(target.family(), family -> new ArrayList<>())
                        .add(target));
        return reporting.entrySet().stream()
                .map(family -> new FamilyVerdict(family.getKey(), family.getValue()))
                .sorted(Comparator.comparingInt((FamilyVerdict family) -> -LocationVerdict.weight(family.status()))
                        .thenComparingLong(family -> -family.failing()))
                .toList();
    }

    /** Never {@link Status#NO_DATA}: nobody reports that. */
    Status status() {
        int quorum = StatusRule.quorum(reporting.size());
        long errors = reporting.stream().filter(t -> t.status() == Status.ERROR).count();
        if (errors >= quorum) {
            return Status.ERROR;
        }
        return failing() >= quorum ? Status.WARNING : Status.OK;
    }

    long failing() {
        return reporting.stream().filter(TargetVerdict::failing).count();
    }
}
