package io.postwatch.simulation.machine;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Queue;

/**
 * One life of a program: work that is planned in it is done later where it is paused, and never once it is dead. A program
 * that starts again is another process.
 */
public final class SimulatedProcess {

    private final VirtualTime time;
    private final Runnable whenCrashed;
    private final Queue<Runnable> stopped = new ArrayDeque<>();
    private boolean alive = true;
    private boolean paused;

    /**
     * Begins to live.
     *
     * @param whenCrashed what the rest of the world notices of a crash from within
     */
    public SimulatedProcess(VirtualTime time, Runnable whenCrashed) {
        this.time = time;
        this.whenCrashed = whenCrashed;
    }

    public boolean isAlive() {
        return alive;
    }

    public boolean isPaused() {
        return paused;
    }

    public void after(Duration wait, Runnable work) {
        time.after(wait, () -> run(work));
    }

    /** Again and again, with this time between. */
    public void every(Duration period, Runnable work) {
        after(period, () -> {
            work.run();
            every(period, work);
        });
    }

    /** What reaches the process from outside: now, or once it goes on. */
    public void run(Runnable work) {
        if (!alive) {
            return;
        }
        if (paused) {
            stopped.add(work);
            return;
        }
        try {
            work.run();
        } catch (Crash crash) {
            if (alive) {
                end();
                whenCrashed.run();
            }
        }
    }

    public void pause() {
        paused = true;
    }

    public void goOn() {
        paused = false;
        while (alive && !paused && !stopped.isEmpty()) {
            run(stopped.remove());
        }
    }

    /** Ends here and now, whatever catches errors further up. */
    public Crash crash(String where) {
        if (alive) {
            end();
            whenCrashed.run();
        }
        return new Crash(where);
    }

    public void end() {
        alive = false;
        stopped.clear();
    }
}
