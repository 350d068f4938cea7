package io.postwatch.agent.schedule;

/** Where the work of runs goes on, beside the loop that begins them. */
@FunctionalInterface
interface RunThreads {

    /** A virtual thread for each. */
    RunThreads VIRTUAL = (name, work) -> Thread.ofVirtual().name(name).start(work);

    /** Has the work done; never on the caller's stack, for the caller may hold a lock. */
    void start(String name, Runnable work);
}
