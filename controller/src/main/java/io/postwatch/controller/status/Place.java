package io.postwatch.controller.status;

import io.postwatch.controller.run.RunRecord;
import io.postwatch.controller.shared.LocationId;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * What is known of a monitor at one of its locations.
 *
 * @param last the result with the latest scheduled time
 * @param awaiting what the next result waits for
 */
record Place(LocationId location, String name, @Nullable RunRecord last, Awaiting awaiting) {

    /** What the next result of a location waits for. */
    sealed interface Awaiting {
        /** For its time on the grid. */
        record NextRun(Instant at) implements Awaiting {}

        /** For someone or something, told in one sentence. */
        record Obstacle(String sentence) implements Awaiting {}
    }
}
