package io.postwatch.agent.link;

import com.google.protobuf.InvalidProtocolBufferException;
import io.postwatch.agent.link.mapping.WireValues;
import io.postwatch.agent.probe.certificate.Fingerprint;
import io.postwatch.agent.spool.Lane;
import io.postwatch.agent.spool.ResultSpool;
import io.postwatch.agent.spool.RunRow;
import io.postwatch.agent.spool.SpoolId;
import io.postwatch.agent.spool.SpoolRecord;
import io.postwatch.proto.agent.v1.RunResult;
import io.postwatch.simulation.ledger.Ledger;
import java.time.Instant;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.TreeMap;
import java.util.UUID;

/** A spool with an observer at its side: the same number is always the same record, and nothing is acked that isn't stored. */
final class ObservedSpool implements ResultSpool {

    /** What was seen at each number, of every numbering; outlives the process. */
    static final class Seen {
        private final Map<UUID, Map<Lane, NavigableMap<Long, Object>>> records = new java.util.HashMap<>();

        private NavigableMap<Long, Object> of(SpoolId spool, Lane lane) {
            return records.computeIfAbsent(spool.value(), id -> new java.util.HashMap<>())
                    .computeIfAbsent(lane, l -> new TreeMap<>());
        }

        Seen copy() {
            Seen copy = new Seen();
            records.forEach((spool, lanes) -> lanes.forEach(
                    (lane, numbers) -> copy.of(new SpoolId(spool), lane).putAll(numbers)));
            return copy;
        }

        /** The disk went back to an older copy: numbers may be given once more, to other records. */
        void forget() {
            records.clear();
        }
    }

    private final ResultSpool spool;
    private final Seen seen;
    private final Ledger ledger;
    private final Map<Lane, Long> ackedThrough = new EnumMap<>(Lane.class);

    ObservedSpool(ResultSpool spool, Seen seen, Ledger ledger) {
        this.spool = spool;
        this.seen = seen;
        this.ledger = ledger;
    }

    @Override
    public SpoolId id() {
        return spool.id();
    }

    @Override
    public long unackedRows() {
        return spool.unackedRows();
    }

    @Override
    public void store(RunRow row) {
        spool.store(row);
    }

    @Override
    public List<SpoolRecord> following(Lane lane, long sequence, int maxRecords, int maxBytes) {
        List<SpoolRecord> records = spool.following(lane, sequence, maxRecords, maxBytes);
        long before = 0;
        for (SpoolRecord record : records) {
            if (before > 0 && record.sequence() != before + 1) {
                throw ledger.broken("A hole in the " + lane + " lane between " + before + " and " + record.sequence());
            }
            before = record.sequence();
            Object content = content(record);
            Object known = seen.of(spool.id(), lane).putIfAbsent(record.sequence(), content);
            if (known != null && !known.equals(content)) {
                throw ledger.broken("Number " + record.sequence() + " of the " + lane + " lane was " + known
                        + " and is " + content);
            }
        }
        return records;
    }

    private static Object content(SpoolRecord record) {
        return switch (record) {
            case SpoolRecord.Run run -> {
                try {
                    yield WireValues.uuid(RunResult.parseFrom(run.payload()).getRunId());
                } catch (InvalidProtocolBufferException unreadable) {
                    throw new IllegalStateException(unreadable);
                }
            }
            case SpoolRecord.Gap gap -> "gap of " + gap.count() + " from " + gap.first();
        };
    }

    @Override
    public void ack(Lane lane, long throughSequence) {
        long before = ackedThrough.getOrDefault(lane, 0L);
        if (throughSequence > before) {
            seen.of(spool.id(), lane).subMap(before, false, throughSequence, true).values().stream()
                    .filter(UUID.class::isInstance)
                    .forEach(run -> ledger.acked((UUID) run));
            ackedThrough.put(lane, throughSequence);
        }
        spool.ack(lane, throughSequence);
    }

    @Override
    public void unack(Lane lane, long afterSequence) {
        ackedThrough.merge(lane, afterSequence, Math::min);
        spool.unack(lane, afterSequence);
    }

    @Override
    public long lastSequence(Lane lane) {
        return spool.lastSequence(lane);
    }

    @Override
    public void setAside(Lane lane, long sequence, String reason) {
        spool.setAside(lane, sequence, reason);
    }

    @Override
    public Optional<Instant> newestScheduledAt(Instant upTo) {
        return spool.newestScheduledAt(upTo);
    }

    @Override
    public Optional<byte[]> certificate(Fingerprint fingerprint) {
        return spool.certificate(fingerprint);
    }

    @Override
    public void startAnew() {
        ackedThrough.clear();
        spool.startAnew();
    }
}
