package io.postwatch.agent.schedule;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.time.Instant;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TurnTest {

    private static final Grid GRID = new Grid(Duration.ofSeconds(60), Duration.ofSeconds(7));

    @ParameterizedTest
    @CsvSource({
        "1970-01-01T00:00:06.999Z, -1",
        "1970-01-01T00:00:07Z, 0",
        "1970-01-01T00:01:06.999999999Z, 0",
        "1970-01-01T00:01:07Z, 1",
        "2026-11-22T12:00:06Z, 29922479",
        "2026-11-22T12:00:07Z, 29922480",
    })
    void theNumberIsTheFloorOfTimeSinceTheAnchorByPeriod(Instant time, long number) {
        assertThat(GRID.runNumberAt(time)).isEqualTo(number);
        assertThat(GRID.dueAt(number)).isBeforeOrEqualTo(time);
        assertThat(GRID.dueAt(number + 1)).isAfter(time);
    }

    @Test
    void aSeriesBeginsWithTheNextMomentNotWithThePastOne() {
        Turn turn = Turn.beginning(GRID, GRID.dueAt(100).plusSeconds(59));
        assertThat(turn.dueAt()).isEqualTo(GRID.dueAt(101));
        assertThat(turn.isDue(GRID.dueAt(101).minusNanos(1))).isFalse();
        assertThat(turn.isDue(GRID.dueAt(101))).isTrue();
        assertThatThrownBy(() -> turn.take(GRID.dueAt(101).minusNanos(1))).isInstanceOf(IllegalStateException.class);
    }

    @Test
    void aJumpLeavesAGap() {
        Turn.Taken taken = new Turn(GRID, 101).take(GRID.dueAt(105).plusMillis(3));
        assertThat(taken.runNumber()).isEqualTo(105);
        assertThat(taken.leftOut()).isEqualTo(4);
        assertThat(taken.rest().next()).isEqualTo(106);
    }

    @Test
    void numbersNeverRepeatOrGoBackWhateverTimeDoes() {
        Random random = new Random(4711);
        for (int series = 0; series < 200; series++) {
            Instant time = Instant.parse("2026-01-01T00:00:00Z").plusMillis(random.nextInt(100_000));
            Turn turn = Turn.beginning(GRID, time);
            long last = turn.next() - 1;
            for (int step = 0; step < 200; step++) {
                time = time.plusMillis(random.nextInt(-90_000, 120_000));
                if (turn.isDue(time)) {
                    Turn.Taken taken = turn.take(time);
                    assertThat(taken.runNumber()).isGreaterThan(last);
                    assertThat(taken.scheduledAt()).isBeforeOrEqualTo(time).isAfter(time.minus(GRID.period()));
                    last = taken.runNumber();
                    turn = taken.rest();
                }
            }
            assertThat(last).isPositive();
        }
    }
}
