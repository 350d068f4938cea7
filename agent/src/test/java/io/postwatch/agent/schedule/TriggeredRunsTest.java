package io.postwatch.agent.schedule;

import static io.postwatch.agent.assignment.TestAssignments.anAssignment;
import static org.assertj.core.api.Assertions.assertThat;

import io.postwatch.agent.assignment.SeriesId;
import io.postwatch.agent.probe.failure.FailureCode;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class TriggeredRunsTest extends ScheduleTestCase {

    @Test
    void aTriggeredRunIsBesideTheGridAndCarriesTheControllersTime() {
        Scheduler scheduler = start(ScheduleLimits.DEFAULT);
        assign(scheduler, anAssignment(1, 3));
        Instant given = START.plusMillis(1234);
        scheduler.trigger(new SeriesId(1), 3, given);
        awaitResults(1);
        assertThat(finished.peek().scheduledAt()).isEqualTo(given);
        assertThat(finished.peek().triggered()).isTrue();
        pass(Duration.ofSeconds(10));
        awaitResults(2);
    }

    @Test
    void aTriggeredRunOfAYoungerRevisionWaitsForItsChange() {
        Scheduler scheduler = start(ScheduleLimits.DEFAULT);
        scheduler.trigger(new SeriesId(1), 4, START);
        assign(scheduler, anAssignment(1, 3));
        assertThat(scheduler.takeLoad().runs()).isZero();
        assign(scheduler, anAssignment(1, 4));
        awaitResults(1);
        assertThat(finished.peek().revision()).isEqualTo(4);
    }

    @Test
    void aTriggeredRunWhoseChangeNeverComesIsToldAsSkipped() {
        Scheduler scheduler = start(ScheduleLimits.DEFAULT);
        scheduler.trigger(new SeriesId(7), 4, START);
        pass(Duration.ofSeconds(61));
        awaitResults(1);
        assertThat(finished.peek().series()).isEqualTo(new SeriesId(7));
        assertThat(finished.peek().revision()).isEqualTo(4);
        assertThat(finished.peek().scheduledAt()).isEqualTo(START);
        assertThat(finished.peek().triggered()).isTrue();
        assertThat(code(finished.peek())).isEqualTo(FailureCode.SKIPPED);
    }

    @Test
    void tooManyTriggeredRunsAndThoseOfAnAgentThatStopsHaveTheirResultsToo() {
        Scheduler scheduler = start(ScheduleLimits.DEFAULT);
        for (int i = 0; i < 1_003; i++) {
            scheduler.trigger(new SeriesId(7), 4, START.plusSeconds(i));
        }
        awaitResults(3);
        assertThat(finished)
                .extracting(FinishedRun::scheduledAt)
                .containsExactlyInAnyOrder(START, START.plusSeconds(1), START.plusSeconds(2));
        scheduler.stop(Duration.ofSeconds(10));
        awaitResults(1_003);
    }
}
