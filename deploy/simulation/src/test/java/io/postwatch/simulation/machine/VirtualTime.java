package io.postwatch.simulation.machine;

import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.PriorityQueue;

/** Time that passes from event to event. Events of one moment happen in the order in which they were planned. */
public final class VirtualTime {

    private static final Instant BEGINNING = Instant.parse("2026-11-22T12:00:00Z");

    private record Event(long at, long order, Runnable work) {}

    private final PriorityQueue<Event> events =
            new PriorityQueue<>(Comparator.comparingLong(Event::at).thenComparingLong(Event::order));
    private long now;
    private long planned;

    /** Since the beginning. */
    public long nanos() {
        return now;
    }

    /** The time that every right clock shows. */
    public Instant instant() {
        return at(now);
    }

    /** What every right clock showed then. */
    public static Instant at(long nanos) {
        return BEGINNING.plusNanos(nanos);
    }

    public void after(Duration wait, Runnable work) {
        events.add(new Event(now + Math.max(0, wait.toNanos()), planned++, work));
    }

    /** Lets everything happen that is planned within this time. */
    public void pass(Duration time) {
        long end = now + time.toNanos();
        while (!events.isEmpty() && events.peek().at() <= end) {
            Event next = events.remove();
            now = next.at();
            next.work().run();
        }
        now = end;
    }

    /** How many events are planned. */
    public int planned() {
        return events.size();
    }
}
