package io.postwatch.controller.shared;

/** Measures durations: nanoseconds since some fixed moment, never going back. Says nothing about the time of day. */
@FunctionalInterface
public interface NanoTicker {
    long nanos();

    /** The JVM's own. */
    static NanoTicker system() {
        return System::nanoTime;
    }
}
