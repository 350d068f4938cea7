package io.postwatch.controller.shared.id;

/** Identifies a series within its tenant: one monitor at one location for one target. Made in Java, time-ordered, positive. */
public record SeriesId(long value) {
    public SeriesId {
        if (value <= 0) {
            throw new IllegalArgumentException("A series id is positive, not " + value);
        }
    }

    @Override
    public String toString() {
        return Long.toString(value);
    }
}
