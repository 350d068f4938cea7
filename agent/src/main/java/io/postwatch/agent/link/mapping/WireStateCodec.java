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
 * The desired state as bytes: what the agent was able to, then a Snapshot with what is run and an Applied with what is not.
 *
 * <p>An agent of another version, or whose host offers other secrets, may be able to run what was rejected and not what was
 * accepted. So it reads no rejections, and leaves out what it would reject now: where its hash then differs from the
 * controller's, that sends a snapshot and is told.
 */
public final class WireStateCodec implements StateCodec {

    private final String abilities;
    private final AssignmentMapping mapping;

    /**
     * @param abilities another text for each version of the agent, and for each list of secrets that its host offers
     * @param credentials as they open now
     */
    public WireStateCodec(String abilities, CredentialCheck credentials) {
        this.abilities = abilities;
        this.mapping = new AssignmentMapping(credentials);
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
            out.writeUTF(abilities);
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
            boolean sameAbilities = in.readUTF().equals(abilities);
            Snapshot accepted = Snapshot.parseDelimitedFrom(in);
            Applied rejected = Applied.parseDelimitedFrom(in);
            for (io.postwatch.proto.agent.v1.Assignment assignment : accepted.getAssignmentsList()) {
                AssignedItem item = sameAbilities
                        ? new AssignedItem.Accepted(AssignmentMapping.assignment(assignment))
                        : mapping.item(assignment);
                if (item instanceof AssignedItem.Accepted) {
                    items.add(item);
                }
            }
            if (sameAbilities) {
                rejected.getRejectedList().forEach(item -> items.add(AssignmentMapping.rejected(item)));
            }
            return DesiredState.of(accepted.getRevision(), items);
        } catch (AssignmentMapping.UnusableException | IllegalArgumentException unusable) {
            throw new IOException("an assignment in the copy can't be used", unusable);
        }
    }
}
