package io.postwatch.agent.spool;

import java.time.Instant;

/** A numbered record. Its number is durable before anybody sees it. */
public sealed interface SpoolRecord {

    /** Per spool and lane, from 1. */
    long sequence();

    /** About how many bytes it takes to send. */
    int size();

    /** A result, as it was given to {@link Spool#store}. */
    final class Run implements SpoolRecord {

        private final long sequence;
        private final byte[] payload;

        Run(long sequence, byte[] payload) {
            this.sequence = sequence;
            this.payload = payload;
        }

        @Override
        public long sequence() {
            return sequence;
        }

        @Override
        public int size() {
            return payload.length;
        }

        /** The encoded result; not a copy. */
        public byte[] payload() {
            return payload;
        }
    }

    /**
     * Results that were made but had to be dropped.
     *
     * @param count how many; 0: not known, the damaged file couldn't tell
     * @param first scheduled time of the first of them
     * @param last scheduled time of the last of them
     */
    record Gap(long sequence, long count, Instant first, Instant last, GapReason reason) implements SpoolRecord {

        public Gap {
            if (count < 0 || last.isBefore(first)) {
                throw new IllegalArgumentException("a gap has a count and goes from first to last");
            }
        }

        @Override
        public int size() {
            return 64;
        }
    }
}
