package io.postwatch.agent.spool;

import io.postwatch.agent.probe.certificate.Fingerprint;
import io.postwatch.agent.probe.time.ControllerTime;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.CompletionException;
import java.util.function.Predicate;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A spool in memory that does as {@link Spool} does, a hundred times faster; {@link SpoolContractTest} compares the two.
 * What is in {@link Contents} outlives the process; a new one is opened on it.
 */
public final class MemorySpool implements ResultSpool {

    private static final Duration TRIM_EVERY = Duration.ofSeconds(20);
    private static final int ROW_OVERHEAD = MemoryRecord.OVERHEAD;
    private static final int DROP_AT_ONCE = 200;
    private static final Comparator<MemoryRecord> OLDEST_FIRST =
            Comparator.comparingLong((MemoryRecord entry) -> entry.madeAt).thenComparingLong(entry -> entry.id);

    private static final class LaneState {
        long last;
        long acked;
        final NavigableMap<Long, MemoryRecord> entries = new TreeMap<>();
    }

    /** What is on the disk. */
    public static final class Contents {
        private SpoolId id;
        private long nextId = 1;
        private final Map<Lane, LaneState> lanes = new EnumMap<>(Lane.class);
        private final List<MemoryRecord> fresh = new ArrayList<>();
        private LostRows.@Nullable Lost lost;
        private long lostTold;

        public Contents(UUID id) {
            this.id = new SpoolId(id);
            for (Lane lane : Lane.values()) {
                lanes.put(lane, new LaneState());
            }
        }

        public Contents copy() {
            Contents copy = new Contents(id.value());
            copy.nextId = nextId;
            lanes.forEach((lane, state) -> {
                LaneState copied = copy.lane(lane);
                copied.last = state.last;
                copied.acked = state.acked;
                state.entries.forEach((sequence, entry) -> copied.entries.put(sequence, entry.copy()));
            });
            fresh.forEach(entry -> copy.fresh.add(entry.copy()));
            copy.lost = lost;
            copy.lostTold = lostTold;
            return copy;
        }

        private LaneState lane(Lane lane) {
            return lanes.computeIfAbsent(lane, l -> new LaneState());
        }
    }

    private final Contents contents;
    private final SpoolBounds bounds;
    private final ControllerTime clock;
    private final Supplier<UUID> ids;
    private final SimulatedDisk disk;
    private final LostRows lost;
    /** The first record of this process. */
    private final long own;

    private long trimmedAt;
    private long unackedRows;
    private long unackedBytes;

    public MemorySpool(
            Contents contents, SpoolBounds bounds, ControllerTime clock, Supplier<UUID> ids, SimulatedDisk disk) {
        this.contents = contents;
        this.own = contents.nextId;
        this.bounds = bounds;
        this.clock = clock;
        this.ids = ids;
        this.disk = disk;
        this.lost = new LostRows(now -> contents.lost = now, contents.lostTold, contents.lost);
        this.trimmedAt = clock.millis();
        count();
    }

    @Override
    public SpoolId id() {
        return contents.id;
    }

    @Override
    public long unackedRows() {
        return unackedRows;
    }

    @Override
    public void store(RunRow row) {
        if (disk.isFull()) {
            lost.add(row.scheduledAt());
            return;
        }
        commit(() -> insert(row));
    }

    @Override
    public List<SpoolRecord> following(Lane lane, long sequence, int maxRecords, int maxBytes) {
        List<SpoolRecord> records = new ArrayList<>();
        int there = (int) contents.lane(lane).entries.tailMap(sequence, false).keySet().stream()
                .limit(maxRecords)
                .count();
        boolean toNumber = there < maxRecords && contents.fresh.stream().anyMatch(isOf(lane));
        if (!disk.isFull() && (toNumber || lost.peek() != null)) {
            commit(() -> {
                number(lane, maxRecords - there);
                records.addAll(upTo(maxBytes, after(lane, sequence), maxRecords));
            });
        } else {
            records.addAll(upTo(maxBytes, after(lane, sequence), maxRecords));
            look();
        }
        return records;
    }

