package io.postwatch.controller.status;

import io.postwatch.controller.run.RunRecord;
import io.postwatch.controller.run.RunSentence;
import io.postwatch.controller.shared.AddressFamily;
import io.postwatch.controller.shared.Status;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Collectors;

/** One sentence per series, location and monitor. Pure. */
final class StatusSentence {
    private static final int NAMED = 3;
    private static final String NO_DATA = "No data: ";
    private static final DateTimeFormatter MOMENT = DateTimeFormatter.ofPattern(
                    "uuuu-MM-dd HH:mm:ss 'UTC'", Locale.ROOT)
            .withZone(ZoneOffset.UTC);

    private StatusSentence() {}

    /** Of a series: its last run, or why there is none to speak of. */
    static String of(Place.Target target, boolean fresh, boolean paused, Instant now) {
        RunRecord last = target.last();
        if (last != null && fresh) {
            return RunSentence.of(last);
        }
        if (paused) {
            return "Paused";
        }
        if (target.awaiting() instanceof Place.Awaiting.Obstacle(String sentence)) {
            return sentence;
        }
        if (target.awaiting() instanceof Place.Awaiting.AnyAgent(Instant since)) {
            return NO_DATA + noAgentSince(since);
        }
        if (last != null) {
            return "No data: the last result is " + span(Duration.between(last.scheduledAt(), now)) + " old";
        }
        return firstRun(target, now);
    }

    /**
     * Of a location: what its failing targets have to say, or all of them where none fails. They are named unless all
     * say the same.
     */
    static String of(List<TargetVerdict> targets) {
        List<TargetVerdict> failing =
                targets.stream().filter(TargetVerdict::failing).toList();
        Map<String, List<String>> families = new LinkedHashMap<>();
        for (TargetVerdict target : failing.isEmpty() ? targets : failing) {
            families.computeIfAbsent(target.sentence(), sentence -> new ArrayList<>())
                    .add(target.family().title());
        }
        boolean allSayOneThing = families.size() == 1 && (failing.isEmpty() || failing.size() == targets.size());
        return families.entrySet().stream()
                .map(said ->
                        allSayOneThing ? said.getKey() : String.join(" and ", said.getValue()) + ": " + said.getKey())
                .collect(Collectors.joining("; "));
    }

    /** Of a monitor. */
    static String of(Status status, List<LocationVerdict> locations, boolean paused, Instant now) {
        if (locations.isEmpty()) {
            return paused ? "Paused" : "No data: there is no location yet that could run this monitor";
        }
        String sentence = switch (status) {
            case OK -> ok(locations) + silentFamilies(locations);
            case WARNING, ERROR -> failing(status, locations);
            case NO_DATA -> noData(locations, paused, now);
        };
        return paused && status != Status.NO_DATA ? "Paused; before: " + sentence : sentence;
    }

    /** To the second, in UTC: whoever reads the API or a log elsewhere must not have to guess the zone. */
    static String noAgentSince(Instant since) {
        return "no agent has reported since " + MOMENT.format(since);
    }

    /** {@code 12 s}, {@code 7 min}, {@code 3 h}, {@code 2 d}: whole units, rounded down, at least a second. */
    static String span(Duration duration) {
        long seconds = Math.max(1, duration.toSeconds());
        if (seconds < 120) {
            return seconds + " s";
        }
        if (seconds < 7_200) {
            return seconds / 60 + " min";
        }
        return seconds < 172_800 ? seconds / 3_600 + " h" : seconds / 86_400 + " d";
    }

