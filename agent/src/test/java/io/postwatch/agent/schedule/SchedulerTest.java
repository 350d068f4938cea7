package io.postwatch.agent.schedule;

import static io.postwatch.agent.assignment.TestAssignments.anAssignment;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.postwatch.agent.assignment.Assignment;
import io.postwatch.agent.assignment.SeriesId;
import io.postwatch.agent.disk.PrivateFolder;
import io.postwatch.agent.probe.Status;
import io.postwatch.agent.probe.failure.FailureCode;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

class SchedulerTest extends ScheduleTestCase {

    @Test
    void everyMomentOfTheGridGivesOneResult() {
        Scheduler scheduler = start(ScheduleLimits.DEFAULT);
        assign(scheduler, anAssignment(1, 5));
        for (int i = 1; i <= 5; i++) {
            pass(Duration.ofSeconds(10));
            awaitResults(i);
        }
        assertThat(finished)
                .extracting(FinishedRun::scheduledAt)
                .containsExactly(
                        START.plusSeconds(10),
                        START.plusSeconds(20),
                        START.plusSeconds(30),
                        START.plusSeconds(40),
                        START.plusSeconds(50));
        assertThat(finished).allSatisfy(run -> {
            assertThat(run.revision()).isEqualTo(5);
            assertThat(run.triggered()).isFalse();
            assertThat(run.clockSuspect()).isFalse();
            assertThat(run.result().status()).isEqualTo(Status.OK);
        });
        assertThat(scheduler.takeLoad().runs()).isEqualTo(5);
    }

    @Test
    void momentsThatPassedWhileTheMachineStoodStillAreCountedAsSkipped() {
        Scheduler scheduler = start(ScheduleLimits.DEFAULT);
        assign(scheduler, anAssignment(1, 1));
        pass(Duration.ofSeconds(45));
        awaitResults(1);
        assertThat(finished.peek().scheduledAt()).isEqualTo(START.plusSeconds(40));
        RunLoad load = scheduler.takeLoad();
        assertThat(load.runs()).isEqualTo(1);
        assertThat(load.skippedRuns()).isEqualTo(3);
    }

    @Test
    void aRunThatIsStillGoingOnSkipsTheNextAndBothAreTold() {
        Semaphore held = new Semaphore(0);
        probe.set((request, deadline) -> {
            held.acquireUninterruptibly();
            return ok();
        });
        Scheduler scheduler =
                start(new ScheduleLimits(10, 1, Duration.ZERO, Duration.ofSeconds(20), Duration.ofSeconds(60)));
        assign(scheduler, anAssignment(1, 1));
        pass(Duration.ofSeconds(10));
        await().until(() -> held.hasQueuedThreads());
        pass(Duration.ofSeconds(10));
        awaitResults(1);
        assertThat(code(finished.peek())).isEqualTo(FailureCode.SKIPPED);
        assertThat(finished.peek().scheduledAt()).isEqualTo(START.plusSeconds(20));
        held.release(10);
        awaitResults(2);
        assertThat(finished).extracting(FinishedRun::scheduledAt).contains(START.plusSeconds(10));
    }

    @Test
    void aProbeThatThrowsIsAnErrorOfTheAgent() {
        probe.set((request, deadline) -> {
            throw new IllegalStateException("bug");
        });
        Scheduler scheduler = start(ScheduleLimits.DEFAULT);
        assign(scheduler, anAssignment(1, 1));
        pass(Duration.ofSeconds(10));
        awaitResults(1);
        assertThat(code(finished.peek())).isEqualTo(FailureCode.INTERNAL_ERROR);
        assertThat(finished.peek().result().status()).isEqualTo(Status.NO_DATA);
    }

    @Test
    void aRunThatIgnoresItsDeadlineIsGivenUpOnceAndItsLateResultDropped() {
        Semaphore held = new Semaphore(0);
        probe.set((request, deadline) -> {
            held.acquireUninterruptibly();
            return ok();
        });
        Scheduler scheduler = start(ScheduleLimits.DEFAULT);
        assign(scheduler, anAssignment(1, 1, Duration.ofHours(1), Duration.ofSeconds(10)));
        pass(Duration.ofSeconds(9));
        await().until(held::hasQueuedThreads);
        pass(Duration.ofSeconds(11));
        awaitResults(1);
        assertThat(code(finished.peek())).isEqualTo(FailureCode.INTERNAL_ERROR);
        held.release();
        scheduler.close();
        assertThat(finished).hasSize(1);
    }

    @Test
    void moreThanTheAgentCanDoIsToldAsOverloaded() {
        Semaphore held = new Semaphore(0);
        probe.set((request, deadline) -> {
            held.acquireUninterruptibly();
            return ok();
        });
        Scheduler scheduler =
                start(new ScheduleLimits(2, 1, Duration.ZERO, Duration.ofSeconds(3), Duration.ofSeconds(60)));
        assign(
                scheduler,
                LongStream.rangeClosed(1, 5)
                        .mapToObj(id -> anAssignment(id, 1, Duration.ofHours(1), Duration.ofSeconds(10)))
                        .toArray(Assignment[]::new));
        pass(Duration.ofSeconds(9));
        await().until(() -> held.getQueueLength() == 2);
        pass(Duration.ofSeconds(4));
        awaitResults(3);
        assertThat(finished).allSatisfy(run -> assertThat(code(run)).isEqualTo(FailureCode.OVERLOADED));
        held.release(2);
        awaitResults(5);
        assertThat(scheduler.takeLoad().skippedRuns()).isEqualTo(3);
    }

