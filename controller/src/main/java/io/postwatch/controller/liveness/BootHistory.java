package io.postwatch.controller.liveness;

import io.postwatch.controller.enrolment.CertificateSlots;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Stream;

/**
 * The last processes of an agent that began a session, the newest first. A process that was started anew has another boot
 * id, and the one before never comes again: whoever alternates between two of them is two machines with one identity. What
 * an ended process said last may be judged late, so only the second return of a process proves it, or the third of any, and
 * a return counts only if the process was asked to prove itself after another one had taken over. Boot ids cost nothing to
 * invent: those that never stayed are forgotten first, and those that came back last.
 */
record BootHistory(List<Boot> boots) {
    static final BootHistory NONE = new BootHistory(List.of());
    /**
     * A process that was superseded comes again within one and a half minutes. Whoever invents so many meanwhile, of which
     * each stays, needs longer.
     */
    static final int MOST = 16;

    /** Who was heard for so long has stayed. */
    static final Duration STAY = Duration.ofSeconds(10);

    static final int PROOF = 2;
    static final int PROOF_OF_ALL = 3;

    /**
     * A process.
     *
     * @param attempt its greatest that was let in
     * @param returns how often it came, by a new attempt of its own, when another process had come since its last
     * @param stayed whether it was heard for a while
     * @param until when another process took over; of the newest: when its own last session began
     */
    record Boot(UUID id, long attempt, int returns, boolean stayed, Instant until) {
        private Boot succeeded(Instant at) {
            return new Boot(id, attempt, returns, stayed, at);
        }

        private Boot withStay() {
            return new Boot(id, attempt, returns, true, until);
        }

        /** The least is forgotten first. */
        private int worth() {
            if (returns > 0) {
                return 2;
            }
            return stayed ? 1 : 0;
        }
    }

    BootHistory {
        boots = List.copyOf(boots);
    }

    /** The newest was heard for a while. */
    BootHistory newestStayed() {
        return boots.isEmpty()
                ? this
                : new BootHistory(Stream.concat(
                                Stream.of(boots.getFirst().withStay()),
                                boots.stream().skip(1))
                        .toList());
    }

    /**
     * After a hello of this process. Who doesn't tell its attempts ({@code 0}) proves nothing.
     *
     * @param challengedAt when it was asked to prove itself
     * @param now when its session begins
     */
    BootHistory with(UUID boot, long attempt, Instant challengedAt, Instant now) {
        Boot before = find(boot).orElse(new Boot(boot, attempt, 0, false, now));
        if (isSucceeded(boot) && attempt <= before.attempt()) {
            // As a machine that was set back, or what an ended process said: it comes after nobody.
            return this;
        }
        int returns = before.returns() + (livedOn(boot, challengedAt) ? 1 : 0);
        List<Boot> others = new ArrayList<>();
        for (Boot known : boots) {
            if (!known.id().equals(boot)) {
                others.add(isNewest(known.id()) ? known.succeeded(now) : known);
            }
        }
        while (others.size() >= MOST) {
            others.remove(leastOf(others));
        }
        others.addFirst(new Boot(boot, Math.max(attempt, before.attempt()), returns, before.stayed(), now));
        return new BootHistory(others);
    }

    /** Of those that are worth least the oldest. */
    private static Boot leastOf(List<Boot> newestFirst) {
        return newestFirst.reversed().stream()
                .min(Comparator.comparingInt(Boot::worth))
                .orElseThrow();
    }

    /** Whether another process has come since this one. */
    boolean isSucceeded(UUID boot) {
        return find(boot).isPresent() && !isNewest(boot);
    }

    /** Whether it was there after another process had taken over. */
    boolean livedOn(UUID boot, Instant challengedAt) {
        return isSucceeded(boot)
                && find(boot)
                        .filter(known -> challengedAt.isAfter(known.until().plus(CertificateSlots.TOLERANCE)))
                        .isPresent();
    }

    private boolean isNewest(UUID boot) {
        return !boots.isEmpty() && boots.getFirst().id().equals(boot);
    }

    private Optional<Boot> find(UUID boot) {
        return boots.stream().filter(known -> known.id().equals(boot)).findFirst();
    }

    /** Whether there are two machines. */
    boolean provesCopies() {
        return boots.stream().anyMatch(boot -> boot.returns() >= PROOF)
                || boots.stream().mapToInt(Boot::returns).sum() >= PROOF_OF_ALL;
    }
}
