package io.postwatch.controller.status;

import io.postwatch.controller.run.RunRecord;
import io.postwatch.controller.run.RunSentence;
import io.postwatch.controller.shared.AddressFamily;
import io.postwatch.controller.shared.Status;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.SequencedMap;
import org.jspecify.annotations.Nullable;

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
        return switch (target.awaiting()) {
            case Place.Awaiting.AbleAgent(String sentence) -> sentence;
            case Place.Awaiting.Obstacle(String sentence) -> sentence;
            case Place.Awaiting.AnyAgent(Instant since) -> NO_DATA + noAgentSince(since);
            case Place.Awaiting.NextRun(Instant at) ->
                last == null
                        ? firstRun(at, now)
                        : "No data: the last result is " + span(Duration.between(last.scheduledAt(), now)) + " old";
        };
    }

    /** Of a location: what its failing targets have to say, or all of them where none fails. */
    static String of(List<TargetVerdict> targets) {
        List<TargetVerdict> failing =
                targets.stream().filter(TargetVerdict::failing).toList();
        List<TargetVerdict> told = failing.isEmpty() ? targets : failing;
        return told(told, told.size() == targets.size());
    }

    /** What targets of different families have to say; named unless they are all of a location and say the same. */
    static String told(List<TargetVerdict> targets, boolean all) {
        SequencedMap<AddressFamily, String> said = new LinkedHashMap<>();
        targets.forEach(target -> said.put(target.family(), target.sentence()));
        return FamilyWords.join(said, all);
    }

    /** Of a monitor, by its families, the deciding one first. */
    static String of(List<FamilyVerdict> families, List<LocationVerdict> locations, boolean paused, Instant now) {
        if (locations.isEmpty()) {
            return paused ? "Paused" : "No data: there is no location yet that could run this monitor";
        }
        if (families.isEmpty()) {
            return noData(locations, paused, now);
        }
        String sentence = families.getFirst().status() == Status.OK
                ? ok(families, locations) + silentFamilies(locations, paused)
                : FailingSentence.of(families, locations);
        return paused ? "Paused; before: " + sentence : sentence;
    }

    /** To the second, in UTC: whoever reads the API or a log elsewhere must not have to guess the zone. */
    static String noAgentSince(Instant since) {
        return "no agent has reported since " + MOMENT.format(since);
    }

    /** @param since when it was last heard of; null where even that is not known */
    static String agentLost(@Nullable Instant since) {
        return NO_DATA + "the agent that is to run it is lost"
                + (since == null ? "" : ", last heard of at " + MOMENT.format(since));
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

    private static String ok(List<FamilyVerdict> families, List<LocationVerdict> locations) {
        if (families.stream().anyMatch(family -> !family.failing().isEmpty())) {
            return FailingSentence.ofMinorities(families, locations);
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
    private static String silentFamilies(List<LocationVerdict> locations, boolean paused) {
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
                sentences.append("; ").append(family.title()).append(": ").append(paused ? "no data" : sentence));
        return sentences.toString();
    }

    private static String noData(List<LocationVerdict> locations, boolean paused, Instant now) {
        if (paused) {
            return "Paused";
        }
        List<Place.Target> targets = locations.stream()
                .flatMap(location -> location.place().targets().stream())
                .toList();
        boolean never = targets.stream().allMatch(target -> target.last() == null);
        for (Place.Target target : targets) {
            if (never && target.awaiting() instanceof Place.Awaiting.NextRun(Instant at)) {
                return firstRun(at, now);
            }
        }
        return locations.size() == 1
                ? locations.getFirst().sentence()
                : "No data from "
                        + names(locations.stream().map(LocationVerdict::place).toList()) + ": "
                        + withoutLead(locations.getFirst().sentence());
    }

    private static String withoutLead(String sentence) {
        return sentence.startsWith(NO_DATA) ? sentence.substring(NO_DATA.length()) : sentence;
    }

    private static String firstRun(Instant at, Instant now) {
        return at.isAfter(now)
                ? "No data yet: first run in " + span(Duration.between(now, at))
                : "No data yet: the first run is due";
    }

    /** {@code Paris, Rome and Oslo}; of more than a few the first. */
    static String names(List<Place> places) {
        List<String> names = places.stream().map(Place::name).toList();
        if (names.size() > NAMED) {
            return names.getFirst() + " and " + (names.size() - 1) + " more";
        }
        return names.size() == 1
                ? names.getFirst()
                : String.join(", ", names.subList(0, names.size() - 1)) + " and " + names.getLast();
    }
}
