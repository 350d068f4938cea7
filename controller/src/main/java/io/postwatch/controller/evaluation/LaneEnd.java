package io.postwatch.controller.evaluation;

import java.util.List;

/**
 * How far a lane is stored, and which record was its last.
 *
 * @param mark see {@link SpoolEntry#mark}; 0: not known
 */
public record LaneEnd(long acked, long mark) {
    /** Of a lane of which nothing is stored. */
    public static final LaneEnd NOTHING = new LaneEnd(0, 0);

    /** Whether one of these has the sequence of the last record and is not that record. */
    boolean isAnother(List<SpoolEntry> entries) {
        return mark != 0
                && entries.stream()
                        .filter(entry -> entry.sequence() == acked)
                        .anyMatch(entry -> entry.mark() != 0 && entry.mark() != mark);
    }
}
