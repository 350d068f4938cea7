package io.postwatch.controller.peers;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;

/**
 * How far the notes of each other controller were read, and which of them live: a pure function of what was found in the
 * database. One controller writes its rows one after the other, so its rows are seen in order, whatever else commits
 * meanwhile; a hole in its numbers says that something is missing.
 *
 * @param through of each known controller, the last row that was read
 */
record Following(Map<UUID, Long> through, Set<UUID> living) {
    Following {
        through = Map.copyOf(through);
        living = Set.copyOf(living);
    }

    /** A row of notes. Sequences of one controller count from 1. */
    record Row(UUID controller, long sequence, List<PeerNote> notes) {
        Row {
            notes = List.copyOf(notes);
        }
    }

    /**
     * After a look.
     *
     * @param missed something may be missing among what was heard so far
     */
    record Step(Following next, List<PeerNote> heard, boolean missed) {
        Step {
            heard = List.copyOf(heard);
        }
    }

    /** At this controller's start: what was told before is nothing to it. */
    static Following begin(Map<UUID, Long> written, Set<UUID> living) {
        return new Following(written, living);
    }

    /** Nobody reads what this controller would write. */
    boolean isAlone() {
        return living.isEmpty();
    }

    /**
     * Which others there are, and which of them live. One that died may have taken with it what it had not told. One that
     * came since is followed from its first row.
     */
    Step found(Set<UUID> known, Set<UUID> nowLiving) {
        Map<UUID, Long> next = new HashMap<>();
        known.forEach(peer -> next.put(peer, through.getOrDefault(peer, 0L)));
        Set<UUID> died = new HashSet<>(living);
        died.removeAll(nowLiving);
        return new Step(new Following(next, nowLiving), List.of(), !died.isEmpty());
    }

    /** Rows that were read, those of one controller in ascending order. */
    Step read(List<Row> rows) {
        Map<UUID, Long> next = new HashMap<>(through);
        List<PeerNote> heard = new ArrayList<>();
        boolean missed = false;
        for (Row row : rows) {
            long before = next.getOrDefault(row.controller(), 0L);
            missed |= row.sequence() > before + 1;
            next.put(row.controller(), row.sequence());
            heard.addAll(row.notes());
        }
        return new Step(new Following(next, living), heard, missed);
    }
}
