package io.postwatch.agent.probe.time;

import java.time.InstantSource;

/** The controller's time, and whether anybody should rely on it. */
@FunctionalInterface
public interface ControllerTime extends InstantSource {

    /** Whether it is a guess, by which nothing may be thrown away. A time that says nothing about it is known. */
    default boolean isSuspect() {
        return false;
    }

    /**
     * Whether a controller said so since this process began, and nothing has left it open since. What is deleted by age is
     * gone for good: it is deleted by no other time.
     */
    default boolean isConfirmed() {
        return !isSuspect();
    }
}
