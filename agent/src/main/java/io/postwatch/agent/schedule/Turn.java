package io.postwatch.agent.schedule;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * Which run of a series comes next. Numbers never repeat; when time jumps ahead the numbers between are left out. A time
 * that was ahead and is {@linkplain #setBack corrected} gives those back; what was really taken stays taken.
 *
 * @param next the next number to run
 * @param since from here to the next number all were taken
 * @param taken what was taken before, in ascending order
 */
public record Turn(Grid grid, long next, long since, List<Stretch> taken) {

    /** More are not told from each other: the oldest ones become one, with what lies between them. */
    private static final int STRETCHES = 8;

    /** Numbers in a row that were taken, both ends included. Without a beginning: nobody knows which of them were. */
    public record Stretch(long from, long to) {

        static final long NO_BEGINNING = Long.MIN_VALUE;

        boolean hasBeginning() {
            return from != NO_BEGINNING;
        }
    }

    public Turn {
        taken = List.copyOf(taken);
    }

    Turn(Grid grid, long next) {
        this(grid, next, next, List.of(new Stretch(Stretch.NO_BEGINNING, next - 1)));
    }

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
        long takenBetween = 0;
        for (Stretch stretch : taken.reversed()) {
            if (stretch.to() >= number && stretch.from() <= number) {
                number = stretch.from() - 1;
            } else if (stretch.from() > next && stretch.to() < number) {
                takenBetween += stretch.to() - stretch.from() + 1;
            }
        }
        boolean jumped = number != next;
        List<Stretch> before = jumped ? allTaken() : taken;
        Turn rest = new Turn(grid, firstFree(number + 1, before), jumped ? number : since, before);
        return new Taken(number, grid.dueAt(number), number - next - takenBetween, rest);
    }

    /**
     * The same series, at a time that was taken for a later one.
     *
     * @param known whether a controller said so: what was taken for moments that lie too far ahead is refused then, has no
     *     result, and may run again
     * @param before the latest moment that an earlier process took for now
     */
    Turn setBack(Instant now, boolean known, Instant before) {
        List<Stretch> kept = kept(allTaken(), now, known, before);
        long first = grid.runNumberAt(now) + 1;
        return new Turn(grid, firstFree(first, kept), first, kept);
    }

    /** Whether something was taken, by a clock that was ahead, for a moment that has yet to come. */
    boolean isAheadOf(Instant now) {
        return allTaken().stream().anyMatch(stretch -> grid.dueAt(stretch.to()).isAfter(now));
    }

    /**
     * The same series begun anew, maybe on another grid. What it took for moments that have yet to come, by a clock that was
     * ahead, stays taken, with what lies between.
     */
    Turn anew(Grid other, Instant now) {
        long first = other.runNumberAt(now) + 1;
        List<Stretch> kept = new ArrayList<>();
        kept.add(new Stretch(Stretch.NO_BEGINNING, first - 1));
        for (Stretch stretch : allTaken()) {
            if (stretch.hasBeginning()) {
                long from = other.runNumberAt(grid.dueAt(stretch.from()).minusNanos(1)) + 1;
                long to = other.runNumberAt(grid.dueAt(stretch.to()));
                if (Math.max(from, first) <= to) {
                    kept.add(new Stretch(Math.max(from, first), to));
                }
            }
        }
        return new Turn(other, firstFree(first, kept), first, kept);
    }

    /** The same series once a controller said that this is the time: it leaves out no moments whose results are refused. */
    Turn timeIsKnown(Instant now, Instant before) {
        return new Turn(grid, next, since, kept(taken, now, true, before));
    }

    private List<Stretch> kept(List<Stretch> all, Instant now, boolean known, Instant before) {
        long refusedAfter = grid.runNumberAt(now.plus(ControllerClock.SET_BACK));
        List<Stretch> kept = new ArrayList<>();
        for (Stretch stretch : all) {
            if (!stretch.hasBeginning() && (known || stretch.to() > refusedAfter)) {
                // A clock that was wrong before this series began: what an earlier process can't have run, nobody has.
                long mayHaveRun = known && before.isAfter(now) && grid.runNumberAt(before) <= refusedAfter
                        ? grid.runNumberAt(before)
                        : grid.runNumberAt(now);
                kept.add(new Stretch(stretch.from(), Math.min(stretch.to(), mayHaveRun)));
            } else if (!known || stretch.from() <= refusedAfter) {
                kept.add(stretch);
            }
        }
        return kept;
    }

    private List<Stretch> allTaken() {
        if (since == next) {
            return taken;
        }
        List<Stretch> sorted = new ArrayList<>(taken);
        sorted.add(new Stretch(since, next - 1));
        sorted.sort(Comparator.comparingLong(Stretch::from));
        List<Stretch> all = new ArrayList<>();
        for (Stretch stretch : sorted) {
            boolean joins = !all.isEmpty()
                    && all.getLast().hasBeginning()
                    && all.getLast().to() >= stretch.from() - 1;
            if (joins) {
                Stretch last = all.removeLast();
                all.add(new Stretch(last.from(), Math.max(last.to(), stretch.to())));
            } else {
                all.add(stretch);
            }
        }
        while (all.size() > STRETCHES) {
            // What was before the beginning is never joined by what was really taken.
            int oldest = all.getFirst().hasBeginning() ? 0 : 1;
            Stretch first = all.remove(oldest);
            all.set(oldest, new Stretch(first.from(), all.get(oldest).to()));
        }
        return all;
    }

    private static long firstFree(long from, List<Stretch> taken) {
        long free = from;
        for (Stretch stretch : taken) {
            if (stretch.from() <= free && free <= stretch.to()) {
                free = stretch.to() + 1;
            }
        }
        return free;
    }
}
