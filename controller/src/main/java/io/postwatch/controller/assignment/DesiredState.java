package io.postwatch.controller.assignment;

import io.postwatch.controller.shared.Digests;
import io.postwatch.controller.shared.id.SeriesId;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;

/**
 * What an agent is to run, as numbers: each series with the revision of its assignment. {@code revision} counts the
 * changes of the whole. Holds two longs per assignment, since a session keeps one for as long as it stands.
 */
public final class DesiredState {
    public static final DesiredState NOTHING = new DesiredState(0, new long[0], new long[0]);

    private final long revision;
    private final long[] series;
    private final long[] revisions;

    private DesiredState(long revision, long[] series, long[] revisions) {
        this.revision = revision;
        this.series = series;
        this.revisions = revisions;
    }

    /** The revision of each series' assignment, in the order of the hash: ascending. */
    public static DesiredState of(long revision, SortedMap<Long, Long> revisionBySeries) {
        return new DesiredState(
                revision,
                revisionBySeries.keySet().stream().mapToLong(Long::longValue).toArray(),
                revisionBySeries.values().stream().mapToLong(Long::longValue).toArray());
    }

    public long revision() {
        return revision;
    }

    public int size() {
        return series.length;
    }

    /** Whether the series is assigned, at this revision or a later one. */
    public boolean covers(SeriesId id, long atLeast) {
        int index = Arrays.binarySearch(series, id.value());
        return index >= 0 && revisions[index] >= atLeast;
    }

    /** The same assignments, counted differently. */
    public DesiredState at(long otherRevision) {
        return new DesiredState(otherRevision, series, revisions);
    }

    /**
     * SHA-256 over, for every assignment in ascending order of series, the eight bytes of series and the eight bytes of
     * revision, big-endian. The agent computes the same.
     */
    public byte[] hash() {
        MessageDigest digest = Digests.sha256();
        ByteBuffer pair = ByteBuffer.allocate(2 * Long.BYTES);
        for (int i = 0; i < series.length; i++) {
            digest.update(pair.clear().putLong(series[i]).putLong(revisions[i]).array());
        }
        return digest.digest();
    }

    /** What must be told to one who has {@code before}. */
    public Change since(DesiredState before) {
        Map<Long, Long> known = new HashMap<>();
        for (int i = 0; i < before.series.length; i++) {
            known.put(before.series[i], before.revisions[i]);
        }
        List<SeriesId> assigned = new ArrayList<>();
        for (int i = 0; i < series.length; i++) {
            Long revisionBefore = known.remove(series[i]);
            if (revisionBefore == null || revisionBefore != revisions[i]) {
                assigned.add(new SeriesId(series[i]));
            }
        }
        return new Change(
                assigned, known.keySet().stream().sorted().map(SeriesId::new).toList());
    }

    /** New or changed, and ended. */
    public record Change(List<SeriesId> assigned, List<SeriesId> withdrawn) {
        public Change {
            assigned = List.copyOf(assigned);
            withdrawn = List.copyOf(withdrawn);
        }

        public boolean isEmpty() {
            return assigned.isEmpty() && withdrawn.isEmpty();
        }
    }
}
