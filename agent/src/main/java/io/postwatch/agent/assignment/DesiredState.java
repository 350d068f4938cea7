package io.postwatch.agent.assignment;

import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.TreeMap;

/**
 * Everything the controller assigned, at one revision.
 *
 * @param revision 0: nothing was ever applied
 */
public record DesiredState(long revision, NavigableMap<SeriesId, AssignedItem> items) {

    /** An agent that was never told anything. */
    public static final DesiredState NONE = new DesiredState(0, new TreeMap<>());

    public DesiredState {
        if (revision < 0) {
            throw new IllegalArgumentException("a revision isn't negative");
        }
        items = Collections.unmodifiableNavigableMap(new TreeMap<>(items));
    }

    public static DesiredState of(long revision, Collection<AssignedItem> items) {
        NavigableMap<SeriesId, AssignedItem> bySeries = new TreeMap<>();
        items.forEach(item -> bySeries.put(item.series(), item));
        return new DesiredState(revision, bySeries);
    }

    /** What {@link #apply} made of a change. */
    public sealed interface Outcome {

        /** The state with the change in it. */
        record Changed(DesiredState state) implements Outcome {}

        /** The change doesn't fit: a snapshot is needed. */
        record OutOfStep(String reason) implements Outcome {}
    }

    /**
     * This state with a change on top.
     *
     * @param baseRevision the revision that the change was made for
     * @param assigned new or changed
     * @param withdrawn what ends
     * @param hash of the state afterwards, as the controller sees it
     */
    public Outcome apply(
            long baseRevision, long revision, List<AssignedItem> assigned, List<SeriesId> withdrawn, StateHash hash) {
        if (baseRevision != this.revision) {
            return new Outcome.OutOfStep(
                    "the change is for revision " + baseRevision + ", this agent is at " + this.revision);
        }
        NavigableMap<SeriesId, AssignedItem> changed = new TreeMap<>(items);
        withdrawn.forEach(changed::remove);
        assigned.forEach(item -> changed.put(item.series(), item));
        DesiredState state = new DesiredState(revision, changed);
        if (!state.hash().equals(hash)) {
            return new Outcome.OutOfStep(
                    "the state at revision " + revision + " has another hash than the controller's");
        }
        return new Outcome.Changed(state);
    }

    public StateHash hash() {
        return StateHash.of(items.values());
    }

    /** The assignment of a series, where it is run. */
    public Optional<Assignment> assignment(SeriesId series) {
        return items.get(series) instanceof AssignedItem.Accepted accepted
                ? Optional.of(accepted.assignment())
                : Optional.empty();
    }

    public List<Assignment> assignments() {
        return items.values().stream()
                .filter(AssignedItem.Accepted.class::isInstance)
                .map(item -> ((AssignedItem.Accepted) item).assignment())
                .toList();
    }

    public List<AssignedItem.Rejected> rejected() {
        return items.values().stream()
                .filter(AssignedItem.Rejected.class::isInstance)
                .map(AssignedItem.Rejected.class::cast)
                .toList();
    }
}
