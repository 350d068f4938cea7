package io.postwatch.controller.enrolment;

import java.time.Instant;
import java.util.EnumSet;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The life of an enrolment token; all but USABLE are final. */
enum EnrolmentTokenState {
    USABLE,
    USED,
    EXPIRED,
    REVOKED;

    Set<EnrolmentTokenState> next() {
        return this == USABLE ? EnumSet.of(USED, EXPIRED, REVOKED) : EnumSet.noneOf(EnrolmentTokenState.class);
    }

    boolean canBecome(EnrolmentTokenState other) {
        return next().contains(other);
    }

    String code() {
        return name().toLowerCase(Locale.ROOT);
    }

    static EnrolmentTokenState of(@Nullable Instant revokedAt, int usesLeft, Instant expiresAt, Instant now) {
        if (revokedAt != null) {
            return REVOKED;
        }
        if (usesLeft == 0) {
            return USED;
        }
        return expiresAt.isAfter(now) ? USABLE : EXPIRED;
    }
}
