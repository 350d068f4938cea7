package io.postwatch.agent.schedule;

import io.postwatch.agent.probe.Target;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Comparator;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.Set;
import java.util.TreeSet;

/**
 * Runs that wait to begin, in one line for each server. Between the starts of two runs against one server there is some
 * time; only a run that begins takes it, so however many wait or are given up, the server goes on at its rate, and those
 * against other servers pass. Used by one thread at a time.
 */
final class WaitingRuns {

    /** More servers than this are looked through for those that nobody waits for. */
    private static final int TIDY_AT = 1_000;

    private record Server(String host, int port) {

        static Server of(ActiveRun run) {
            Target target = run.assignment().check().target();
            return new Server(target.host().text(), target.port());
        }
    }

    /** The runs against one server, the oldest first. It has its place among the lines while a run waits in it. */
    private static final class Line {

        private final long number;
        private final Queue<ActiveRun> runs = new ArrayDeque<>();
        private boolean used;
        private long freeAtNanos;

        Line(long number) {
            this.number = number;
        }

        boolean isFree(long nowNanos) {
            return !used || freeAtNanos - nowNanos <= 0;
        }

        /** When its first run may begin, at the earliest when that came. */
        long beginsAtNanos() {
            long came = runs.element().queuedNanos();
            return isFree(came) ? came : freeAtNanos;
        }
    }

    private final long spacingNanos;
    private final Map<Server, Line> lines = new HashMap<>();

    /** Those in which runs wait, in the order in which their first ones may begin. */
    private final TreeSet<Line> inOrder =
            new TreeSet<>(Comparator.comparingLong(Line::beginsAtNanos).thenComparingLong(line -> line.number));

    /** All that wait, the oldest first. */
    private final Set<ActiveRun> byAge = new LinkedHashSet<>();

    private long lastNumber;

    WaitingRuns(Duration spacing) {
        this.spacingNanos = spacing.toNanos();
    }

    /** The run waits behind the others against its server. */
    void add(ActiveRun run) {
        tidy(run.queuedNanos());
        byAge.add(run);
        Line line = lines.computeIfAbsent(Server.of(run), server -> new Line(++lastNumber));
        line.runs.add(run);
        if (line.runs.size() == 1) {
            inOrder.add(line);
        }
    }

    /** Takes the oldest where it has waited for longer than it may. */
    Optional<ActiveRun> takeGivenUp(long nowNanos) {
        Iterator<ActiveRun> oldest = byAge.iterator();
        if (!oldest.hasNext()) {
            return Optional.empty();
        }
        ActiveRun run = oldest.next();
        if (!run.isGivenUp(nowNanos)) {
            return Optional.empty();
        }
        Line line = lines.get(Server.of(run));
        if (line == null) {
            throw new IllegalStateException("a run waits in no line");
        }
        // The oldest of all is the first of its line.
        takeFirst(line);
        lineUp(line);
        return Optional.of(run);
    }

    /** Takes the run that may begin, and with it its server's turn. */
    Optional<ActiveRun> takeReady(long nowNanos) {
        if (beginsIn(nowNanos) > 0) {
            return Optional.empty();
        }
        Line line = inOrder.first();
        ActiveRun run = takeFirst(line);
        line.used = true;
        line.freeAtNanos = nowNanos + spacingNanos;
        lineUp(line);
        return Optional.of(run);
    }

    /** Nanoseconds until a run may begin; {@link Long#MAX_VALUE} where none waits. */
    long beginsIn(long nowNanos) {
        return inOrder.isEmpty() ? Long.MAX_VALUE : inOrder.first().beginsAtNanos() - nowNanos;
    }

    /** Takes all, the oldest first. */
    List<ActiveRun> takeAll() {
        List<ActiveRun> all = List.copyOf(byAge);
        byAge.clear();
        inOrder.clear();
        lines.values().forEach(line -> line.runs.clear());
        return all;
    }

    /** The line leaves its place, which depends on its first run, until it is lined up again. */
    private ActiveRun takeFirst(Line line) {
        inOrder.remove(line);
        ActiveRun run = line.runs.remove();
        byAge.remove(run);
        return run;
    }

    private void lineUp(Line line) {
        if (!line.runs.isEmpty()) {
            inOrder.add(line);
        }
    }

    private void tidy(long nowNanos) {
        if (lines.size() > TIDY_AT) {
            lines.values().removeIf(line -> line.runs.isEmpty() && line.isFree(nowNanos));
        }
    }
}
