package io.postwatch.bench.swarm;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import io.postwatch.proto.agent.v1.Assignment;
import io.postwatch.proto.agent.v1.Delta;
import io.postwatch.proto.agent.v1.Snapshot;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.Test;

/** A simulated agent that took anything would measure a controller that sends anything. */
final class AppliedStateTest {

    /** SHA-256 of the bytes of series 1, revision 2, as sha256sum(1) calculates it. */
    private static final ByteString ONE_AT_TWO = ByteString.copyFrom(
            HexFormat.of().parseHex("8c7654ecfd7b0b623b803e2f4e02ad1cc84278efdfcd7c4c9208edd81f17e115"));

    private static Assignment assignment(long series, long revision) {
        return Assignment.newBuilder().setSeries(series).setRevision(revision).build();
    }

    private static Snapshot snapshot(ByteString hash) {
        return Snapshot.newBuilder()
                .setRevision(7)
                .setLast(true)
                .addAssignments(assignment(1, 2))
                .setHash(hash)
                .build();
    }

    @Test
    void takesASnapshotOfTheRightHashOnly() {
        assertThat(AppliedState.of(List.of(snapshot(ONE_AT_TWO)))).hasValueSatisfying(state -> {
            assertThat(state.revision()).isEqualTo(7);
            assertThat(state.hash()).isEqualTo(ONE_AT_TWO);
        });
        assertThat(AppliedState.of(List.of(snapshot(ByteString.copyFromUtf8("another")))))
                .isEmpty();
    }

    @Test
    void takesAChangeOnTopOfItsBaseOnly() {
        AppliedState before = AppliedState.of(List.of(snapshot(ONE_AT_TWO))).orElseThrow();
        Delta nothingLeft = Delta.newBuilder()
                .setBaseRevision(7)
                .setRevision(8)
                .addWithdrawnSeries(1)
                .setHash(AppliedState.NONE.hash())
                .build();

        assertThat(before.with(nothingLeft))
                .hasValueSatisfying(after -> assertThat(after.items()).isEmpty());
        assertThat(before.with(nothingLeft.toBuilder().setBaseRevision(6).build()))
                .isEmpty();
        assertThat(before.with(nothingLeft.toBuilder().setHash(ONE_AT_TWO).build()))
                .isEmpty();
    }
}
