package io.postwatch.agent.probe.time;

import java.time.InstantSource;

/** The controller's time, and whether anybody should rely on it. */
@FunctionalInterface
public interface ControllerTime extends InstantSource {

    /** Whether it is a guess, by which nothing may be thrown away. A time that says nothing about it is known. */
    default boolean isSuspect() {
        return false;
    }
}
