package io.postwatch.controller.status;

import io.postwatch.controller.assignment.PlaceSync;
import io.postwatch.controller.shared.AddressFamily;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.SequencedMap;
import org.jspecify.annotations.Nullable;

/** Whether what a location has to run already runs there: as that of its families which asks most for attention. Pure. */
record LocationSync(PlaceSync.State state, @Nullable String message) {
    /** The more, the more it asks for somebody's attention. */
    private static final List<PlaceSync.State> BY_WEIGHT = List.of(
            PlaceSync.State.IN_SYNC,
            PlaceSync.State.PENDING,
            PlaceSync.State.UNKNOWN,
            PlaceSync.State.NO_AGENT,
            PlaceSync.State.NOT_PROVEN,
            PlaceSync.State.REJECTED);

    /** @param families at least one */
    static LocationSync of(SequencedMap<AddressFamily, PlaceSync> families) {
        PlaceSync.State worst = families.values().stream()
                .map(PlaceSync::state)
                .max(Comparator.comparingInt(BY_WEIGHT::indexOf))
                .orElseThrow();
        SequencedMap<AddressFamily, String> messages = new LinkedHashMap<>();
        families.forEach((family, sync) -> {
            if (sync.state() == worst && sync.message() != null) {
                messages.put(family, sync.message());
            }
        });
        boolean all = messages.size() == families.size();
        return new LocationSync(worst, messages.isEmpty() ? null : FamilyWords.join(messages, all));
    }
}
