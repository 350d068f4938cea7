package io.postwatch.controller.peers;

import io.postwatch.controller.shared.id.ControllerId;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;

/** What this controller has to tell and has not written yet. The same twice is told once. Confined to its writer's lock. */
final class Pending {
    /** A database that is away for long must not fill the memory: then the others look at everything instead. */
    static final int CAPACITY = 20_000;

    static final int NOTES_PER_ROW = 1_000;

    private final LinkedHashSet<PeerNote> notes = new LinkedHashSet<>();
    private long lastSequence;
    private boolean leftOut;

    void add(PeerNote note) {
        if (notes.size() >= CAPACITY) {
            notes.clear();
            leftOut = true;
        }
        notes.add(note);
    }

    boolean isEmpty() {
        return notes.isEmpty() && !leftOut;
    }

    /** What could not be written at all. */
    void leaveOut() {
        leftOut = true;
    }

    /** The next row; a number is left out before it where notes were, also where it has none itself. */
    Optional<Following.Row> take(ControllerId me) {
        if (isEmpty()) {
            return Optional.empty();
        }
        List<PeerNote> taken = new ArrayList<>();
        Iterator<PeerNote> waiting = notes.iterator();
        while (waiting.hasNext() && taken.size() < NOTES_PER_ROW) {
            taken.add(waiting.next());
            waiting.remove();
        }
        lastSequence += leftOut ? 2 : 1;
        leftOut = false;
        return Optional.of(new Following.Row(me.value(), lastSequence, taken));
    }
}
