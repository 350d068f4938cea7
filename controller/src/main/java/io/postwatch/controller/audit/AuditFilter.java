package io.postwatch.controller.audit;

import io.postwatch.controller.web.problem.ProblemException;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Which entries are asked for.
 *
 * @param acts codes, any of them; none: all acts
 * @param actor an id, or a part of a name in any case; null: everybody
 * @param subject as {@code actor}; null: everything
 * @param from the first moment
 * @param to the moment behind the last
 */
record AuditFilter(
        List<String> acts, @Nullable String actor, @Nullable String subject, Instant from, Instant to) {
    private static final int MAX_TEXT = 300;
    private static final int MAX_ACTS = 100;
    /** What every column and every text form can hold. */
    static final Instant LATEST = Instant.parse("9999-12-31T23:59:59Z");

    AuditFilter {
        acts = List.copyOf(acts);
    }

    /** Of what is sent; throws a problem for what means nothing. */
    static AuditFilter of(
            @Nullable List<String> acts,
            @Nullable String actor,
            @Nullable String subject,
            @Nullable Instant from,
            @Nullable Instant to) {
        List<String> wanted = acts == null ? List.of() : acts;
        if (wanted.size() > MAX_ACTS || !wanted.stream().allMatch(Act::isCode)) {
            throw ProblemException.invalidParameter(
                    "act", "invalid", "act is the code of an act, such as agent.revoked");
        }
        return new AuditFilter(
                wanted,
                text("actor", actor),
                text("subject", subject),
                from == null ? Instant.EPOCH : bounded(from),
                to == null ? LATEST : bounded(to));
    }

    private static @Nullable String text(String name, @Nullable String value) {
        if (value == null || value.isBlank()) {
            return null;
        }
        if (value.length() > MAX_TEXT) {
            throw ProblemException.invalidParameter(
                    name, "too-long", name + " has at most " + MAX_TEXT + " characters");
        }
        return value.strip();
    }

    static Instant bounded(Instant instant) {
        return instant.isBefore(Instant.EPOCH) ? Instant.EPOCH : instant.isAfter(LATEST) ? LATEST : instant;
    }
}
