package io.postwatch.bench.process;

import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

/** Waits for what another process does, looking again and again. */
public final class Patience {

    private static final int LOOK_MILLIS = 50;

    private Patience() {}

    /** What is waited for. */
    public interface Condition {
        boolean holds() throws IOException;
    }

    /** Returns when the condition holds; fails, naming what was waited for, where that takes longer. */
    public static void await(String what, Duration atMost, Condition condition) throws IOException {
        long end = System.nanoTime() + atMost.toNanos();
        while (!condition.holds()) {
            if (System.nanoTime() - end > 0) {
                throw new IOException("waited in vain for " + atMost.toSeconds() + " s: " + what);
            }
            pause(Duration.ofMillis(LOOK_MILLIS));
        }
    }

    public static void pause(Duration time) throws IOException {
        try {
            TimeUnit.NANOSECONDS.sleep(time.toNanos());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException(e);
        }
    }
}
