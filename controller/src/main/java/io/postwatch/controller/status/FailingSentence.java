package io.postwatch.controller.status;

import io.postwatch.controller.shared.Status;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/**
 * What is told of a monitor that fails somewhere: family by family, each with its own places and its own reason. Pure.
 */
final class FailingSentence {
    private FailingSentence() {}

    /** Of the families that fail, the deciding one first. */
    static String of(List<FamilyVerdict> families, List<LocationVerdict> locations) {
        List<FamilyVerdict> failing =
                families.stream().filter(family -> family.status() != Status.OK).toList();
        if (locations.size() == 1) {
            return reasons(failing, locations);
        }
        FamilyVerdict first = failing.getFirst();
        String told = failing.size() > 1 && failing.stream().allMatch(family -> alike(family, first))
                ? counts(first) + reasons(failing, locations)
                : failing.stream()
                        .map(family -> onlyOneHas(family, locations)
                                ? onlyPlace(family)
                                : counts(family) + reasons(List.of(family), locations))
                        .collect(Collectors.joining("; "));
        return told.substring(0, 1).toUpperCase(Locale.ROOT) + told.substring(1);
    }

    /** Of families that fail, but each at too few places to count. */
    static String ofMinorities(List<FamilyVerdict> families, List<LocationVerdict> locations) {
        List<FamilyVerdict> failing =
                families.stream().filter(family -> !family.failing().isEmpty()).toList();
        List<Place> places = places(failing.getFirst());
        if (failing.stream().allMatch(family -> places(family).equals(places))) {
            return "OK, failing from " + StatusSentence.names(places) + " only: " + reasons(failing, locations);
        }
        return failing.stream()
                .map(family -> "over " + family.family().title() + " from " + StatusSentence.names(places(family))
                        + " only: " + family.shown().sentence())
                .collect(Collectors.joining("; ", "OK, failing ", ""));
    }

    /** Named by their families, unless all of a location's say the same. */
    private static String reasons(List<FamilyVerdict> failing, List<LocationVerdict> locations) {
        boolean all = failing.size() == locations.getFirst().targets().size();
        return StatusSentence.told(failing.stream().map(FamilyVerdict::shown).toList(), all);
    }

    private static boolean alike(FamilyVerdict one, FamilyVerdict other) {
        return counts(one).equals(counts(other))
                && one.shown().sentence().equals(other.shown().sentence());
    }

    private static String counts(FamilyVerdict family) {
        int reporting = family.reporting().size();
        return word(family) + " from " + family.failing().size() + " of " + reporting
                + (reporting == 1 ? " reporting location: " : " reporting locations: ");
    }

    private static String onlyPlace(FamilyVerdict family) {
        return word(family) + " from " + family.shown().place().name() + ", the only place with "
                + family.family().title() + ": " + family.shown().sentence();
    }

    private static String word(FamilyVerdict family) {
        return family.status() == Status.ERROR ? "failing" : "warning";
    }

    /** Others could check the monitor, but not over this family: one alone then decides over it, and says why. */
    private static boolean onlyOneHas(FamilyVerdict family, List<LocationVerdict> locations) {
        Place one = family.shown().place();
        List<Place.Target> others = locations.stream()
                .map(LocationVerdict::place)
                .filter(place -> !place.equals(one))
                .flatMap(place -> place.targets().stream())
                .toList();
        return others.stream().allMatch(other -> other.family() != family.family() || lacksAgent(other))
                && others.stream().anyMatch(other -> !lacksAgent(other));
    }

    private static boolean lacksAgent(Place.Target target) {
        return target.awaiting() instanceof Place.Awaiting.AbleAgent;
    }

    private static List<Place> places(FamilyVerdict family) {
        return family.failing().stream().map(TargetVerdict::place).toList();
    }
}
