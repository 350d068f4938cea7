package io.postwatch.controller.status;

import io.postwatch.controller.shared.Status;
import java.util.List;
import java.util.Optional;

/**
 * How a monitor does, from all its locations.
 *
 * @param families those that report, the deciding one first
 */
record MonitorVerdict(String sentence, List<FamilyVerdict> families, List<LocationVerdict> locations) {
    MonitorVerdict {
        families = List.copyOf(families);
        locations = List.copyOf(locations);
    }

    Status status() {
        return families.isEmpty() ? Status.NO_DATA : families.getFirst().status();
    }

    /** The family that makes it fail; absent where none does. */
    Optional<FamilyVerdict> deciding() {
        return families.stream().findFirst().filter(family -> family.status() != Status.OK);
    }

    /** Locations that report the deciding family; where none decides, that report at all. */
    int reporting() {
        return deciding().map(family -> family.reporting().size()).orElseGet(() ->
                (int) locations.stream().filter(LocationVerdict::reporting).count());
    }

    /** Locations that make it fail over the deciding family; where none decides, that fail over any. */
    int failing() {
        return deciding().map(family -> family.failing().size()).orElseGet(() ->
                (int) locations.stream().filter(LocationVerdict::failing).count());
    }
}
