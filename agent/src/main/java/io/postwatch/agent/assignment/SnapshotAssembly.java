package io.postwatch.agent.assignment;

import java.util.ArrayList;
import java.util.List;

/**
 * The parts of a snapshot until the last one is in. A part that doesn't follow ends the assembly; the state on the agent
 * is untouched until the whole snapshot is there and its hash is right.
 */
public record SnapshotAssembly(long revision, long nextPart, List<AssignedItem> items) {

    /** Nothing came yet. */
    public static final SnapshotAssembly NONE = new SnapshotAssembly(0, 0, List.of());

    public SnapshotAssembly {
        items = List.copyOf(items);
    }

    /** What a part led to. */
    public sealed interface Outcome {

        /** More parts follow. */
        record Incomplete(SnapshotAssembly assembly) implements Outcome {}

        /** The whole snapshot. */
        record Complete(DesiredState state) implements Outcome {}

        /** The parts don't fit together. */
        record Broken(String reason) implements Outcome {}
    }

    /**
     * Adds a part. Part 0 begins a new snapshot, whatever came before.
     *
     * @param hash of the whole state; looked at in the last part only
     */
    public Outcome add(long revision, long part, boolean last, List<AssignedItem> more, StateHash hash) {
        if (part != 0 && (part != nextPart || revision != this.revision)) {
            return new Outcome.Broken("part " + part + " of snapshot " + revision + " came after part " + (nextPart - 1)
                    + " of " + this.revision);
        }
        List<AssignedItem> all = new ArrayList<>(part == 0 ? List.of() : items);
        all.addAll(more);
        if (!last) {
            return new Outcome.Incomplete(new SnapshotAssembly(revision, part + 1, all));
        }
        DesiredState state = DesiredState.of(revision, all);
        if (!state.hash().equals(hash)) {
            return new Outcome.Broken("snapshot " + revision + " has another hash than the controller's");
        }
        return new Outcome.Complete(state);
    }
}
