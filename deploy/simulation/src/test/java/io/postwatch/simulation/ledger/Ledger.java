package io.postwatch.simulation.ledger;

import io.postwatch.simulation.machine.VirtualTime;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** Each result by the id of its run, and each gap by its number. */
public final class Ledger {

    /** Acked records surely stay this long in the spool: ten minutes, less the time between two looks at them. */
    private static final Duration SURELY_KEPT = Duration.ofSeconds(10 * 60 - 45);

    /** Results that lie further ahead are refused; where they come late they are taken for right. */
    private static final Duration REFUSED_AHEAD = Duration.ofMinutes(5);

    /** A result that an agent recorded. */
    public record Row(
            String agent,
            UUID run,
            long series,
            Instant scheduledAt,
            boolean measured,
            boolean triggered,
            boolean clockSuspect,
            long recordedNanos) {

        @Override
        public String toString() {
            return "series " + series + " at " + scheduledAt + " by " + agent + " (run "
                    + run.toString().substring(0, 8) + ", recorded " + VirtualTime.at(recordedNanos)
                    + (clockSuspect ? ", clock suspect)" : ")");
        }
    }

    /** A record by its number. */
    public record Place(UUID spool, String lane, long sequence) {}

    private final VirtualTime time;
    private final Map<UUID, Row> recorded = new LinkedHashMap<>();
    /** In the order in which they were committed first. */
    private final Map<UUID, Long> stored = new LinkedHashMap<>();

    private final Map<UUID, String> rejected = new HashMap<>();
    private final Map<UUID, Long> ackedNanos = new HashMap<>();
    private final Map<String, Map<Place, Long>> gaps = new HashMap<>();
    private final Map<String, Map<Long, Long>> skipped = new HashMap<>();
    private final Set<UUID> excused = new HashSet<>();
    private final Set<String> copied = new HashSet<>();
    private @Nullable BrokenPromise first;

    public Ledger(VirtualTime time) {
        this.time = time;
    }

    /** To be thrown; noted besides, so that no program that goes on after errors hides it. */
    public BrokenPromise broken(String what) {
        BrokenPromise broken = new BrokenPromise(what);
        if (first == null) {
            first = broken;
        }
        return broken;
    }

    /** Throws what was broken first, if anything. */
    public void check() {
        BrokenPromise broken = first;
        if (broken != null) {
            throw broken;
        }
    }

    /** The agent has it durably, or has promised to tell it as lost. */
    public void recorded(Row row) {
        if (recorded.put(row.run(), row) != null) {
            throw broken("One run has two results: " + row);
        }
    }

    /** A transaction that holds it, or one with its key, is committed. */
    public void stored(UUID run) {
        stored.putIfAbsent(run, time.nanos());
    }

    /**
     * A result was dropped in favour of one with its key: of two measurements by one agent one is lost then. What a suspect
     * clock dated may give way to what was dated rightly, and to another guess of a moment that was far ahead.
     */
    public void dropped(UUID run, UUID inFavourOf) {
        Row row = recorded.get(run);
        Row other = recorded.get(inFavourOf);
        if (row != null
                && other != null
                && row.agent().equals(other.agent())
                && row.measured()
                && other.measured()
                && !mayGiveWay(row, other)
                && !row.triggered()
                && !other.triggered()) {
            throw broken("Of two runs with one key one is lost: " + row + " and " + other);
        }
    }

    private static boolean mayGiveWay(Row row, Row other) {
        return row.clockSuspect() && (!other.clockSuspect() || isOfAClockAhead(row) || isOfAClockAhead(other));
    }

    private static boolean isOfAClockAhead(Row row) {
        return row.scheduledAt().isAfter(VirtualTime.at(row.recordedNanos()).plus(REFUSED_AHEAD));
    }

    public void rejected(UUID run, String reason) {
        rejected.put(run, reason);
    }

    /** A transaction that holds the gap is committed. */
    public void gapTold(String agent, Place place, long count) {
        Long before = gaps.computeIfAbsent(agent, a -> new HashMap<>()).put(place, count);
        if (before != null && before != count && !copied.contains(agent)) {
            throw broken(agent + " tells another gap at " + place + " than before");
        }
    }

