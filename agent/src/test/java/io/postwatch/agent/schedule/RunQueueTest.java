package io.postwatch.agent.schedule;

import static io.postwatch.agent.assignment.TestAssignments.anAssignment;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class RunQueueTest {

    private static final Instant START = Instant.parse("2026-01-01T00:00:00Z");
    private static final Duration SPACING = Duration.ofMillis(100);
    private static final Duration PATIENCE = Duration.ofSeconds(10);

    private final RunQueue queue = queue(100_000, SPACING);
    private final List<ActiveRun> begun = new ArrayList<>();
    private final List<ActiveRun> givenUp = new ArrayList<>();

    /** 700 monitors of one provider, each once a minute: 11 or 12 a second where 10 may begin. */
    @Test
    void aServerWithMoreRunsThanItsRateGetsItsRateForEver() {
        int runs = 0;
        for (int second = 0; second < 3_600; second++) {
            int before = begun.size();
            for (int step = 0; step < 10; step++) {
                Duration now = Duration.ofSeconds(second).plusMillis(100L * step);
                for (; runs < (now.toMillis() + 1) * 700 / 60_000; runs++) {
                    queue.add(run(runs, now));
                }
                take(queue, now);
            }
            if (second > 0) {
                assertThat(begun.size() - before)
                        .as("runs begun in second " + second)
                        .isEqualTo(10);
            }
        }
        assertThat(givenUp).as("those beyond the rate").hasSizeBetween(5_500, 6_100);
        assertThat(queue.takeLoad().skippedRuns()).isEqualTo(givenUp.size());
    }

    @Test
    void aRunThatIsSkippedTakesNobodysTurn() {
        RunQueue slow = queue(10, Duration.ofSeconds(2));
        assertThat(slow.add(run(1, Duration.ZERO))).isTrue();
        take(slow, Duration.ZERO);
        for (int i = 0; i < 100; i++) {
            assertThat(slow.add(run(1, Duration.ofMillis(i)))).isFalse();
        }
        assertThat(slow.add(run(2, Duration.ofSeconds(1)))).isTrue();
        take(slow, Duration.ofSeconds(2));
        assertThat(begun).extracting(ActiveRun::runNumber).containsExactly(1L, 2L);
        assertThat(slow.takeLoad()).isEqualTo(new RunLoad(2, 100, Duration.ofSeconds(1)));
    }

    @Test
    void noMoreGoOnThanTheLimitSaysAndTheEndOfOneLetsTheNextBegin() {
        RunQueue narrow = queue(2, Duration.ZERO);
        for (int series = 1; series <= 3; series++) {
            narrow.add(run(series, Duration.ZERO));
        }
        take(narrow, Duration.ZERO);
        assertThat(begun).extracting(ActiveRun::runNumber).containsExactly(1L, 2L);
        assertThat(narrow.nextBeginsIn(0)).isEqualTo(Long.MAX_VALUE);
        narrow.ended(begun.getFirst());
        take(narrow, Duration.ofSeconds(1));
        assertThat(begun).extracting(ActiveRun::runNumber).containsExactly(1L, 2L, 3L);
        assertThat(narrow.running()).containsExactlyInAnyOrder(begun.get(1), begun.get(2));
    }

    @Test
    void aRunThatWaitedTooLongIsGivenUpEvenWhereThereIsNoRoomAndItsSeriesIsFreeAgain() {
        RunQueue narrow = queue(1, Duration.ZERO);
        narrow.add(run(1, Duration.ZERO));
        take(narrow, Duration.ZERO);
        narrow.add(run(2, Duration.ZERO));
        take(narrow, PATIENCE);
        assertThat(givenUp).isEmpty();
        take(narrow, PATIENCE.plusNanos(1));
        assertThat(givenUp).extracting(ActiveRun::runNumber).containsExactly(2L);
        assertThat(narrow.add(run(2, PATIENCE))).isTrue();
    }

    @Test
    void aTriggeredRunGoesBesideTheOneOfItsGrid() {
        queue.add(run(1, Duration.ZERO));
        queue.add(run(1, Duration.ZERO, true));
        take(queue, Duration.ZERO);
        take(queue, SPACING);
        assertThat(begun).extracting(ActiveRun::triggered).containsExactly(false, true);
        queue.ended(begun.getLast());
        assertThat(queue.add(run(1, SPACING))).as("its run of the grid goes on").isFalse();
        queue.ended(begun.getFirst());
        assertThat(queue.isIdle()).isTrue();
        assertThat(queue.add(run(1, SPACING))).isTrue();
    }

    @Test
    void aRunIsOverdueOnceItsTimeoutAndTheWatchdogsTimeHavePassed() {
        queue.add(run(1, Duration.ZERO));
        take(queue, Duration.ZERO);
        Duration end = begun.getFirst().assignment().check().timeout().plusSeconds(5);
        assertThat(queue.overdue(end.toNanos())).isEmpty();
        assertThat(queue.overdue(end.toNanos() + 1)).containsExactly(begun.getFirst());
    }

    @Test
    void whatHasNotBegunCanBeTaken() {
        for (int series = 1; series <= 3; series++) {
            queue.add(run(series, Duration.ZERO));
        }
        take(queue, Duration.ZERO);
        assertThat(queue.takeWaiting()).extracting(ActiveRun::runNumber).containsExactly(2L, 3L);
        take(queue, Duration.ofSeconds(1));
        assertThat(begun).hasSize(1);
    }

    /** Begins and gives up what is to; none ends by itself. */
    private void take(RunQueue from, Duration now) {
        for (Optional<RunQueue.Next> next = from.next(now.toNanos(), START.plus(now));
                next.isPresent();
                next = from.next(now.toNanos(), START.plus(now))) {
            switch (next.get()) {
                case RunQueue.Next.Begin(ActiveRun run) -> begun.add(run);
                case RunQueue.Next.GiveUp(ActiveRun run) -> givenUp.add(run);
            }
        }
    }

    private static RunQueue queue(int concurrentRuns, Duration spacing) {
        return new RunQueue(new ScheduleLimits(concurrentRuns, 1, spacing, PATIENCE, Duration.ofSeconds(5)));
    }

    private static ActiveRun run(long series, Duration now) {
        return run(series, now, false);
    }

    private static ActiveRun run(long series, Duration now, boolean triggered) {
        return new ActiveRun(
                anAssignment(series, 1),
                new UUID(0, series),
                series,
                START.plus(now),
                false,
                triggered,
                now.toNanos(),
                now.plus(PATIENCE).toNanos());
    }
}