    private Iterable<MemoryRecord> after(Lane lane, long sequence) {
        return contents.lane(lane).entries.tailMap(sequence, false).values();
    }

    private static List<SpoolRecord> upTo(int maxBytes, Iterable<MemoryRecord> entries, int maxRecords) {
        List<SpoolRecord> records = new ArrayList<>();
        int bytes = 0;
        for (MemoryRecord entry : entries) {
            SpoolRecord next = entry.record();
            bytes += next.size();
            if (records.size() == maxRecords || (bytes > maxBytes && !records.isEmpty())) {
                break;
            }
            records.add(next);
        }
        return records;
    }

    @Override
    public void ack(Lane lane, long throughSequence) {
        commit(() -> {
            LaneState state = contents.lane(lane);
            long now = clock.millis();
            state.entries
                    .subMap(state.acked, false, Math.max(state.acked, throughSequence), true)
                    .values()
                    .forEach(entry -> {
                        unackedRows--;
                        unackedBytes -= entry.bytes();
                        entry.ackedAt = now;
                    });
            state.acked = Math.max(state.acked, Math.min(throughSequence, state.last));
        });
    }

    @Override
    public void unack(Lane lane, long afterSequence) {
        commit(() -> {
            LaneState state = contents.lane(lane);
            if (state.acked > afterSequence) {
                state.acked = afterSequence;
                state.entries.tailMap(afterSequence, false).values().forEach(entry -> entry.ackedAt = Long.MIN_VALUE);
                count();
            }
        });
    }

    @Override
    public long lastSequence(Lane lane) {
        look();
        return contents.lane(lane).last;
    }

    @Override
    public void setAside(Lane lane, long sequence, String reason) {
        commit(() -> {});
    }

    @Override
    public Optional<Instant> newestScheduledAt(Instant upTo) {
        look();
        return Stream.concat(
                        contents.lanes.values().stream().flatMap(state -> state.entries.values().stream()),
                        contents.fresh.stream())
                .filter(entry -> entry.payload != null && entry.id < own)
                .map(entry -> Instant.ofEpochMilli(entry.first.toEpochMilli()))
                .filter(at -> !at.isAfter(upTo))
                .max(Comparator.naturalOrder());
    }

    @Override
    public Optional<byte[]> certificate(Fingerprint fingerprint) {
        return Optional.empty();
    }

    @Override
    public void startAnew() {
        commit(() -> {
            for (LaneState state : contents.lanes.values()) {
                state.entries.values().stream()
                        .filter(entry -> !entry.isAcked() || entry.payload != null)
                        .forEach(entry -> {
                            entry.sequence = 0;
                            entry.wasAcked |= entry.isAcked();
                            entry.ackedAt = Long.MIN_VALUE;
                            contents.fresh.add(entry);
                        });
                state.entries.clear();
                state.last = 0;
                state.acked = 0;
            }
            contents.id = new SpoolId(ids.get());
            count();
        });
    }

    /** What reads only goes on where the disk is full, but tells what was lost where it isn't. */
    private void look() {
        if (lost.peek() != null && !disk.isFull()) {
            commit(() -> {});
        } else {
            trimWhereDue();
        }
    }

    private void commit(Runnable work) {
        if (disk.isFull()) {
            throw new CompletionException(new IllegalStateException("the disk is full"));
        }
        disk.beforeCommit();
        LostRows.Lost told = lost.peek();
        if (told != null) {
            insertGap(told.count(), told.first(), told.last(), GapReason.SPOOL_FULL);
        }
        work.run();
        trimWhereDue();
        if (told != null) {
            contents.lostTold = told.ever();
            lost.remove(told);
        }
        disk.afterCommit();
    }

    private boolean isTrimDue() {
        return Math.abs(clock.millis() - trimmedAt) >= TRIM_EVERY.toMillis();
    }

