package io.postwatch.bench.swarm;

import com.google.protobuf.ByteString;
import io.postwatch.proto.agent.v1.Assignment;
import io.postwatch.proto.agent.v1.Delta;
import io.postwatch.proto.agent.v1.Snapshot;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.List;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.TreeMap;

/**
 * What a simulated agent would run: series to revision, at one revision of the whole. Changed only by what fits and has
 * the right hash, as the agent's.
 */
record AppliedState(long revision, NavigableMap<Long, Long> items) {

    static final AppliedState NONE = new AppliedState(0, new TreeMap<>());

    /** With the last part of a snapshot. {@code parts}: all of them, in order. */
    static Optional<AppliedState> of(List<Snapshot> parts) {
        NavigableMap<Long, Long> items = new TreeMap<>();
        for (Snapshot part : parts) {
            put(part.getAssignmentsList(), items);
        }
        Snapshot last = parts.getLast();
        return new AppliedState(last.getRevision(), items).checked(last.getHash());
    }

    /** With a change on top; empty where it doesn't fit. */
    Optional<AppliedState> with(Delta delta) {
        if (delta.getBaseRevision() != revision) {
            return Optional.empty();
        }
        NavigableMap<Long, Long> changed = new TreeMap<>(items);
        delta.getWithdrawnSeriesList().forEach(changed::remove);
        put(delta.getAssignedList(), changed);
        return new AppliedState(delta.getRevision(), changed).checked(delta.getHash());
    }

    ByteString hash() {
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            items.forEach((series, itsRevision) -> digest.update(ByteBuffer.allocate(2 * Long.BYTES)
                    .putLong(series)
                    .putLong(itsRevision)
                    .flip()));
            return ByteString.copyFrom(digest.digest());
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    private static void put(List<Assignment> assigned, NavigableMap<Long, Long> items) {
        assigned.forEach(assignment -> items.put(assignment.getSeries(), assignment.getRevision()));
    }

    private Optional<AppliedState> checked(ByteString hash) {
        return hash.equals(hash()) ? Optional.of(this) : Optional.empty();
    }
}
