package io.postwatch.agent.schedule;

import io.postwatch.agent.assignment.Assignment;
import io.postwatch.agent.assignment.DesiredState;
import io.postwatch.agent.assignment.SeriesId;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.PriorityQueue;
import java.util.TreeMap;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Which series is due when, each on its own grid. Knows no clock and no threads: used by one thread at a time. */
final class Timetable {

    private static final Logger LOG = LoggerFactory.getLogger(Timetable.class);

    /** When a series is looked at again that could not be scheduled. */
    private static final Duration SCHEDULE_RETRY = Duration.ofSeconds(10);

    private record Series(Assignment assignment, Turn turn) {}

    private record Due(SeriesId series, Instant at) {}

    /**
     * A run whose moment on the grid has come.
     *
     * @param leftOut how many moments before it came and went while nobody looked
     */
    record DueRun(Assignment assignment, long runNumber, Instant scheduledAt, long leftOut) {}

    private final Map<SeriesId, Series> series = new HashMap<>();

    /** Of series that are not assigned any more: what they ran for moments that have yet to come. */
    private final Map<SeriesId, Turn> withdrawn = new HashMap<>();

    private final PriorityQueue<Due> due = new PriorityQueue<>(Comparator.comparing(Due::at));

    /**
     * The latest moment that was ever taken for now, unless it is so far ahead that what was run for it is refused: no series
     * begins with an earlier one, which may have had its run.
     */
    private Instant latest;

    /** The same of an earlier process. What this one took for now, when it did not know, has no runs of a series that begins. */
    private Instant before;

    private Instant lookedAt = Instant.MIN;
    private boolean isFirstAnswer = true;

    /** For what an earlier process took for now, and ran nothing for. */
    private boolean waitsInVain;

    /**
     * Begins with nothing to do.
     *
     * @param before the latest moment that was taken for now before the agent's start
     */
    Timetable(Instant before) {
        this.before = before;
        this.latest = before;
    }

    /** What is to run from now on. A series whose grid is unchanged goes on with its next number. */
    void assign(DesiredState state, Instant now) {
        follow(now);
        Map<SeriesId, Series> next = new TreeMap<>();
        for (Assignment assignment : state.assignments()) {
            Grid grid = new Grid(assignment.period(), assignment.anchor());
            next.put(assignment.series(), new Series(assignment, turn(assignment.series(), grid)));
        }
        series.forEach((id, one) -> withdrawn.put(id, one.turn()));
        withdrawn.keySet().removeAll(next.keySet());
        withdrawn.values().removeIf(turn -> !turn.isAheadOf(now));
        series.clear();
        series.putAll(next);
        lineUp();
    }

    private Turn turn(SeriesId id, Grid grid) {
        Series before = series.get(id);
        if (before != null && before.turn().grid().equals(grid)) {
            return before.turn();
        }
        Turn ended = before == null ? withdrawn.get(id) : before.turn();
        return ended == null ? Turn.beginning(grid, latest) : ended.anew(grid, latest);
    }

    private void follow(Instant now) {
        if (isBack(now)) {
            setBack(now, false);
        }
        lookedAt = now;
        // Nobody waits for what an earlier process took for now by a clock that was far ahead.
        latest = now.isAfter(latest) || ControllerClock.isSetBack(latest, now) ? now : latest;
    }

    private boolean isBack(Instant now) {
        return lookedAt.isAfter(now.plus(ControllerClock.LEAP));
    }

    /** Whether it matters, if a controller says that this is the time, how far an earlier process really ran. */
    boolean asksForEarlier(Instant now) {
        return isFirstAnswer || isBack(now);
    }

    /** How far an earlier process really ran, by the results that it left; told just before the time is known. */
    void earlierRan(Instant newest) {
        waitsInVain = newest.isBefore(before) && before.isAfter(lookedAt);
        latest = latest.equals(before) ? newest : latest;
        before = newest;
    }

    /**
     * A controller said that this is the time. Where what was taken for it was ahead, each series goes on from now and leaves
     * out what it really ran. Where the first answer finds it far behind, nobody waited for the numbers that lie between. What
     * a later one finds was slept through: those numbers are {@linkplain #takeDue left out} and counted like all that time jumps
     * over.
     *
     * @param wasSuspect whether the time before was a guess
     */
    void timeIsKnown(Instant now, boolean wasSuspect) {
        // What passed before the first answer, the process before may have run.
        boolean wasFarBehind = isFirstAnswer && wasSuspect && now.isAfter(lookedAt.plus(ControllerClock.LEAP));
        isFirstAnswer = false;
        if (isBack(now) || wasFarBehind || waitsInVain) {
            setBack(now, true);
        } else if (wasSuspect) {
            series.replaceAll(
                    (id, one) -> new Series(one.assignment(), one.turn().timeIsKnown(now, before)));
            withdrawn.replaceAll((id, turn) -> turn.timeIsKnown(now, before));
        }
        waitsInVain = false;
        follow(now);
    }

    private void setBack(Instant now, boolean known) {
        lookedAt = now;
        Instant other = known ? before : latest;
        latest = other.isBefore(now) || ControllerClock.isSetBack(other, now) ? now : other;
        series.replaceAll((id, one) -> new Series(one.assignment(), one.turn().setBack(now, known, before)));
        withdrawn.replaceAll((id, turn) -> turn.setBack(now, known, before));
        lineUp();
    }

    private void lineUp() {
        due.clear();
        series.forEach((id, one) -> due.add(new Due(id, one.turn().dueAt())));
    }

    Optional<Assignment> assignment(SeriesId id) {
        return Optional.ofNullable(series.get(id)).map(Series::assignment);
    }

    /** The moment of the next run; empty where nothing is assigned. */
    Optional<Instant> nextDue() {
        return Optional.ofNullable(due.peek()).map(Due::at);
    }

    /** Takes every run that is due. A series that fails at it is tried again later and holds up no other. */
    void takeDue(Instant now, Consumer<DueRun> each) {
        follow(now);
        while (!due.isEmpty() && !now.isBefore(due.peek().at())) {
            SeriesId id = due.remove().series();
            try {
                takeDue(id, now, each);
            } catch (RuntimeException bug) {
                LOG.error("Series {} could not be scheduled; it is tried again", id, bug);
                due.add(new Due(id, now.plus(SCHEDULE_RETRY)));
            }
        }
    }

    private void takeDue(SeriesId id, Instant now, Consumer<DueRun> each) {
        Series one = series.get(id);
        if (one == null || !one.turn().isDue(now)) {
            return;
        }
        Turn.Taken taken = one.turn().take(now);
        series.put(id, new Series(one.assignment(), taken.rest()));
        due.add(new Due(id, taken.rest().dueAt()));
        each.accept(new DueRun(one.assignment(), taken.runNumber(), taken.scheduledAt(), taken.leftOut()));
    }
}