    /** Two processes have this agent's identity and its spool's numbering: each may give a number to a gap of its own. */
    public void copied(String agent) {
        copied.add(agent);
    }

    /** The agent takes it for stored. */
    public void acked(UUID run) {
        if (!stored.containsKey(run) && !rejected.containsKey(run)) {
            Row row = recorded.get(run);
            throw broken("Acked but never stored: " + (row == null ? "run " + run : row));
        }
        ackedNanos.put(run, time.nanos());
    }

    /** The agent's spool went back to an older copy: what was recorded since is nobody's fault. */
    public void lostWithDisk(String agent, long sinceNanos) {
        recorded.values().stream()
                .filter(row -> row.agent().equals(agent) && row.recordedNanos() >= sinceNanos)
                .forEach(row -> excused.add(row.run()));
    }

    /**
     * An agent was welcomed and told how far it is stored: what the database has lost and the agent had to keep must come
     * again from now on. What was acked too long ago may be gone, and anything where the agent's clock was set meanwhile.
     */
    public void welcomed(String agent, boolean knewTheTime, Predicate<Row> inDatabase) {
        long kept = knewTheTime ? SURELY_KEPT.toNanos() : 0;
        for (Row row : recorded.values()) {
            Long acked = ackedNanos.get(row.run());
            if (acked != null && row.agent().equals(agent) && time.nanos() - acked > kept && !inDatabase.test(row)) {
                excused.add(row.run());
            }
        }
    }

    public @Nullable Row row(UUID run) {
        return recorded.get(run);
    }

    /** A controller was told how many runs an agent skipped since this session of its began. */
    public void skipped(String agent, long epoch, long runs) {
        skipped.computeIfAbsent(agent, a -> new HashMap<>()).put(epoch, runs);
    }

    /** How many runs the agent told as skipped. */
    public long toldAsSkipped(String agent) {
        return skipped.getOrDefault(agent, Map.of()).values().stream()
                .mapToLong(Long::longValue)
                .sum();
    }

    /** What was recorded from a moment on, in the order in which it was stored. */
    public List<Row> storedInOrder(long fromNanos) {
        return stored.keySet().stream()
                .map(recorded::get)
                .filter(row -> row != null && row.recordedNanos() >= fromNanos)
                .toList();
    }

    /** How many results are stored. */
    public int storedSize() {
        return stored.size();
    }

    public int size() {
        return recorded.size();
    }

    /** What was stored once, is there no more, and should have come again. */
    public List<Row> lostAgain(Predicate<Row> inDatabase) {
        return recorded.values().stream()
                .filter(row -> stored.containsKey(row.run()) && !excused.contains(row.run()))
                // A series that was made since the copy is not known any more.
                .filter(row -> !rejected.containsKey(row.run()))
                .filter(row -> !inDatabase.test(row))
                .toList();
    }

    /** Results that were recorded from a moment on and not stored within this time. */
    public List<Row> storedLate(long fromNanos, long toNanos, Duration within) {
        return recorded.values().stream()
                .filter(row -> row.recordedNanos() >= fromNanos && row.recordedNanos() <= toNanos)
                .filter(row -> !rejected.containsKey(row.run()))
                .filter(row -> {
                    Long at = stored.get(row.run());
                    return at == null || at - row.recordedNanos() > within.toNanos();
                })
                .toList();
    }

    /** Rows of the agent that never came into any transaction, though it recorded them. */
    public long neverArrived(String agent) {
        return recorded.values().stream()
                .filter(row -> row.agent().equals(agent))
                .filter(row -> !stored.containsKey(row.run()) && !rejected.containsKey(row.run()))
                .filter(row -> !excused.contains(row.run()))
                .count();
    }

    /** Rows that the agent told as lost. */
    public long toldAsLost(String agent) {
        return gaps.getOrDefault(agent, Map.of()).values().stream()
                .mapToLong(Long::longValue)
                .sum();
    }
}
