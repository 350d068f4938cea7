package io.postwatch.agent.link;

import io.postwatch.agent.probe.Status;
import io.postwatch.agent.schedule.FinishedRun;
import io.postwatch.agent.schedule.RunRecorder;
import io.postwatch.agent.spool.RunRow;
import io.postwatch.agent.spool.Spool;

/** Stores finished runs in the spool, then wakes the session. Called on the threads of the runs. */
public final class SpoolRecorder implements RunRecorder {

    private final Spool spool;
    private final Runnable afterwards;

    public SpoolRecorder(Spool spool, Runnable afterwards) {
        this.spool = spool;
        this.afterwards = afterwards;
    }

    @Override
    public void record(FinishedRun run) {
        spool.store(new RunRow(
                run.scheduledAt(),
                run.result().status() == Status.OK,
                ResultMapping.run(run).toByteArray(),
                ResultMapping.certificates(run.result())));
        afterwards.run();
    }
}
