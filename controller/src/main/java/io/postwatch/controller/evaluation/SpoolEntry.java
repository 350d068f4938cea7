package io.postwatch.controller.evaluation;

import io.postwatch.controller.run.RunRecord;
import java.time.Instant;

/** One record of an agent's spool. Sequences count from 1 per spool and lane. */
public sealed interface SpoolEntry {
    long sequence();

    /** Tells this record from others that may have been given the same number by a copy of the spool; 0: nothing is known. */
    default long mark() {
        return switch (this) {
            case Run run -> run.run().runId().value().getLeastSignificantBits();
            case Gap gap -> gap.count() + 1;
            case Unreadable _ -> 0;
        };
    }

    /** The record of a run. */
    record Run(long sequence, RunRecord run) implements SpoolEntry {}

    /** Results that were made but had to be dropped: how many, and the scheduled times of the first and last. */
    record Gap(long sequence, long count, Instant first, Instant last, Reason reason) implements SpoolEntry {
        /** Why; the number is stored. */
        public enum Reason {
            UNKNOWN(0),
            SPOOL_FULL(1),
            TOO_OLD(2),
            SPOOL_DAMAGED(3);

            private final short number;

            Reason(int number) {
                this.number = (short) number;
            }

            short number() {
                return number;
            }
        }
    }

    /** A record that could not be read; the sentence says why. */
    record Unreadable(long sequence, String why) implements SpoolEntry {}
}
