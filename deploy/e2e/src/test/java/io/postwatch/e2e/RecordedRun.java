package io.postwatch.e2e;

import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A run as an agent has it on its disk.
 *
 * @param place null until the agent has numbered it to be sent
 * @param greeting of the server; empty where there was none
 * @param startedAt where it was given up, when that was
 * @param givenUp the agent cut it off, and told nothing of what it had found
 */
record RecordedRun(
        UUID run,
        RunKey key,
        @Nullable Place place,
        boolean triggered,
        String greeting,
        Instant startedAt,
        boolean acked,
        boolean givenUp) {

    /** One lane of one numbering. */
    record LaneOfSpool(String spool, int lane) {}

    /** Where it is in what the agent sends. */
    record Place(LaneOfSpool lane, long sequence) {}
}
