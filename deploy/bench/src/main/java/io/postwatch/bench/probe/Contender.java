package io.postwatch.bench.probe;

import java.io.IOException;

/** A prober that is measured. Called by one thread. */
interface Contender extends AutoCloseable {

    String name();

    /**
     * Probes a server so many times, at most so many at once, and waits for all.
     *
     * @throws IOException also where a probe did not succeed: what fails early costs less
     */
    Outcome probe(Case what, Endpoint where, int runs, int concurrency) throws IOException;

    @Override
    void close();

    /** Where a server listens. */
    record Endpoint(String host, int port) {}

    /**
     * What that took.
     *
     * @param nanos on the wall
     * @param cpuMillis of user and system time
     * @param allocatedBytes on the heap; -1 where that can't be told
     */
    record Outcome(int runs, long nanos, double cpuMillis, long allocatedBytes) {}
}
