package io.postwatch.agent.link;

import com.google.protobuf.ByteString;
import io.postwatch.agent.assignment.AssignedItem;
import io.postwatch.agent.assignment.AssignmentStore;
import io.postwatch.agent.assignment.DesiredState;
import io.postwatch.agent.assignment.SeriesId;
import io.postwatch.agent.assignment.SnapshotAssembly;
import io.postwatch.agent.assignment.StateHash;
import io.postwatch.agent.link.mapping.AssignmentMapping;
import io.postwatch.agent.schedule.Scheduler;
import io.postwatch.proto.agent.v1.AgentMessage;
import io.postwatch.proto.agent.v1.Applied;
import io.postwatch.proto.agent.v1.Delta;
import io.postwatch.proto.agent.v1.Snapshot;
import io.postwatch.proto.agent.v1.SnapshotWanted;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps the desired state: on disk, in the schedule, and for the next hello. Used by the link's thread alone.
 *
 * <p>Whatever doesn't fit leaves the agent running what it ran, and asks for a snapshot.
 */
public final class StateDesk {

    private static final Logger LOG = LoggerFactory.getLogger(StateDesk.class);

    private final AssignmentStore store;
    private final Scheduler scheduler;
    private final AssignmentMapping mapping;
    private DesiredState state;
    private SnapshotAssembly assembly = SnapshotAssembly.NONE;

    /** Takes up what the disk holds, and has it run. */
    public StateDesk(AssignmentStore store, Scheduler scheduler, SealedLogins logins) {
        this.store = store;
        this.scheduler = scheduler;
        this.mapping = new AssignmentMapping(logins);
        this.state = store.load();
        scheduler.assign(state);
    }

    long revision() {
        return state.revision();
    }

    /** Empty where nothing was ever applied. */
    ByteString hash() {
        return state.revision() == 0
                ? ByteString.EMPTY
                : ByteString.copyFrom(state.hash().bytes());
    }

    int assignments() {
        return state.items().size();
    }

    /** The controller was heard in a session that knows this state: it stands behind it. */
    void confirm() {
        if (state.revision() == 0) {
            return;
        }
        try {
            store.confirm(state);
        } catch (IOException unwritable) {
            LOG.warn("The copy of the assignments could not be confirmed: {}", unwritable.getMessage());
        }
    }

    /** A new session begins: parts of a snapshot from the one before are worth nothing. */
    void beginSession() {
        assembly = SnapshotAssembly.NONE;
    }

    /** Adds a part; the answer, once there is something to say. */
    Optional<AgentMessage> apply(Snapshot snapshot) {
        return switch (assembly.add(
                snapshot.getRevision(),
                snapshot.getPart(),
                snapshot.getLast(),
                items(snapshot.getAssignmentsList()),
                hash(snapshot.getHash()))) {
            case SnapshotAssembly.Outcome.Incomplete(SnapshotAssembly next) -> {
                assembly = next;
                yield Optional.empty();
            }
            case SnapshotAssembly.Outcome.Complete(DesiredState complete) -> {
                assembly = SnapshotAssembly.NONE;
                yield Optional.of(take(complete));
            }
            case SnapshotAssembly.Outcome.Broken(String reason) -> {
                assembly = SnapshotAssembly.NONE;
                yield Optional.of(wanted(reason));
            }
        };
    }

    AgentMessage apply(Delta delta) {
        return switch (state.apply(
                delta.getBaseRevision(),
                delta.getRevision(),
                items(delta.getAssignedList()),
                delta.getWithdrawnSeriesList().stream().map(SeriesId::new).toList(),
                hash(delta.getHash()))) {
            case DesiredState.Outcome.Changed(DesiredState changed) -> take(changed);
            case DesiredState.Outcome.OutOfStep(String reason) -> wanted(reason);
        };
    }

    private List<AssignedItem> items(List<io.postwatch.proto.agent.v1.Assignment> assignments) {
        List<AssignedItem> items = new ArrayList<>();
        assignments.forEach(assignment -> items.add(mapping.item(assignment)));
        return items;
    }

    private static StateHash hash(ByteString bytes) {
        return StateHash.ofBytes(bytes.toByteArray());
    }

    private AgentMessage take(DesiredState next) {
        state = next;
        try {
            store.save(next);
        } catch (IOException unwritable) {
            LOG.error("The assignments run, but no copy could be kept for the next start: {}", unwritable.getMessage());
        }
        scheduler.assign(next);
        Applied.Builder applied =
                Applied.newBuilder().setRevision(next.revision()).setHash(hash());
        for (AssignedItem.Rejected rejected : next.rejected()) {
            LOG.warn("Series {} is not run: {}", rejected.series(), rejected.message());
            applied.addRejected(AssignmentMapping.wire(rejected));
        }
        LOG.info(
                "Revision {} applied: {} assignments, {} of them not run",
                next.revision(),
                next.items().size(),
                next.rejected().size());
        return AgentMessage.newBuilder().setApplied(applied).build();
    }

    private AgentMessage wanted(String reason) {
        LOG.warn("A snapshot is needed: {}", reason);
        return AgentMessage.newBuilder()
                .setSnapshotWanted(SnapshotWanted.newBuilder()
                        .setAppliedRevision(state.revision())
                        .setReason(reason))
                .build();
    }
}
