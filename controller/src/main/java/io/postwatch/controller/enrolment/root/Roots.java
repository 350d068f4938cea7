package io.postwatch.controller.enrolment.root;

import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * All roots of a platform, the oldest first, and what follows from them at a time. Whoever reads the same rows at the same time
 * comes to the same answer, so controllers need not agree on anything: a change is written down with the moment from which it
 * counts, some time ahead, and until then all have read of it.
 *
 * <p>A root is prepared, then issues, and makes room for the next; it stays trusted until the last certificate that it has
 * issued is over, and is then retired.
 *
 * @param all at least one; those that are retired, too, since old agents find their way by them
 */
public record Roots(List<PlatformRoot> all) {
    /** No certificate of an agent or a controller is issued for longer. */
    public static final Duration LONGEST_LEAF = Duration.ofDays(7);

    /** Until then every controller has read of a change, and clocks may differ by as much. */
    static final Duration SETTLING = Duration.ofSeconds(30);

    /** A controller that stood still may issue by a root of before. Its agents would only have to renew again. */
    static final Duration MARGIN = Duration.ofHours(1);

    /** Tokens name a root once no controller answers with a chain that doesn't have it. */
    static final Duration TOKENS_LATER = Duration.ofMinutes(1);

    static final double PREPARED_AT = 0.8;
    static final double CHANGED_AT = 0.9;

    /** As many roots as an agent may have missed; chains of handshakes stay short. */
    static final int MOST_FORMER = 6;

    public Roots {
        all = all.stream()
                .sorted(Comparator.comparingLong(PlatformRoot::number))
                .toList();
        if (all.isEmpty()) {
            throw new IllegalArgumentException("A platform has a root");
        }
    }

    /** What is to be done, whichever controller does it. */
    public sealed interface Step {
        /** The root that issues gets old: the next one is made. */
        record Prepare() implements Step {}

        /** The next one takes over. */
        record Change(PlatformRoot next) implements Step {}

        /** Nothing that it has issued is good any more. */
        record Retire(PlatformRoot former) implements Step {}
    }

    /** By which certificates are issued. */
    public PlatformRoot issuing(Instant now) {
        return all.reversed().stream()
                .filter(root -> root.issuesBy(now))
                .findFirst()
                // Before all of them by a clock that is behind, or after one was lost with its key.
                .or(() -> all.stream().filter(root -> !root.retired()).findFirst())
                .orElse(all.getFirst());
    }

    /** The one that is prepared, also where it is written down already from when it issues. */
    public Optional<PlatformRoot> next(Instant now) {
        PlatformRoot last = all.getLast();
        return last.number() > issuing(now).number() ? Optional.of(last) : Optional.empty();
    }

    /** Whose certificates are good: the one that issues, the next, and former ones as long as something of theirs is. */
    public List<PlatformRoot> trusted(Instant now) {
        PlatformRoot issuing = issuing(now);
        List<PlatformRoot> trusted = new ArrayList<>();
        trusted.add(issuing);
        all.reversed().stream()
                .filter(root -> root.number() != issuing.number() && !isOver(root, now))
                .forEach(trusted::add);
        return trusted;
    }

    /** By which agents find their way that know none of the trusted ones; the newest first. */
    public List<PlatformRoot> former(Instant now) {
        List<PlatformRoot> trusted = trusted(now);
        return all.reversed().stream()
                .filter(root -> !trusted.contains(root))
                .limit(MOST_FORMER)
                .toList();
    }

    /** Until when what a root has issued may be good; empty while it issues. */
    public Optional<Instant> trustedUntil(PlatformRoot root) {
        return all.stream()
                .filter(later -> later.number() > root.number())
                .flatMap(later -> Optional.ofNullable(later.issuesFrom()).stream())
                .findFirst()
                .map(from -> from.plus(LONGEST_LEAF).plus(MARGIN));
    }

    private boolean isOver(PlatformRoot root, Instant now) {
        return root.retired()
                || trustedUntil(root).filter(until -> !now.isBefore(until)).isPresent();
    }

    /** The root that new tokens name. */
    public PlatformRoot ofTokens(Instant now) {
        return issuing(now.minus(TOKENS_LATER));
    }

    /** From the root that issues to the oldest one that vouches for it: what a controller shows behind its certificate. */
    public List<X509Certificate> path(Instant now) {
        PlatformRoot end = issuing(now);
        List<X509Certificate> path = new ArrayList<>(List.of(end.certificate()));
        for (PlatformRoot before : all.reversed()) {
            if (before.number() < end.number() && path.size() <= MOST_FORMER && end.isCertifiedBy(before)) {
                path.add(before.certificate());
                end = before;
            }
        }
        return path;
    }

    /** When the next root is made without anybody's asking. */
    public Instant preparesAt(Instant now) {
        return issuing(now).atAge(PREPARED_AT);
    }

    /** When the next root takes over without anybody's asking. */
    public Instant changesAt(Instant now) {
        return issuing(now).atAge(CHANGED_AT);
    }

    public Optional<Step> due(Instant now) {
        PlatformRoot issuing = issuing(now);
        Optional<PlatformRoot> next = next(now);
        if (next.isEmpty() && issuing.age(now) >= PREPARED_AT) {
            return Optional.of(new Step.Prepare());
        }
        if (next.isPresent() && next.get().issuesFrom() == null && issuing.age(now) >= CHANGED_AT) {
            return Optional.of(new Step.Change(next.get()));
        }
        return all.stream()
                .filter(root -> root.number() < issuing.number() && !root.retired() && isOver(root, now))
                .findFirst()
                .map(Step.Retire::new);
    }
}