    @Test
    void runsAgainstOneServerKeepTheirDistance() {
        Scheduler scheduler =
                start(new ScheduleLimits(10, 1, Duration.ofSeconds(2), Duration.ofSeconds(30), Duration.ofSeconds(60)));
        assign(
                scheduler,
                anAssignment(1, 1, Duration.ofHours(1), Duration.ofSeconds(10)),
                anAssignment(2, 1, Duration.ofHours(1), Duration.ofSeconds(10)),
                anAssignment(3, 1, Duration.ofHours(1), Duration.ofSeconds(10)));
        pass(Duration.ofSeconds(9));
        awaitResults(1);
        pass(Duration.ofSeconds(2));
        awaitResults(2);
        pass(Duration.ofSeconds(2));
        awaitResults(3);
        assertThat(finished)
                .extracting(FinishedRun::startedAt)
                .containsExactly(START.plusSeconds(10), START.plusSeconds(12), START.plusSeconds(14));
    }

    @Test
    void theWatchdogsResultIsTheOneOfEveryRunItCutsOff() {
        probe.set((request, deadline) -> {
            try {
                new CountDownLatch(1).await();
            } catch (InterruptedException interrupted) {
                Thread.currentThread().interrupt();
            }
            return ok();
        });
        Scheduler scheduler =
                start(new ScheduleLimits(300, 1, Duration.ZERO, Duration.ofSeconds(60), Duration.ofSeconds(60)));
        assign(
                scheduler,
                LongStream.rangeClosed(1, 200)
                        .mapToObj(id -> anAssignment(id, 1, Duration.ofHours(1), Duration.ofSeconds(10)))
                        .toArray(Assignment[]::new));
        pass(Duration.ofSeconds(9));
        await().until(() -> scheduler.takeLoad().runs() == 200);
        pass(Duration.ofSeconds(66));
        awaitResults(200);
        assertThat(finished).allSatisfy(run -> assertThat(code(run)).isEqualTo(FailureCode.INTERNAL_ERROR));
    }

    @Test
    void aRunThatWaitsForTheDiskIsNotInterrupted() {
        Semaphore disk = new Semaphore(0);
        recorder.set(run -> {
            try {
                disk.acquire();
                finished.add(run);
            } catch (InterruptedException interrupted) {
                throw new IllegalStateException(interrupted);
            }
        });
        Scheduler scheduler = start(ScheduleLimits.DEFAULT);
        assign(scheduler, anAssignment(1, 1, Duration.ofHours(1), Duration.ofSeconds(10)));
        pass(Duration.ofSeconds(9));
        await().until(disk::hasQueuedThreads);
        pass(Duration.ofMinutes(2));
        await().pollDelay(Duration.ofMillis(600)).until(() -> true);
        disk.release(10);
        awaitResults(1);
        assertThat(finished.peek().result().status()).isEqualTo(Status.OK);
    }

    @Test
    void aBugInTheScheduleDoesNotEndIt() {
        AtomicLong failures = new AtomicLong(2);
        Scheduler scheduler = start(ScheduleLimits.DEFAULT, () -> {
            if (failures.getAndDecrement() > 0) {
                throw new IllegalStateException("bug");
            }
            return new UUID(0, 1);
        });
        assign(scheduler, anAssignment(1, 1));
        pass(Duration.ofSeconds(10));
        await().until(() -> failures.get() == 1);
        pass(Duration.ofSeconds(10));
        await().until(() -> failures.get() == 0);
        pass(Duration.ofSeconds(10));
        awaitResults(1);
        assertThat(finished.peek().result().status()).isEqualTo(Status.OK);
    }

    @Test
    void aSuspectClockIsToldAndDoesNotHoldTheGridBackLater() throws IOException {
        clock = new ControllerClock(
                nanos::get, () -> START.plus(Duration.ofDays(300)), PrivateFolder.open(home.resolve("fresh")));
        Scheduler scheduler = start(ScheduleLimits.DEFAULT);
        assign(scheduler, anAssignment(1, 1));
        pass(Duration.ofSeconds(10));
        awaitResults(1);
        assertThat(finished.peek().clockSuspect()).isTrue();
        clock.sample(new TimeSample(nanos.get(), nanos.get(), START.plusSeconds(1)));
        await().pollDelay(Duration.ofMillis(600)).until(() -> true);
        pass(Duration.ofSeconds(10));
        awaitResults(2);
        FinishedRun second = List.copyOf(finished).get(1);
        assertThat(second.clockSuspect()).isFalse();
        assertThat(second.scheduledAt()).isEqualTo(START.plusSeconds(10));
    }

    @Test
    void stoppingCutsOffWhatDoesNotEndAndTellsIt() {
        CountDownLatch cut = new CountDownLatch(1);
        probe.set((request, deadline) -> {
            deadline.register(cut::countDown);
            try {
                cut.await();
            } catch (InterruptedException interrupted) {
                throw new IllegalStateException(interrupted);
            }
            return ok();
        });
        Scheduler scheduler = start(ScheduleLimits.DEFAULT);
        assign(scheduler, anAssignment(1, 1));
        scheduler.trigger(new SeriesId(1), 1, START);
        await().until(() -> scheduler.takeLoad().runs() == 1);
        scheduler.close();
        assertThat(finished)
                .singleElement()
                .satisfies(run -> assertThat(code(run)).isEqualTo(FailureCode.SKIPPED));
    }
}
