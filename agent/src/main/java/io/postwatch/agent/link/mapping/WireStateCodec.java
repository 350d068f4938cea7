package io.postwatch.agent.link.mapping;

import io.postwatch.agent.assignment.AssignedItem;
import io.postwatch.agent.assignment.Assignment;
import io.postwatch.agent.assignment.DesiredState;
import io.postwatch.agent.assignment.StateCodec;
import io.postwatch.proto.agent.v1.Applied;
import io.postwatch.proto.agent.v1.Snapshot;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;

/**
 * The desired state as bytes: the agent's version, then a Snapshot with what is run and an Applied with what is not.
 *
 * <p>Another version may be able to run what this one rejected, so it reads no rejections: its hash then differs from the
 * controller's, which sends a snapshot.
 */
public final class WireStateCodec implements StateCodec {

    private final String version;

    public WireStateCodec(String version) {
        this.version = version;
    }

    @Override
    public byte[] encode(DesiredState state) {
        Snapshot.Builder accepted = Snapshot.newBuilder().setRevision(state.revision());
        for (Assignment assignment : state.assignments()) {
            accepted.addAssignments(AssignmentMapping.wire(assignment));
        }
        Applied.Builder rejected = Applied.newBuilder();
        state.rejected().forEach(item -> rejected.addRejected(AssignmentMapping.wire(item)));
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (DataOutputStream out = new DataOutputStream(bytes)) {
            out.writeUTF(version);
            accepted.build().writeDelimitedTo(out);
            rejected.build().writeDelimitedTo(out);
        } catch (IOException impossible) {
            throw new UncheckedIOException(impossible);
        }
        return bytes.toByteArray();
    }

    @Override
    public DesiredState decode(byte[] bytes) throws IOException {
        List<AssignedItem> items = new ArrayList<>();
        try (DataInputStream in = new DataInputStream(new ByteArrayInputStream(bytes))) {
            boolean sameVersion = in.readUTF().equals(version);
            Snapshot accepted = Snapshot.parseDelimitedFrom(in);
            Applied rejected = Applied.parseDelimitedFrom(in);
            for (io.postwatch.proto.agent.v1.Assignment assignment : accepted.getAssignmentsList()) {
                items.add(new AssignedItem.Accepted(AssignmentMapping.assignment(assignment)));
            }
            if (sameVersion) {
                rejected.getRejectedList().forEach(item -> items.add(AssignmentMapping.rejected(item)));
            }
            return DesiredState.of(accepted.getRevision(), items);
        } catch (AssignmentMapping.UnusableException | IllegalArgumentException unusable) {
            throw new IOException("an assignment in the copy can't be used", unusable);
        }
    }
}
