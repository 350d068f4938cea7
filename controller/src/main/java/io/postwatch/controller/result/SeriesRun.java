package io.postwatch.controller.result;

import io.postwatch.controller.run.RunRecord;
import io.postwatch.controller.shared.FailureCategory;
import io.postwatch.controller.shared.id.AgentId;
import io.postwatch.controller.shared.id.SeriesId;
import io.postwatch.controller.shared.id.TenantId;

/** A run of a series, with whose it is and which agent made it. */
public record SeriesRun(TenantId tenant, SeriesId series, AgentId agent, RunRecord run) {
    public SeriesRun {
        if (!series.equals(run.series())) {
            throw new IllegalArgumentException("The run is of series " + run.series() + ", not " + series);
        }
    }

    public RunKey key() {
        return new RunKey(tenant, series, run.scheduledAt());
    }

    /** Whether the run learned something about its target, or at least was denied by policy: not a fault of the agent. */
    public boolean measured() {
        return run.failure() == null || run.failure().code().category() != FailureCategory.AGENT;
    }

    /** Whether it takes the place of the other, which came first: it measured something, or else it is dated rightly. */
    boolean isBetterThan(SeriesRun first) {
        return measured() == first.measured() ? first.run().clockSuspect() && !run.clockSuspect() : measured();
    }
}
