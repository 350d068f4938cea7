package io.postwatch.agent;

import io.postwatch.agent.probe.time.NanoTicker;
import java.time.Clock;
import java.time.Duration;
import java.time.InstantSource;

/** The one place that reads the clocks of this machine or sleeps; everything else is given one. */
public final class SystemClocks {

    private SystemClocks() {}

    /** Wall time, as this machine believes it. */
    public static InstantSource wall() {
        return Clock.systemUTC();
    }

    /** Monotonic time. */
    public static NanoTicker monotonic() {
        return System::nanoTime;
    }

    /** Keeps the calling thread waiting. */
    static void pause(Duration time) throws InterruptedException {
        Thread.sleep(time);
    }
}
