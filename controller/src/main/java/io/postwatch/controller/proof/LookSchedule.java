package io.postwatch.controller.proof;

import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** When agents look for a text without being asked. Pure. */
final class LookSchedule {
    /** Somebody who has just claimed a domain is about to publish the text. */
    static final Duration FRESH = Duration.ofMinutes(10);

    static final Duration SOON = Duration.ofHours(1);
    static final Duration USUAL = Duration.ofDays(1);

    private static final Duration FRESH_FOR = Duration.ofDays(1);
    private static final Duration CLAIMED_FOR = Duration.ofDays(7);
    private static final Duration LAPSED_FOR = Duration.ofDays(30);

    private LookSchedule() {}

    /** After the proof is known as it is now; null: what nobody has cared for in a long time waits until somebody asks. */
    static @Nullable Instant next(DomainProof proof, Instant now) {
        return switch (proof.state(now)) {
            case CLAIMED -> {
                Duration age = Duration.between(proof.claimedAt(), now);
                if (age.compareTo(FRESH_FOR) < 0) {
                    yield now.plus(FRESH);
                }
                yield age.compareTo(CLAIMED_FOR) < 0 ? now.plus(SOON) : null;
            }
            case PROVEN -> {
                // Also where the last look could not tell: it counts for nothing, so the next one comes soon.
                boolean sure = proof.checkedAt() != null && proof.checkedAt().equals(proof.seenAt());
                yield now.plus(sure ? USUAL : SOON);
            }
            case LAPSED -> {
                Instant lapsedAt = proof.lapsesAt();
                yield lapsedAt != null && now.isBefore(lapsedAt.plus(LAPSED_FOR)) ? now.plus(USUAL) : null;
            }
        };
    }
}
