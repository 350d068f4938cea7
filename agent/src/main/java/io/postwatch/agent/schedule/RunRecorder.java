package io.postwatch.agent.schedule;

/** Where finished runs go. Called on the thread of the run; returns when the result is safe. */
@FunctionalInterface
public interface RunRecorder {

    void record(FinishedRun run);
}
