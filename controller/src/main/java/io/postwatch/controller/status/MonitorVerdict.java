package io.postwatch.controller.status;

import io.postwatch.controller.shared.Status;
import java.util.List;

/** How a monitor does, from all its locations. */
record MonitorVerdict(Status status, String sentence, List<LocationVerdict> locations) {
    MonitorVerdict {
        locations = List.copyOf(locations);
    }

    long reporting() {
        return locations.stream().filter(LocationVerdict::reporting).count();
    }

    long failing() {
        return locations.stream().filter(LocationVerdict::failing).count();
    }
}
