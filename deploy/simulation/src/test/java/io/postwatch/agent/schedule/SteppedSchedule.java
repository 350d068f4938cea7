package io.postwatch.agent.schedule;

import io.postwatch.agent.probe.time.NanoTicker;
import java.time.Duration;
import java.util.UUID;
import java.util.function.BiConsumer;
import java.util.function.Supplier;

/** The real schedule, whose loop is its caller's. */
public final class SteppedSchedule {

    private final Scheduler scheduler;

    /**
     * Begins with nothing to do.
     *
     * @param threads gets the name of what a thread would do, and the work itself; has it done later
     */
    public SteppedSchedule(
            CheckRunner checks,
            RunRecorder recorder,
            ControllerClock clock,
            NanoTicker ticker,
            ScheduleLimits limits,
            Supplier<UUID> ids,
            BiConsumer<String, Runnable> threads) {
        this.scheduler = new Scheduler(checks, recorder, clock, ticker, limits, ids, threads::accept);
    }

    public Scheduler scheduler() {
        return scheduler;
    }

    /** Does what is due; answers how long nothing more is. */
    public Duration look() {
        return scheduler.look();
    }
}
