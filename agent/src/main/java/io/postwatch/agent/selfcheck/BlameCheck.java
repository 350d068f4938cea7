package io.postwatch.agent.selfcheck;

import io.postwatch.agent.probe.NetworkFindings;
import io.postwatch.agent.probe.Probe;
import io.postwatch.agent.probe.ProbeRequest;
import io.postwatch.agent.probe.ProbeResult;
import io.postwatch.agent.probe.Status;
import io.postwatch.agent.probe.bounds.ServerText;
import io.postwatch.agent.probe.failure.Failure;
import io.postwatch.agent.probe.failure.FailureCategory;
import io.postwatch.agent.probe.failure.FailureCode;
import io.postwatch.agent.probe.time.Deadline;

/**
 * A prober that blames no server for a way out that is blocked: where no connection stood and this agent gets nowhere through
 * that port, the result says so. Called by many runs at once.
 */
public final class BlameCheck implements Probe {

    private final Probe probe;
    private final Egress egress;

    public BlameCheck(Probe probe, Egress egress) {
        this.probe = probe;
        this.egress = egress;
    }

    @Override
    public ProbeResult run(ProbeRequest request, Deadline deadline) {
        ProbeResult result = probe.run(request, deadline);
        NetworkFindings network = result.network();
        if (network == null) {
            return result;
        }
        egress.attempted(network.port(), network.attempts());
        Failure failure = result.failure();
        if (failure == null
                || failure.code().category() != FailureCategory.CONNECT
                || network.remoteAddress() != null) {
            return result;
        }
        String why = egress.blockedBecause(network.port(), network.attempts());
        return why == null ? result : withoutBlame(result, failure, network.port(), why);
    }

    private static ProbeResult withoutBlame(ProbeResult result, Failure failure, int port, String why) {
        String message = "Port " + port + " is blocked for this agent: " + why + ". " + failure.message();
        return result.judged(
                Status.NO_DATA,
                new Failure(
                        FailureCode.NO_EGRESS, failure.phase(), ServerText.clean(message, Failure.MAX_MESSAGE), ""));
    }
}