    private static String ok(List<LocationVerdict> locations) {
        List<LocationVerdict> failing =
                locations.stream().filter(LocationVerdict::failing).toList();
        if (!failing.isEmpty()) {
            return "OK, failing from " + names(failing) + " only: "
                    + failing.getFirst().sentence();
        }
        List<LocationVerdict> reporting =
                locations.stream().filter(LocationVerdict::reporting).toList();
        Duration slowest = reporting.stream()
                .flatMap(LocationVerdict::reportingTargets)
                .map(verdict -> verdict.target().last())
                .filter(Objects::nonNull)
                .map(RunRecord::total)
                .max(Comparator.naturalOrder())
                .orElse(Duration.ZERO);
        if (locations.size() == 1) {
            return "OK from " + locations.getFirst().place().name() + " in " + RunSentence.duration(slowest);
        }
        String from = reporting.size() == locations.size()
                ? "all " + locations.size() + " locations"
                : reporting.size() + " of " + locations.size() + " locations";
        return "OK from " + from + ", " + RunSentence.duration(slowest) + " at most";
    }

    /** A family that nobody hears of must not pass for a good one. */
    private static String silentFamilies(List<LocationVerdict> locations) {
        Map<AddressFamily, String> silent = new EnumMap<>(AddressFamily.class);
        locations.stream()
                .flatMap(location -> location.targets().stream())
                .filter(verdict -> !verdict.reporting())
                .forEach(verdict -> silent.putIfAbsent(verdict.family(), verdict.sentence()));
        locations.stream()
                .flatMap(LocationVerdict::reportingTargets)
                .forEach(verdict -> silent.remove(verdict.family()));
        StringBuilder sentences = new StringBuilder();
        silent.forEach((family, sentence) ->
                sentences.append("; ").append(family.title()).append(": ").append(sentence));
        return sentences.toString();
    }

    /** By the family that is worst, since that one decides. */
    private static String failing(Status status, List<LocationVerdict> locations) {
        FamilyVerdict worst = FamilyVerdict.of(locations).getFirst();
        List<LocationVerdict> failing = locations.stream()
                .filter(location -> location.reportingTargets()
                        .anyMatch(t -> t.failing() && worst.reporting().contains(t)))
                .toList();
        LocationVerdict shown =
                failing.stream().filter(l -> l.status() == status).findFirst().orElseGet(failing::getFirst);
        if (locations.size() == 1) {
            return shown.sentence();
        }
        int reporting = worst.reporting().size();
        return (status == Status.ERROR ? "Failing from " : "Warning from ") + worst.failing() + " of " + reporting
                + (reporting == 1 ? " reporting location: " : " reporting locations: ") + shown.sentence();
    }

    private static String noData(List<LocationVerdict> locations, boolean paused, Instant now) {
        if (paused) {
            return "Paused";
        }
        List<Place.Target> targets = locations.stream()
                .flatMap(location -> location.place().targets().stream())
                .toList();
        Optional<Place.Target> next = targets.stream()
                .filter(target -> target.awaiting() instanceof Place.Awaiting.NextRun)
                .findFirst();
        boolean never = targets.stream().allMatch(target -> target.last() == null);
        if (never && next.isPresent()) {
            return firstRun(next.get(), now);
        }
        return locations.size() == 1
                ? locations.getFirst().sentence()
                : "No data from " + names(locations) + ": "
                        + withoutLead(locations.getFirst().sentence());
    }

    private static String withoutLead(String sentence) {
        return sentence.startsWith(NO_DATA) ? sentence.substring(NO_DATA.length()) : sentence;
    }

    private static String firstRun(Place.Target target, Instant now) {
        return switch (target.awaiting()) {
            case Place.Awaiting.Obstacle(String sentence) -> sentence;
            case Place.Awaiting.AnyAgent(Instant since) -> NO_DATA + noAgentSince(since);
            case Place.Awaiting.NextRun(Instant at) ->
                at.isAfter(now)
                        ? "No data yet: first run in " + span(Duration.between(now, at))
                        : "No data yet: the first run is due";
        };
    }

    private static String names(List<LocationVerdict> locations) {
        List<String> names = locations.stream().map(l -> l.place().name()).toList();
        if (names.size() > NAMED) {
            return names.getFirst() + " and " + (names.size() - 1) + " more";
        }
        return names.size() == 1
                ? names.getFirst()
                : String.join(", ", names.subList(0, names.size() - 1)) + " and " + names.getLast();
    }
}
