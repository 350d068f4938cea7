package io.postwatch.agent.probe.time;

/** The monotonic clock: nanoseconds from an arbitrary origin, never going back, untouched by changes of wall time. */
@FunctionalInterface
public interface NanoTicker {

    long nanos();
}
