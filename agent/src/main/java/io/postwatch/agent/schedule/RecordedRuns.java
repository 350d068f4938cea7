package io.postwatch.agent.schedule;

import io.postwatch.agent.assignment.Check;
import io.postwatch.agent.login.LoginTurn;
import io.postwatch.agent.probe.ProbeResult;
import io.postwatch.agent.probe.failure.FailureCode;
import io.postwatch.agent.probe.time.Deadline;
import io.postwatch.agent.probe.time.NanoTicker;
import java.time.Instant;

/**
 * Takes runs to their one result and has it recorded. Blocks its caller for as long as the run and the recording take; may
 * be called by several threads.
 */
final class RecordedRuns {

    private final CheckRunner checks;
    private final RunRecorder recorder;
    private final ControllerClock clock;
    private final NanoTicker ticker;

    RecordedRuns(CheckRunner checks, RunRecorder recorder, ControllerClock clock, NanoTicker ticker) {
        this.checks = checks;
        this.recorder = recorder;
        this.clock = clock;
        this.ticker = ticker;
    }

    /** Runs the check; its result counts unless somebody gave the run up meanwhile. */
    void perform(ActiveRun run) {
        ProbeResult result;
        Check check = run.assignment().check();
        LoginTurn turn = checks.awaitTurn(run);
        Instant startedAt = clock.instant();
        try (Deadline deadline = Deadline.after(turn.within(check.timeout(), ticker.nanos()), ticker)) {
            run.runningOn(Thread.currentThread(), deadline);
            result = checks.run(check, run.assignment().secret(), turn, run.runNumber(), deadline, run.runId());
        }
        if (run.claimResult()) {
            recorder.record(run.finished(startedAt, result));
        }
    }

    /** Records why there is no result, unless there is one. */
    void giveUp(ActiveRun run, FailureCode code, String message) {
        if (run.claimResult()) {
            recorder.record(run.finished(clock.instant(), ProbeResult.notRun(code, message)));
        }
    }
}
