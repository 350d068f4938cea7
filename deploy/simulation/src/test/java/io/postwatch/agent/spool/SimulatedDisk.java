package io.postwatch.agent.spool;

/** What a disk does to a spool that lives in memory. */
public interface SimulatedDisk {

    /** A disk that is never full and never fails. */
    SimulatedDisk SOUND = new SimulatedDisk() {};

    /** Whether it takes nothing at the moment. */
    default boolean isFull() {
        return false;
    }

    /** Something is about to be written; the process may end here. */
    default void beforeCommit() {}

    /** It is written; the process may end here. */
    default void afterCommit() {}
}
