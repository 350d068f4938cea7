package io.postwatch.controller.assignment;

import io.postwatch.controller.shared.Digests;
import io.postwatch.controller.shared.MonitorId;
import java.nio.ByteBuffer;
import java.time.Duration;

/** When the runs of a monitor are due: anchor + n × period. */
final class Grid {
    private Grid() {}

    /**
     * Somewhere in the first period after the epoch, the same for the same monitor: monitors of one period are spread
     * evenly, and a monitor keeps its place whoever runs it.
     */
    static Duration anchor(MonitorId monitor, Duration period) {
        long hash = Digests.first8Bytes(ByteBuffer.allocate(16)
                .putLong(monitor.value().getMostSignificantBits())
                .putLong(monitor.value().getLeastSignificantBits())
                .array());
        return Duration.ofMillis(Math.floorMod(hash, period.toMillis()));
    }
}
