package io.postwatch.agent.probe;

import io.postwatch.agent.probe.time.Deadline;

/**
 * Runs one check: a function of its request and the network, without schedule, state or alerting.
 *
 * <p>Called on a virtual thread of the caller's; several runs go on at once. It never throws for anything a server or
 * the network does: whatever happens becomes the one result of the run.
 */
@FunctionalInterface
public interface Probe {

    /**
     * Runs the check until it is done or the deadline passes, and says good-bye to the server where there is time.
     *
     * @param request what to do
     * @param deadline the absolute end of the run; the caller starts it, usually with {@link ProbeRequest#timeout()},
     *     and closes it afterwards
     */
    ProbeResult run(ProbeRequest request, Deadline deadline);
}
