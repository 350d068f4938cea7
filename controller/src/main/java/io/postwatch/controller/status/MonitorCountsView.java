package io.postwatch.controller.status;

import io.postwatch.controller.shared.Status;
import io.swagger.v3.oas.annotations.media.Schema;
import java.util.Map;

/** How many monitors of a tenant have which status. A paused one counts as paused only. */
@Schema(name = "MonitorCounts")
record MonitorCountsView(int error, int warning, int noData, int ok, int paused) {

    /** @param running of the monitors that are not paused; a status that none has may be absent */
    static MonitorCountsView of(Map<Status, Integer> running, int paused) {
        return new MonitorCountsView(
                running.getOrDefault(Status.ERROR, 0),
                running.getOrDefault(Status.WARNING, 0),
                running.getOrDefault(Status.NO_DATA, 0),
                running.getOrDefault(Status.OK, 0),
                paused);
    }
}
