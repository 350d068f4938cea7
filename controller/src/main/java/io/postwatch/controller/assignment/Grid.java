package io.postwatch.controller.assignment;

import io.postwatch.controller.check.MonitorSettings;
import io.postwatch.controller.shared.AddressFamily;
import io.postwatch.controller.shared.Digests;
import io.postwatch.controller.shared.id.MonitorId;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;

/** When the runs of a series are due: anchor + n × period. */
final class Grid {
    private Grid() {}

    /**
     * Somewhere in the first period after the epoch, the same for the same monitor: monitors of one period are spread
     * evenly, and a monitor keeps its place whoever runs it. The targets of one monitor share its period evenly.
     */
    static Duration anchor(MonitorId monitor, MonitorSettings settings, AddressFamily target) {
        List<AddressFamily> targets = settings.addressFamily().targets();
        int index = targets.indexOf(target);
        if (index < 0) {
            throw new IllegalArgumentException("The monitor " + monitor + " does not run for " + target);
        }
        Duration period = settings.period();
        Duration share = period.dividedBy(targets.size());
        return Duration.ofMillis(
                anchor(monitor, period).plus(share.multipliedBy(index)).toMillis() % period.toMillis());
    }

    /** Of the first target. */
    static Duration anchor(MonitorId monitor, Duration period) {
        long hash = Digests.first8Bytes(ByteBuffer.allocate(16)
                .putLong(monitor.value().getMostSignificantBits())
                .putLong(monitor.value().getLeastSignificantBits())
                .array());
        return Duration.ofMillis(Math.floorMod(hash, period.toMillis()));
    }
}
