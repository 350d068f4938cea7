package io.postwatch.controller.assignment;

import io.postwatch.controller.shared.MonitorId;
import java.time.Duration;
import java.time.Instant;

/** When a monitor runs next, for people. */
public final class RunGrid {
    private RunGrid() {}

    /** The first scheduled time after now. */
    public static Instant nextRun(MonitorId monitor, Duration period, Instant now) {
        long anchor = Grid.anchor(monitor, period).toMillis();
        long length = period.toMillis();
        long run = Math.floorDiv(now.toEpochMilli() - anchor, length) + 1;
        return Instant.ofEpochMilli(anchor + run * length);
    }
}
