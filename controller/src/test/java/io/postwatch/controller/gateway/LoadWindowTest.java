package io.postwatch.controller.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.Duration;
import io.postwatch.controller.liveness.RecentLoad;
import io.postwatch.proto.agent.v1.Load;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class LoadWindowTest {
    private final LoadWindow window = new LoadWindow();
    private Instant now = Instant.parse("2026-11-22T12:00:00Z");

    @Test
    void ratesTheRunsOfTheLastMinute() {
        assertThat(window.add(now, load(100, 0, 0)).runsPerMinute())
                .as("over which time is not known")
                .isZero();
        assertThat(after(8, load(8, 0, 0)).runsPerMinute()).isEqualTo(60);
        assertThat(after(8, load(24, 0, 0)).runsPerMinute()).isEqualTo(120);
    }

    @Test
    void keepsTheGreatestLagOfTheLastMinute() {
        window.add(now, load(1, 0, 700));
        assertThat(after(30, load(1, 0, 20)).scheduleLag()).hasMillis(700);
        assertThat(after(30, load(1, 0, 10)).scheduleLag()).hasMillis(700);
        assertThat(after(8, load(1, 0, 5)).scheduleLag()).hasMillis(20);
    }

    @Test
    void countsSkippedRunsOfTheLastMinuteAndOfTheSession() {
        window.add(now, load(1, 3, 0));
        assertThat(after(59, load(1, 2, 0)).skippedRuns()).isEqualTo(5);
        RecentLoad later = after(8, load(1, 0, 0));
        assertThat(later.skippedRuns()).isEqualTo(2);
        assertThat(later.skippedInSession()).isEqualTo(5);
    }

    @Test
    void whatMakesNoSenseCountsAsNothing() {
        RecentLoad recent = window.add(
                now,
                Load.newBuilder()
                        .setRuns(-1)
                        .setSkippedRuns(Long.MAX_VALUE)
                        .setScheduleLag(Duration.newBuilder().setSeconds(Long.MAX_VALUE))
                        .build());

        assertThat(recent).isEqualTo(new RecentLoad(0, java.time.Duration.ZERO, 0, 0));
        assertThat(after(8, load(1, 0, -20)).scheduleLag()).isZero();
    }

    @Test
    void aFloodOfHeartbeatsIsNotKept() {
        RecentLoad recent = window.add(now, load(0, 0, 0));
        for (int i = 0; i < 10_000; i++) {
            now = now.plusMillis(1);
            recent = window.add(now, load(0, 1, 0));
        }
        assertThat(recent.skippedRuns()).isEqualTo(LoadWindow.MOST_SAMPLES);
        assertThat(recent.skippedInSession()).isEqualTo(10_000);
    }

    @Test
    void aClockThatIsSetBackBeginsAnew() {
        window.add(now, load(1, 5, 0));
        after(8, load(1, 5, 0));
        RecentLoad recent = after(-86_400, load(1, 2, 0));
        assertThat(recent.skippedRuns()).isEqualTo(2);
        assertThat(recent.runsPerMinute()).isZero();
        assertThat(after(6, load(1, 0, 0)).runsPerMinute()).isEqualTo(10);
    }

    private RecentLoad after(int seconds, Load load) {
        now = now.plusSeconds(seconds);
        return window.add(now, load);
    }

    private static Load load(long runs, long skipped, int lagMillis) {
        return Load.newBuilder()
                .setRuns(runs)
                .setSkippedRuns(skipped)
                .setScheduleLag(Duration.newBuilder().setNanos(lagMillis * 1_000_000))
                .build();
    }
}
