package io.postwatch.agent.schedule;

import static org.assertj.core.api.Assertions.assertThat;

import io.postwatch.agent.assignment.SeriesId;
import io.postwatch.agent.probe.ProbeResult;
import io.postwatch.agent.probe.failure.FailureCode;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class EarlyTriggersTest {

    private static final Instant START = Instant.parse("2026-01-01T00:00:00Z");
    private static final long PATIENCE = Duration.ofMinutes(1).toNanos();

    private final EarlyTriggers triggers = new EarlyTriggers();
    private final List<Long> taken = new ArrayList<>();

    @Test
    void thoseThatAreReadyAreTakenOnceInTheOrderInWhichTheyCame() {
        add(1, 0);
        add(2, 0);
        add(3, 0);
        triggers.takeIf(trigger -> trigger.series().value() != 2, this::take);
        assertThat(taken).containsExactly(1L, 3L);
        triggers.takeAll(this::take);
        assertThat(taken).containsExactly(1L, 3L, 2L);
        triggers.takeAll(this::take);
        assertThat(taken).hasSize(3);
    }

    @Test
    void eachWaitsForAMinuteOfItsOwn() {
        add(1, 0);
        add(2, 5);
        triggers.takeStale(PATIENCE, this::take);
        assertThat(taken).isEmpty();
        triggers.takeStale(PATIENCE + 1, this::take);
        assertThat(taken).containsExactly(1L);
        triggers.takeStale(PATIENCE + 6, this::take);
        assertThat(taken).containsExactly(1L, 2L);
    }

    @Test
    void aTickerThatOverflowsMakesNoneStale() {
        add(1, Long.MAX_VALUE - 1);
        triggers.takeStale(Long.MAX_VALUE, this::take);
        triggers.takeStale(Long.MIN_VALUE, this::take);
        assertThat(taken).isEmpty();
        triggers.takeStale(Long.MAX_VALUE + PATIENCE, this::take);
        assertThat(taken).containsExactly(1L);
    }

    @Test
    void beyondAThousandTheOldestGo() {
        for (int series = 1; series <= 1_000; series++) {
            add(series, 0);
        }
        triggers.takeTooMany(this::take);
        assertThat(taken).isEmpty();
        add(1_001, 0);
        add(1_002, 0);
        triggers.takeTooMany(this::take);
        assertThat(taken).containsExactly(1L, 2L);
    }

    @Test
    void theResultOfOneThatNeverRanCarriesWhatTheControllerGave() {
        UUID runId = new UUID(0, 1);
        ProbeResult notRun = ProbeResult.notRun(FailureCode.SKIPPED, "It did not come.");
        FinishedRun finished =
                EarlyTriggers.begin(new SeriesId(7), 4, START, 0).finished(runId, START.plusSeconds(60), notRun, true);
        assertThat(finished)
                .isEqualTo(
                        new FinishedRun(new SeriesId(7), 4, runId, START, START.plusSeconds(60), notRun, true, true));
    }

    private void add(long series, long now) {
        triggers.add(EarlyTriggers.begin(new SeriesId(series), 1, START, now));
    }

    private void take(EarlyTriggers.Trigger trigger) {
        taken.add(trigger.series().value());
    }
}
