package io.postwatch.controller.assignment;

import io.postwatch.controller.check.MonitorSettings;
import io.postwatch.controller.shared.AddressFamily;
import io.postwatch.controller.shared.id.MonitorId;
import java.time.Instant;

/** When a series runs next, for people. */
public final class RunGrid {
    private RunGrid() {}

    /** The first scheduled time after now. */
    public static Instant nextRun(MonitorId monitor, MonitorSettings settings, AddressFamily target, Instant now) {
        long anchor = Grid.anchor(monitor, settings, target).toMillis();
        long length = settings.period().toMillis();
        long run = Math.floorDiv(now.toEpochMilli() - anchor, length) + 1;
        return Instant.ofEpochMilli(anchor + run * length);
    }
}
