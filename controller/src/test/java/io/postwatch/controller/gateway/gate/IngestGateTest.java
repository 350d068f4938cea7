package io.postwatch.controller.gateway.gate;

import static io.postwatch.controller.evaluation.Lane.BACK_FILL;
import static io.postwatch.controller.evaluation.Lane.LIVE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@Timeout(30)
class IngestGateTest {
    private final List<String> called = new ArrayList<>();
    private final SessionEnd end = new SessionEnd(() -> false);

    @ParameterizedTest
    @CsvSource({"1, 1", "2, 1", "3, 1", "4, 2", "5, 2", "8, 4"})
    void backFillHasAtMostHalfOfThePlacesAndOneAtLeast(int places, int forBackFill) {
        IngestGate gate = new IngestGate(places, 100);
        for (int i = 0; i < places + 3; i++) {
            gate.enter(BACK_FILL, 1, turn("old"));
        }
        assertThat(called).hasSize(forBackFill);
        for (int i = forBackFill; i < places; i++) {
            gate.enter(LIVE, 1, turn("new"));
        }
        assertThat(called).hasSize(places);
        gate.enter(LIVE, 1, turn("one too many"));
        assertThat(called).hasSize(places);
    }

    @Test
    void liveMayHaveAllPlaces() {
        IngestGate gate = new IngestGate(4, 100);
        for (int i = 1; i <= 5; i++) {
            gate.enter(LIVE, 1, turn("live " + i));
        }
        assertThat(called).containsExactly("live 1", "live 2", "live 3", "live 4");
        gate.leave(LIVE);
        assertThat(called).endsWith("live 5");
    }

    @Test
    void aLiveBatchGoesBeforeAllBackFillThatWaitsAndEachLaneInItsOrder() {
        IngestGate gate = new IngestGate(2, 100);
        gate.enter(LIVE, 1, turn("live 1"));
        gate.enter(LIVE, 1, turn("live 2"));
        gate.enter(BACK_FILL, 1, turn("old 1"));
        gate.enter(BACK_FILL, 1, turn("old 2"));
        gate.enter(LIVE, 1, turn("live 3"));
        gate.enter(LIVE, 1, turn("live 4"));

        gate.leave(LIVE);
        gate.leave(LIVE);
        assertThat(called).containsExactly("live 1", "live 2", "live 3", "live 4");
        gate.leave(LIVE);
        assertThat(called).endsWith("live 4", "old 1");
        gate.leave(LIVE);
        assertThat(called).as("no second place for back-fill").endsWith("live 4", "old 1");
        gate.leave(BACK_FILL);
        assertThat(called).endsWith("old 1", "old 2");
    }

    @Test
    void backFillTakesNoPlaceWhileALiveBatchWaits() {
        IngestGate gate = new IngestGate(1, 100);
        gate.enter(BACK_FILL, 1, turn("old 1"));
        gate.enter(BACK_FILL, 1, turn("old 2"));
        gate.enter(LIVE, 1, turn("live 1"));

        gate.leave(BACK_FILL);
        assertThat(called).containsExactly("old 1", "live 1");
        gate.enter(LIVE, 1, turn("live 2"));
        gate.leave(LIVE);
        assertThat(called).containsExactly("old 1", "live 1", "live 2");
        gate.leave(LIVE);
        assertThat(called).containsExactly("old 1", "live 1", "live 2", "old 2");
    }

    @Test
    void aPlaceIsGivenBackAlsoWhereTheWorkFails() {
        IngestGate gate = new IngestGate(1, 100);
        assertThatThrownBy(() -> gate.pass(
                        BACK_FILL,
                        1,
                        end,
                        () -> {
                            throw new IllegalStateException("a batch that fails");
                        },
                        "stopping"))
                .hasMessage("a batch that fails");
        assertThat(gate.pass(BACK_FILL, 1, end, () -> "stored", "stopping")).isEqualTo("stored");
        assertThat(gate.pass(LIVE, 1, end, () -> "stored", "stopping")).isEqualTo("stored");
    }

    @Test
    void oneThatIsInterruptedWhileItWaitsTakesNobodysPlace() throws InterruptedException {
        IngestGate gate = new IngestGate(1, 100);
        gate.enter(LIVE, 1, turn("live 1"));
        AtomicReference<String> answer = new AtomicReference<>();
        Thread waiting =
                Thread.ofVirtual().start(() -> answer.set(gate.pass(LIVE, 1, end, () -> "stored", "stopping")));
        waiting.interrupt();
        waiting.join();
        assertThat(answer).hasValue("stopping");

        gate.enter(LIVE, 1, turn("live 2"));
        gate.leave(LIVE);
        assertThat(called).containsExactly("live 1", "live 2");
    }

    @Test
    void whoseSessionEndsWaitsNoLonger() throws InterruptedException {
        IngestGate gate = new IngestGate(1, 100);
        gate.enter(LIVE, 1, turn("live 1"));
        AtomicReference<String> answer = new AtomicReference<>();
        Thread waiting = Thread.ofVirtual().start(() -> answer.set(gate.pass(LIVE, 1, end, () -> "stored", "over")));
        gate.enter(LIVE, 1, turn("live 2"));
        end.come();
        waiting.join();
        assertThat(answer).hasValue("over");
        assertThat(gate.waiting()).isOne();
        assertThat(gate.pass(BACK_FILL, 1, end, () -> "stored", "over"))
                .as("a session that is over already")
                .isEqualTo("over");

        gate.leave(LIVE);
        gate.leave(LIVE);
        assertThat(called).containsExactly("live 1", "live 2");
        assertThat(gate.pass(LIVE, 1, new SessionEnd(() -> false), () -> "stored", "over"))
                .isEqualTo("stored");
    }

    @Test
    void whoseAgentIsGoneByItsTurnLeavesItUnused() {
        IngestGate gate = new IngestGate(1, 100);
        assertThat(gate.pass(LIVE, 1, new SessionEnd(() -> true), () -> "stored", "gone"))
                .isEqualTo("gone");
        assertThat(gate.pass(LIVE, 1, end, () -> "stored", "gone")).isEqualTo("stored");
    }

    @Test
    void itIsCrowdedByTheBytesThatWait() {
        IngestGate gate = new IngestGate(1, 100);
        gate.enter(LIVE, 1_000, turn("is stored, and doesn't wait"));
        gate.enter(LIVE, 60, turn("live"));
        gate.enter(BACK_FILL, 40, turn("old"));
        assertThat(gate.isCrowded(LIVE)).isFalse();
        gate.enter(BACK_FILL, 1, turn("old"));
        assertThat(gate.isCrowded(LIVE)).isTrue();
        gate.leave(LIVE);
        assertThat(gate.isCrowded(LIVE)).isFalse();
    }

    @Test
    void forWhoseBackFillWaitsItIsCrowdedByFreshResultsAlone() {
        IngestGate gate = new IngestGate(1, 100);
        gate.enter(LIVE, 1_000, turn("is stored, and doesn't wait"));
        gate.enter(BACK_FILL, 1_000, turn("old"));
        gate.enter(LIVE, 100, turn("live"));
        assertThat(gate.isCrowded(BACK_FILL)).isFalse();
        gate.enter(LIVE, 1, turn("live"));
        assertThat(gate.isCrowded(BACK_FILL)).isTrue();
        gate.leave(LIVE);
        assertThat(gate.isCrowded(BACK_FILL)).isFalse();
        assertThat(gate.isCrowded(LIVE)).isTrue();
    }

    private Runnable turn(String name) {
        return () -> called.add(name);
    }
}