    private void trimWhereDue() {
        if (!isTrimDue()) {
            return;
        }
        long now = clock.millis();
        trimmedAt = now;
        if (disk.isFull() || !clock.isConfirmed()) {
            return;
        }
        long forgotten = now - bounds.ackedAge().toMillis();
        contents.lanes
                .values()
                .forEach(state ->
                        state.entries.values().removeIf(entry -> entry.isAcked() && entry.ackedAt < forgotten));
        long tooOld = now - bounds.age().toMillis();
        drop(entry -> isDroppable(entry) && entry.madeAt < tooOld, Integer.MAX_VALUE, GapReason.TOO_OLD);
        int before = contents.fresh.size();
        contents.fresh.removeIf(entry -> entry.payload != null && entry.madeAt < tooOld);
        unackedRows -= before - contents.fresh.size();
    }

    private void insert(RunRow row) {
        contents.fresh.add(new MemoryRecord(
                contents.nextId++,
                clock.millis(),
                row.scheduledAt(),
                row.scheduledAt(),
                row.ok(),
                row.payload(),
                0,
                null));
        unackedRows++;
        unackedBytes += row.payload().length + ROW_OVERHEAD;
        if (unackedBytes > bounds.bytes()) {
            drop(entry -> isDroppable(entry) && entry.ok, DROP_AT_ONCE, GapReason.SPOOL_FULL);
            if (unackedBytes > bounds.bytes()) {
                drop(MemorySpool::isDroppable, DROP_AT_ONCE, GapReason.SPOOL_FULL);
            }
        }
    }

    private static boolean isDroppable(MemoryRecord entry) {
        return entry.payload != null && !entry.wasAcked;
    }

    private void insertGap(long count, Instant first, Instant last, GapReason reason) {
        Optional<MemoryRecord> there = contents.fresh.stream()
                .filter(entry -> entry.reason == reason)
                .min(Comparator.comparingLong(entry -> entry.id));
        if (there.isPresent()) {
            MemoryRecord gap = there.get();
            gap.gapCount += count;
            gap.first = first.isBefore(gap.first) ? first : gap.first;
            gap.last = last.isAfter(gap.last) ? last : gap.last;
            return;
        }
        contents.fresh.add(
                new MemoryRecord(contents.nextId++, clock.millis(), first, last, false, null, count, reason));
        unackedRows++;
        unackedBytes += ROW_OVERHEAD;
    }

    private void drop(Predicate<MemoryRecord> which, int most, GapReason reason) {
        List<MemoryRecord> dropped = contents.fresh.stream()
                .filter(which)
                .sorted(OLDEST_FIRST)
                .limit(most)
                .toList();
        if (dropped.isEmpty()) {
            return;
        }
        contents.fresh.removeIf(new HashSet<>(dropped)::contains);
        unackedRows -= dropped.size();
        unackedBytes -= dropped.stream().mapToLong(MemoryRecord::bytes).sum();
        insertGap(
                dropped.size(),
                dropped.stream()
                        .map(entry -> entry.first)
                        .min(Comparator.naturalOrder())
                        .orElseThrow(),
                dropped.stream()
                        .map(entry -> entry.last)
                        .max(Comparator.naturalOrder())
                        .orElseThrow(),
                reason);
    }

    private Predicate<MemoryRecord> isOf(Lane lane) {
        long liveSince = clock.millis() - bounds.liveAge().toMillis();
        return switch (lane) {
            case LIVE -> entry -> entry.madeAt >= liveSince;
            case BACK_FILL -> entry -> entry.madeAt < liveSince;
        };
    }

    private void number(Lane lane, int most) {
        LaneState state = contents.lane(lane);
        List<MemoryRecord> numbered = contents.fresh.stream()
                .filter(isOf(lane))
                .sorted(OLDEST_FIRST)
                .limit(most)
                .toList();
        for (MemoryRecord entry : numbered) {
            entry.sequence = ++state.last;
            state.entries.put(entry.sequence, entry);
        }
        contents.fresh.removeIf(entry -> entry.sequence > 0);
    }

    private void count() {
        unackedRows = 0;
        unackedBytes = 0;
        for (LaneState state : contents.lanes.values()) {
            state.entries.values().stream().filter(entry -> !entry.isAcked()).forEach(this::count);
        }
        contents.fresh.forEach(this::count);
    }

    private void count(MemoryRecord entry) {
        unackedRows++;
        unackedBytes += entry.bytes();
    }
}
