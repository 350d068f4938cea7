package io.postwatch.agent.schedule;

import java.time.Instant;

/**
 * Which run of a series comes next. Numbers never repeat and never go back; when time jumps ahead the numbers between
 * are left out, when it goes back the series waits until its next number is due again.
 *
 * @param next the lowest number that may still run
 */
public record Turn(Grid grid, long next) {

    /** A series that begins now: the moment that has already passed is left out, since another agent may have run it. */
    public static Turn beginning(Grid grid, Instant now) {
        return new Turn(grid, grid.runNumberAt(now) + 1);
    }

    /** When the next run is due. */
    public Instant dueAt() {
        return grid.dueAt(next);
    }

    public boolean isDue(Instant now) {
        return !now.isBefore(dueAt());
    }

    /**
     * A run that was taken.
     *
     * @param scheduledAt its moment on the grid
     * @param leftOut numbers before it that time jumped over
     * @param rest what comes after it
     */
    public record Taken(long runNumber, Instant scheduledAt, long leftOut, Turn rest) {}

    /** Takes the run that is due now. */
    public Taken take(Instant now) {
        if (!isDue(now)) {
            throw new IllegalStateException("run " + next + " is not due before " + dueAt());
        }
        long number = grid.runNumberAt(now);
        return new Taken(number, grid.dueAt(number), number - next, new Turn(grid, number + 1));
    }
}
