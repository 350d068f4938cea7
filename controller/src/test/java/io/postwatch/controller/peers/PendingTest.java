package io.postwatch.controller.peers;

import static org.assertj.core.api.Assertions.assertThat;

import io.postwatch.controller.shared.id.ControllerId;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class PendingTest {
    private static final ControllerId ME = new ControllerId(new UUID(0, 1));

    private final Pending pending = new Pending();

    @Test
    void rowsCountFromOneWithoutHoles() {
        assertThat(rowOf("a").sequence()).isOne();
        assertThat(rowOf("b").sequence()).isEqualTo(2);
        assertThat(pending.take(ME)).isEmpty();
        assertThat(rowOf("c").sequence()).isEqualTo(3);
    }

    @Test
    void whatIsToldTwiceBeforeItIsWrittenIsWrittenOnce() {
        pending.add(note("a"));
        pending.add(note("b"));
        pending.add(note("a"));

        assertThat(pending.take(ME).orElseThrow().notes()).containsExactly(note("a"), note("b"));
        assertThat(rowOf("a").notes()).containsExactly(note("a"));
    }

    @Test
    void aRowIsBounded() {
        for (int i = 0; i <= Pending.NOTES_PER_ROW; i++) {
            pending.add(note("n" + i));
        }

        assertThat(pending.take(ME).orElseThrow().notes()).hasSize(Pending.NOTES_PER_ROW);
        assertThat(pending.take(ME).orElseThrow().notes()).containsExactly(note("n" + Pending.NOTES_PER_ROW));
    }

    @Test
    void whatDoesNotFitLeavesAHole() {
        assertThat(rowOf("first").sequence()).isOne();
        for (int i = 0; i <= Pending.CAPACITY; i++) {
            pending.add(note("n" + i));
        }

        assertThat(pending.take(ME).orElseThrow().sequence()).isEqualTo(3);
        assertThat(rowOf("later").sequence()).isEqualTo(4);
    }

    @Test
    void whatCouldNotBeWrittenIsToldByARowAfterAHoleEvenWhereThereIsNothingElseToTell() {
        assertThat(rowOf("first").sequence()).isOne();
        pending.leaveOut();

        Following.Row row = pending.take(ME).orElseThrow();

        assertThat(row.sequence()).isEqualTo(3);
        assertThat(row.notes()).isEmpty();
        assertThat(pending.take(ME)).isEmpty();
    }

    private Following.Row rowOf(String body) {
        pending.add(note(body));
        return pending.take(ME).orElseThrow();
    }

    private static PeerNote note(String body) {
        return new PeerNote("topic", body);
    }
}
