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
    private final PriorityQueue<Due> due = new PriorityQueue<>(Comparator.comparing(Due::at));

    /** The latest moment that was ever taken for now: no series begins with an earlier one, which may have had its run. */
    private Instant latest;

    /**
     * Begins with nothing to do.
     *
     * @param latest the latest moment that was ever taken for now, also before the agent's start
     */
    Timetable(Instant latest) {
        this.latest = latest;
    }

    /** What is to run from now on. A series whose grid is unchanged goes on with its next number. */
    void assign(DesiredState state, Instant now) {
        restartWhereSetBack(now);
        Map<SeriesId, Series> next = new TreeMap<>();
        for (Assignment assignment : state.assignments()) {
            Grid grid = new Grid(assignment.period(), assignment.anchor());
            Series before = series.get(assignment.series());
            Turn turn =
                    before != null && before.turn().grid().equals(grid) ? before.turn() : Turn.beginning(grid, latest);
            next.put(assignment.series(), new Series(assignment, turn));
        }
        series.clear();
        series.putAll(next);
        lineUp();
    }

    /**
     * A clock that was far ahead has counted numbers that nobody wants, and a series that waited for the next of them would
     * be silent until then. Where time goes back a little, each number has its result already.
     */
    private void restartWhereSetBack(Instant now) {
        if (ControllerClock.isSetBack(latest, now)) {
            restart(now);
        } else if (now.isAfter(latest)) {
            latest = now;
        }
    }

    /**
     * A time that was a guess is known. Where it was far from right, nobody waited for the numbers that lie between. Where
     * it was nearly right the grids go on as they are.
     */
    void timeIsKnown(Instant now) {
        if (Duration.between(latest, now).abs().compareTo(ControllerClock.SET_BACK) > 0) {
            restart(now);
        }
    }

    /** Every grid begins anew, as at this moment. */
    private void restart(Instant now) {
        latest = now;
        series.replaceAll((id, one) ->
                new Series(one.assignment(), Turn.beginning(one.turn().grid(), now)));
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
        restartWhereSetBack(now);
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
