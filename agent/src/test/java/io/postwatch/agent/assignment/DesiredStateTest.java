package io.postwatch.agent.assignment;

import static io.postwatch.agent.assignment.TestAssignments.accepted;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

class DesiredStateTest {

    private static final AssignedItem.Rejected UNKNOWN_TYPE = new AssignedItem.Rejected(
            new SeriesId(9), 1, RejectionReason.UNSUPPORTED, "This agent doesn't know this type of check.");

    @Test
    void theHashIsOverSeriesAndRevisionInOrderOfSeries() throws NoSuchAlgorithmException {
        byte[] expected = MessageDigest.getInstance("SHA-256")
                .digest(ByteBuffer.allocate(32)
                        .putLong(2)
                        .putLong(20)
                        .putLong(7)
                        .putLong(70)
                        .array());
        assertThat(DesiredState.of(5, List.of(accepted(7, 70), accepted(2, 20))).hash())
                .isEqualTo(StateHash.ofBytes(expected));
    }

    @Test
    void aChangeOnTopOfItsBaseIsApplied() {
        DesiredState before = DesiredState.of(5, List.of(accepted(1, 1), accepted(2, 1)));
        DesiredState after = DesiredState.of(6, List.of(accepted(2, 2), accepted(3, 1)));
        assertThat(before.apply(5, 6, List.of(accepted(2, 2), accepted(3, 1)), List.of(new SeriesId(1)), after.hash()))
                .isEqualTo(new DesiredState.Outcome.Changed(after));
    }

    @Test
    void aChangeForAnotherRevisionOrWithAnotherHashAsksForASnapshot() {
        DesiredState before = DesiredState.of(5, List.of(accepted(1, 1)));
        assertThat(before.apply(4, 6, List.of(), List.of(), before.hash()))
                .isInstanceOf(DesiredState.Outcome.OutOfStep.class);
        assertThat(before.apply(5, 6, List.of(accepted(2, 1)), List.of(), before.hash()))
                .isInstanceOf(DesiredState.Outcome.OutOfStep.class);
    }

    @Test
    void rejectedAssignmentsCountInTheHashButAreNotRun() {
        DesiredState state = DesiredState.of(5, List.of(accepted(1, 1), UNKNOWN_TYPE));
        assertThat(state.hash())
                .isEqualTo(DesiredState.of(5, List.of(accepted(1, 1), accepted(9, 1)))
                        .hash());
        assertThat(state.assignments()).extracting(Assignment::series).containsExactly(new SeriesId(1));
        assertThat(state.rejected()).containsExactly(UNKNOWN_TYPE);
    }

    @Test
    void aSnapshotIsAppliedWhenItsLastPartIsIn() {
        DesiredState whole = DesiredState.of(8, List.of(accepted(1, 1), accepted(2, 1)));
        StateHash none = StateHash.of(List.of());
        SnapshotAssembly.Outcome first = SnapshotAssembly.NONE.add(8, 0, false, List.of(accepted(1, 1)), none);
        assertThat(first)
                .isInstanceOfSatisfying(
                        SnapshotAssembly.Outcome.Incomplete.class,
                        incomplete -> assertThat(
                                        incomplete.assembly().add(8, 1, true, List.of(accepted(2, 1)), whole.hash()))
                                .isEqualTo(new SnapshotAssembly.Outcome.Complete(whole)));
    }

    @Test
    void partsThatDoNotFollowAndWrongHashesBreakASnapshot() {
        StateHash none = StateHash.of(List.of());
        SnapshotAssembly one = new SnapshotAssembly(8, 1, List.of(accepted(1, 1)));
        assertThat(one.add(8, 2, true, List.of(), none)).isInstanceOf(SnapshotAssembly.Outcome.Broken.class);
        assertThat(one.add(9, 1, true, List.of(), none)).isInstanceOf(SnapshotAssembly.Outcome.Broken.class);
        assertThat(one.add(8, 1, true, List.of(accepted(2, 1)), none))
                .isInstanceOf(SnapshotAssembly.Outcome.Broken.class);
        assertThat(one.add(9, 0, true, List.of(), none)).isInstanceOf(SnapshotAssembly.Outcome.Complete.class);
    }

    @Test
    void valuesOutOfTheirRangeAreRefused() {
        assertThatThrownBy(() -> TestAssignments.anAssignment(1, 1, Duration.ofSeconds(9), Duration.ZERO))
                .hasMessageContaining("period");
        assertThatThrownBy(() -> TestAssignments.anAssignment(1, 1, Duration.ofSeconds(10), Duration.ofSeconds(10)))
                .hasMessageContaining("anchor");
    }
}
