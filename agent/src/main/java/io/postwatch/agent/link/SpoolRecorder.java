package io.postwatch.agent.link;

import io.postwatch.agent.assignment.SeriesId;
import io.postwatch.agent.link.mapping.ResultMapping;
import io.postwatch.agent.probe.Status;
import io.postwatch.agent.schedule.FinishedRun;
import io.postwatch.agent.schedule.RunRecorder;
import io.postwatch.agent.spool.ResultSpool;
import io.postwatch.agent.spool.RunRow;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Stores finished runs in the spool, then wakes the session. Called on the threads of the runs.
 *
 * <p>What was said is kept where somebody will want to read it: with failures, with runs that were asked for, and with the
 * first good run after another status. The transcripts of all the other good runs would be most of what is stored.
 */
public final class SpoolRecorder implements RunRecorder {

    /** Series whose status is remembered; one that is forgotten keeps one transcript more. */
    private static final int REMEMBERED = 50_000;

    private final ResultSpool spool;
    private final Runnable afterwards;
    private final Map<SeriesId, Status> statuses = Collections.synchronizedMap(new LastStatuses());

    public SpoolRecorder(ResultSpool spool, Runnable afterwards) {
        this.spool = spool;
        this.afterwards = afterwards;
    }

    @Override
    public void record(FinishedRun run) {
        Status status = run.result().status();
        Status before = statuses.put(run.series(), status);
        boolean uneventful = status == Status.OK && before == Status.OK && !run.triggered();
        FinishedRun kept = uneventful ? run.with(run.result().withoutTranscript()) : run;
        spool.store(new RunRow(
                kept.scheduledAt(),
                status == Status.OK,
                ResultMapping.run(kept).toByteArray(),
                ResultMapping.certificates(kept.result())));
        afterwards.run();
    }

    private static final class LastStatuses extends LinkedHashMap<SeriesId, Status> {

        private static final long serialVersionUID = 1;

        LastStatuses() {
            super(16, 0.75f, true);
        }

        @Override
        protected boolean removeEldestEntry(Map.Entry<SeriesId, Status> eldest) {
            return size() > REMEMBERED;
        }
    }
}
