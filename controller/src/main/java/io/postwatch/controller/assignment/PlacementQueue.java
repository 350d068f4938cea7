package io.postwatch.controller.assignment;

import io.postwatch.controller.shared.id.LocationId;
import io.postwatch.controller.shared.id.MonitorId;
import io.postwatch.controller.shared.id.TenantId;
import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.PriorityQueue;
import java.util.SequencedSet;
import java.util.Set;

/**
 * What has to be placed: each once, however often it was marked meanwhile, in the order in which it was. What failed
 * comes again after a while that grows with each failure in a row. What is only looked at for safety gives way to all
 * that changed. Time is monotonic; not safe for threads.
 */
final class PlacementQueue {
    static final Duration FIRST_RETRY = Duration.ofSeconds(1);
    static final Duration LONGEST_RETRY = Duration.ofSeconds(30);
    /** By then the longest is reached. */
    private static final int MAX_DOUBLINGS = 5;

    /** What is placed as a whole: one failure of it undoes all of it and nothing else. */
    sealed interface Work {
        /** All monitors at a location. */
        record AtLocation(TenantId owner, LocationId location) implements Work {}

        /** One monitor at all its locations. */
        record OfMonitor(TenantId tenant, MonitorId monitor) implements Work {}
    }

    /** How often in a row it failed, and from when on it may be tried again. */
    private record Failure(Work work, int times, long dueNanos) {}

    private final SequencedSet<Work> changed = new LinkedHashSet<>();
    private final SequencedSet<Work> forgotten = new LinkedHashSet<>();
    private final Set<Work> running = new HashSet<>();
    private final Set<Work> changedWhileRunning = new HashSet<>();
    private final Map<Work, Failure> failures = new HashMap<>();
    /** Those that wait; one that is not the last known failure of its work counts for nothing. */
    private final PriorityQueue<Failure> waiting =
            new PriorityQueue<>((one, other) -> Long.compare(one.dueNanos() - other.dueNanos(), 0));

    /** It has changed. Where it failed before, a change is worth a try soon. */
    void mark(Work work, long now) {
        if (running.contains(work)) {
            changedWhileRunning.add(work);
            return;
        }
        Failure failure = failures.get(work);
        if (failure == null || changed.contains(work)) {
            forgotten.remove(work);
            changed.add(work);
            return;
        }
        long soon = now + FIRST_RETRY.toNanos();
        if (failure.dueNanos() - soon > 0) {
            await(new Failure(work, failure.times(), soon));
        }
    }

    /** To be looked at when nothing else is to be done: a change of it may have been missed. */
    void look(Collection<? extends Work> all) {
        for (Work work : all) {
            if (!running.contains(work) && !changed.contains(work) && !failures.containsKey(work)) {
                forgotten.add(work);
            }
        }
    }

    /** What is next, if anything is. Nobody else gets it before it is {@link #done} or has {@link #failed}. */
    Optional<Work> take(long now) {
        while (!waiting.isEmpty() && waiting.peek().dueNanos() - now <= 0) {
            Failure due = waiting.remove();
            if (due.equals(failures.get(due.work())) && !running.contains(due.work())) {
                changed.add(due.work());
            }
        }
        return takeMarked().or(() -> takeFrom(forgotten));
    }

    /** What is next of what has changed; what failed, and what is only looked at for safety, stays. */
    Optional<Work> takeMarked() {
        return takeFrom(changed);
    }

    private Optional<Work> takeFrom(SequencedSet<Work> source) {
        if (source.isEmpty()) {
            return Optional.empty();
        }
        Work next = source.removeFirst();
        running.add(next);
        return Optional.of(next);
    }

    /** How long until a failure may be tried again, where one waits; nothing else comes by itself. */
    OptionalLong nanosUntilRetry(long now) {
        return waiting.isEmpty()
                ? OptionalLong.empty()
                : OptionalLong.of(Math.max(0, waiting.peek().dueNanos() - now));
    }

    void done(Work work) {
        running.remove(work);
        failures.remove(work);
        if (changedWhileRunning.remove(work)) {
            changed.add(work);
        }
    }

    /** Answers after what time it is tried again. */
    Duration failed(Work work, long now) {
        running.remove(work);
        Failure before = failures.get(work);
        int times = before == null ? 1 : before.times() + 1;
        boolean soon = changedWhileRunning.remove(work);
        Duration delay = soon ? FIRST_RETRY : delay(times);
        await(new Failure(work, times, now + delay.toNanos()));
        return delay;
    }

    private void await(Failure failure) {
        failures.put(failure.work(), failure);
        waiting.add(failure);
    }

    private static Duration delay(int times) {
        Duration doubled = FIRST_RETRY.multipliedBy(1L << Math.min(times - 1, MAX_DOUBLINGS));
        return doubled.compareTo(LONGEST_RETRY) < 0 ? doubled : LONGEST_RETRY;
    }
}
