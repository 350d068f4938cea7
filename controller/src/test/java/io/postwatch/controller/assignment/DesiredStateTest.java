package io.postwatch.controller.assignment;

import static org.assertj.core.api.Assertions.assertThat;

import io.postwatch.controller.shared.id.SeriesId;
import java.util.HexFormat;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

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

    private static DesiredState state(long revision, Map<Long, Long> revisions) {
        return DesiredState.of(revision, new TreeMap<>(revisions));
    }

    private static String hex(DesiredState state) {
        return HexFormat.of().formatHex(state.hash());
    }
}
