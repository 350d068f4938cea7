package io.postwatch.controller.assignment;

import static org.assertj.core.api.Assertions.assertThat;

import io.postwatch.controller.shared.SeriesId;
import java.time.Instant;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class DesiredStateTest {
    @Test
    void theHashIsThatOfTheProtocol() {
        // sha256 of nothing, and of 00…01 00…02 00…0300000000 00…07, computed with other tools.
        assertThat(hex(DesiredState.NOTHING))
                .isEqualTo("e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
        assertThat(hex(state(9, Map.of(0x3_0000_0000L, 7L, 1L, 2L))))
                .isEqualTo("85f896b7113ccb478ee152218a39c99898bfa6a1592cdd8b79c82ec90efc3135");
    }

    @Test
    void theCountOfChangesIsNotInTheHash() {
        assertThat(hex(state(1, Map.of(1L, 2L)))).isEqualTo(hex(state(2, Map.of(1L, 2L))));
    }

    @Test
    void whatIsNewChangedAndGoneIsTold() {
        DesiredState before = state(1, Map.of(1L, 1L, 2L, 1L, 3L, 1L));
        DesiredState after = state(2, Map.of(1L, 1L, 2L, 2L, 4L, 1L));

        DesiredState.Change change = after.since(before);

        assertThat(change.assigned()).containsExactly(new SeriesId(2), new SeriesId(4));
        assertThat(change.withdrawn()).containsExactly(new SeriesId(3));
        assertThat(after.since(after).isEmpty()).isTrue();
    }

    @Test
    void coversASeriesFromItsRevisionOn() {
        DesiredState state = state(1, Map.of(5L, 3L));

        assertThat(state.covers(new SeriesId(5), 3)).isTrue();
        assertThat(state.covers(new SeriesId(5), 4)).isFalse();
        assertThat(state.covers(new SeriesId(6), 1)).isFalse();
    }

    @Test
    void seriesIdsRiseAndAreNeverTheSame() {
        Instant now = Instant.parse("2026-11-22T12:00:00Z");
        SeriesIds ids = new SeriesIds(() -> now, new Random(1));
        Set<Long> seen = new HashSet<>();
        long last = 0;
        for (int i = 0; i < 10_000; i++) {
            long id = ids.next().value();
            assertThat(id).isGreaterThan(last);
            assertThat(seen.add(id)).isTrue();
            last = id;
        }
    }

    @ParameterizedTest
    @EnumSource(OutcomeState.class)
    void anOutcomeGoesWhereItMayAndNowhereElse(OutcomeState from) {
        Map<OutcomeState, Set<OutcomeState>> legal = Map.of(
                OutcomeState.WAITING, Set.of(OutcomeState.RUNNING, OutcomeState.FAILED),
                OutcomeState.RUNNING, Set.of(OutcomeState.DONE, OutcomeState.FAILED),
                OutcomeState.DONE, Set.of(),
                OutcomeState.FAILED, Set.of());
        for (OutcomeState to : OutcomeState.values()) {
            assertThat(from.canBecome(to))
                    .as("%s to %s", from, to)
                    .isEqualTo(legal.getOrDefault(from, Set.of()).contains(to));
        }
    }

    private static DesiredState state(long revision, Map<Long, Long> revisions) {
        return DesiredState.of(revision, new TreeMap<>(revisions));
    }

    private static String hex(DesiredState state) {
        return HexFormat.of().formatHex(state.hash());
    }
}
