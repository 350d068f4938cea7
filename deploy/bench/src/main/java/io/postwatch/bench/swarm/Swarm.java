package io.postwatch.bench.swarm;

import com.google.protobuf.ByteString;
import io.postwatch.proto.agent.v1.Assignment;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/** What becomes of all agents together. Told by their threads, asked by the benchmark's. */
final class Swarm {

    private static final Told NOTHING = new Told(0, 0);

    private final AtomicInteger standing = new AtomicInteger();
    private final AtomicLong welcomed = new AtomicLong();
    private final AtomicLong failed = new AtomicLong();
    private final AtomicLong heartbeats = new AtomicLong();
    private final AtomicLong outOfStep = new AtomicLong();
    private final Map<String, Integer> reasons = new ConcurrentHashMap<>();
    private final Map<UUID, Told> told = new ConcurrentHashMap<>();

    /** When an agent said that it runs a monitor at a revision. */
    record Told(long revision, long nanos) {}

    void stands() {
        standing.incrementAndGet();
        welcomed.incrementAndGet();
    }

    void stoodNoMore() {
        standing.decrementAndGet();
    }

    void failed(String reason) {
        failed.incrementAndGet();
        reasons.merge(reason, 1, Integer::sum);
    }

    void beat() {
        heartbeats.incrementAndGet();
    }

    void fellOutOfStep() {
        outOfStep.incrementAndGet();
    }

    void applied(List<Assignment> assigned, long nanos) {
        for (Assignment assignment : assigned) {
            told.merge(
                    id(assignment.getMonitorId()),
                    new Told(assignment.getRevision(), nanos),
                    (before, now) -> before.revision() >= now.revision() ? before : now);
        }
    }

    /** Sessions that stand now. */
    int standing() {
        return standing.get();
    }

    long welcomed() {
        return welcomed.get();
    }

    /** Sessions that ended, or never began. */
    long failed() {
        return failed.get();
    }

    long heartbeats() {
        return heartbeats.get();
    }

    /** Changes that did not fit. */
    long outOfStep() {
        return outOfStep.get();
    }

    /** Why sessions ended, and how often. */
    Map<String, Integer> reasons() {
        return Map.copyOf(reasons);
    }

    /** Of that monitor, the last; at revision 0 where nobody was told of it yet. */
    Told told(UUID monitor) {
        return told.getOrDefault(monitor, NOTHING);
    }

    private static UUID id(ByteString bytes) {
        ByteBuffer buffer = bytes.asReadOnlyByteBuffer();
        return new UUID(buffer.getLong(), buffer.getLong());
    }
}
