package io.postwatch.controller.status;

import io.postwatch.controller.run.RunRecord;
import io.postwatch.controller.shared.AddressFamily;
import io.postwatch.controller.shared.id.LocationId;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What is known of a monitor at one of its locations.
 *
 * @param targets what is known of each of its series there: one, or one per address family
 */
record Place(LocationId location, String name, List<Target> targets) {
    Place {
        targets = List.copyOf(targets);
        if (targets.isEmpty()) {
            throw new IllegalArgumentException("A monitor has a series at each of its locations");
        }
    }

    /**
     * One series of the location.
     *
     * @param last the result with the latest scheduled time
     * @param awaiting what the next result waits for
     */
    record Target(AddressFamily family, @Nullable RunRecord last, Awaiting awaiting) {}

    /** What the next result of a series waits for. */
    sealed interface Awaiting {
        /** For its time on the grid. */
        record NextRun(Instant at) implements Awaiting {}

        /** For any agent of the location: none has reported since then, so whatever it said before holds no longer. */
        record AnyAgent(Instant silentSince) implements Awaiting {}

        /** For an agent that is able to run it: the location has none, as where none of its agents has the family. */
        record AbleAgent(String sentence) implements Awaiting {}

        /** For someone or something else, told in one sentence. */
        record Obstacle(String sentence) implements Awaiting {}
    }
}
