package io.postwatch.controller.enrolment;

import io.postwatch.controller.shared.Bytes;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The certificates by which an agent is let in: the one in use, and the one that was issued last and not used yet. Each has
 * a generation that counts up from one renewal to the next. From what an agent holds follows whether it is the only one
 * with this state, as a pure function: its disk never forgets a certificate that it has used, so whoever comes with an
 * older one, or with another one of the same generation, is another copy of its state.
 *
 * @param current none before its first session
 * @param currentSince since when the current one is in use, where that is known
 */
public record CertificateSlots(
        @Nullable Slot current,
        @Nullable Slot next,
        @Nullable Instant currentSince) {
    /** Clocks of two controllers may differ by as much. */
    public static final Duration TOLERANCE = Duration.ofSeconds(30);

    /** A generation is counted once in days; nobody has come so far beyond what a database that was set back knows. */
    static final long MOST_AHEAD = 1L << 32;

    /**
     * One of them.
     *
     * @param generation 0: issued by a release that didn't count
     * @param serial hexadecimal
     * @param tlsKey SHA-256 of the key that it is for; null where a release before didn't keep it
     */
    public record Slot(
            long generation, String serial, @Nullable Bytes tlsKey, Instant notAfter) {
        /**
         * An agent asks for a certificate with the same key until it has one. So two certificates of a generation for one
         * key are answers to one agent, of which the first was lost on its way, and not two copies.
         */
        boolean isHeldBy(HeldCertificate held) {
            return serial.equals(held.serial())
                    || (generation > 0
                            && generation == held.generation()
                            && tlsKey != null
                            && tlsKey.equals(held.tlsKey()));
        }
    }

    /** What an agent shows. {@code generation} 0: it doesn't say. */
    public record HeldCertificate(long generation, String serial, Bytes tlsKey) {}

    /** What follows from it. */
    public enum Finding {
        CURRENT,
        NEXT,
        /** Not one of the two, and nothing is proven: it may renew. */
        OUTDATED,
        /** Newer than any that this database knows: it was set back. The agent may renew. */
        AHEAD,
        /** So much newer that nobody can hold it: it was made up. */
        MADE_UP,
        /** It was asked to prove itself before the current one came into use, and is judged only now. */
        LATE,
        /** A copy of its state has renewed since. */
        OLDER_COPY,
        /** A copy of its state has renewed, too. */
        OTHER_COPY
    }

    /** Of an agent that signed a challenge of that time. */
    public Finding judge(HeldCertificate held, Instant challengedAt) {
        if (next != null && next.isHeldBy(held)) {
            return Finding.NEXT;
        }
        if (current != null && current.isHeldBy(held)) {
            return Finding.CURRENT;
        }
        if (held.generation() == 0) {
            return Finding.OUTDATED;
        }
        Finding byGeneration = judge(held.generation(), challengedAt);
        boolean sameAsNext = next != null && next.generation() == held.generation();
        return switch (byGeneration) {
            case CURRENT -> isProven(challengedAt) ? Finding.OTHER_COPY : Finding.LATE;
            case AHEAD -> sameAsNext ? Finding.OTHER_COPY : Finding.AHEAD;
            case NEXT, OUTDATED, MADE_UP, LATE, OLDER_COPY, OTHER_COPY -> byGeneration;
        };
    }

    /** Of an agent that renews, and says no more than the generation that it holds. CURRENT also where it may be the next. */
    Finding judge(long held, Instant challengedAt) {
        if (held == 0 || held == generation()) {
            return Finding.CURRENT;
        }
        if (held < generation()) {
            return isProven(challengedAt) ? Finding.OLDER_COPY : Finding.LATE;
        }
        return held - generation() > MOST_AHEAD ? Finding.MADE_UP : Finding.AHEAD;
    }

    /** Whether it lived, with what it holds, after the current certificate had come into use. */
    private boolean isProven(Instant challengedAt) {
        return currentSince != null && challengedAt.isAfter(currentSince.plus(TOLERANCE));
    }

    /** Of the one in use. */
    long generation() {
        return current == null ? 0 : current.generation();
    }

    /** Whether this database knows of a certificate with this generation, or a later one. */
    boolean knows(long generation) {
        return generation <= generation() || (next != null && generation <= next.generation());
    }

    /** Of the certificate that is issued to an agent that holds this one; it never counts back. */
    long following(long held) {
        return Math.addExact(Math.max(held, generation()), 1);
    }

    /** Whether all of them have expired. */
    boolean haveExpired(Instant now) {
        return Stream.of(Optional.ofNullable(current), Optional.ofNullable(next))
                .flatMap(Optional::stream)
                .noneMatch(slot -> slot.notAfter().isAfter(now));
    }
}
