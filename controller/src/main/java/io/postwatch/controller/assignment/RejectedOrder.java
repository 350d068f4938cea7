package io.postwatch.controller.assignment;

import io.postwatch.controller.shared.id.SeriesId;
import java.util.Locale;

/** An assignment that an agent does not run, and why. */
public record RejectedOrder(SeriesId series, long revision, Reason reason, String message) {
    /** Why not. */
    public enum Reason {
        UNKNOWN,
        UNSUPPORTED,
        INVALID,
        SECRET_UNREADABLE,
        OVER_CAPACITY,
        LOCAL_SECRET_NOT_ALLOWED;

        String code() {
            return name().toLowerCase(Locale.ROOT).replace('_', '-');
        }
    }
}
