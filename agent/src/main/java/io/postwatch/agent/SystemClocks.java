package io.postwatch.agent;

import io.postwatch.agent.probe.NanoTicker;
import java.time.Instant;
import java.time.InstantSource;

/** The one place that reads this host's clocks; everything else is given them. */
public final class SystemClocks {

    private SystemClocks() {}

    /** The host's wall clock. */
    public static InstantSource wallClock() {
        return Instant::now;
    }

    /** The host's monotonic clock. */
    public static NanoTicker ticker() {
        return System::nanoTime;
    }
}
