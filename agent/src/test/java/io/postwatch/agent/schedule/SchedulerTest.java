package io.postwatch.agent.schedule;

import static io.postwatch.agent.assignment.TestAssignments.aCheck;
import static io.postwatch.agent.assignment.TestAssignments.anAssignment;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.postwatch.agent.assignment.AssignedItem;
import io.postwatch.agent.assignment.Assignment;
import io.postwatch.agent.assignment.Check;
import io.postwatch.agent.assignment.DesiredState;
import io.postwatch.agent.assignment.LoginPlan;
import io.postwatch.agent.assignment.SeriesId;
import io.postwatch.agent.disk.PrivateFolder;
import io.postwatch.agent.probe.Probe;
import io.postwatch.agent.probe.ProbeRequest;
import io.postwatch.agent.probe.ProbeResult;
import io.postwatch.agent.probe.Status;
import io.postwatch.agent.probe.Transcript;
import io.postwatch.agent.probe.failure.Failure;
import io.postwatch.agent.probe.failure.FailureCode;
import io.postwatch.agent.probe.time.Deadline;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(30)
class SchedulerTest {

    /** A moment at which a grid of 10 s with anchor 0 is due. */
    private static final Instant START = Instant.parse("2026-01-01T00:00:00Z");

    @TempDir
    Path home;

    private final AtomicLong nanos = new AtomicLong();
    private final ConcurrentLinkedQueue<FinishedRun> finished = new ConcurrentLinkedQueue<>();
    private final AtomicReference<Probe> probe = new AtomicReference<>((request, deadline) -> ok());
    private final AtomicReference<RunRecorder> recorder = new AtomicReference<>(finished::add);
    private ControllerClock clock;
    private @Nullable Scheduler scheduler;

    @BeforeEach
    void open() throws IOException {
        clock = new ControllerClock(nanos::get, () -> START.plusSeconds(1), PrivateFolder.open(home.resolve("state")));
        clock.sample(new TimeSample(nanos.get(), nanos.get(), START.plusSeconds(1)));
    }

    @AfterEach
    void close() {
        if (scheduler != null) {
            scheduler.close();
        }
    }

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
    void aTestWithALoginButWithoutItsCredentialsIsNoRunWithoutLogin() {
        Scheduler scheduler = start(ScheduleLimits.DEFAULT);
        TestRuns tests = new TestRuns(scheduler, clock, nanos::get, ScheduleLimits.DEFAULT);
        ConcurrentLinkedQueue<ProbeResult> told = new ConcurrentLinkedQueue<>();
        Check plain = aCheck();
        Check check = new Check(
                plain.type(),
                plain.target(),
                new LoginPlan(null, false),
                plain.thresholds(),
                plain.certificatePolicy(),
                plain.timeout());
        tests.begin(new TestId(new UUID(1, 1)), check, null, (test, startedAt, result) -> told.add(result));
        await().until(() -> !told.isEmpty());
        assertThat(told.peek().status()).isEqualTo(Status.NO_DATA);
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

    @Test
    void aTestRunsBesideEverythingAndACancelledOneIsSilent() {
        Scheduler scheduler = start(ScheduleLimits.DEFAULT);
        TestRuns tests = new TestRuns(scheduler, clock, nanos::get, ScheduleLimits.DEFAULT);
        ConcurrentLinkedQueue<TestId> told = new ConcurrentLinkedQueue<>();
        TestId first = new TestId(new UUID(1, 1));
        tests.begin(first, aCheck(), null, (test, startedAt, result) -> told.add(test));
        await().until(() -> told.contains(first));

        CountDownLatch cancelled = new CountDownLatch(1);
        CountDownLatch registered = new CountDownLatch(1);
        probe.set(new Probe() {
            @Override
            public ProbeResult run(ProbeRequest request, Deadline deadline) {
                deadline.register(cancelled::countDown);
                registered.countDown();
                try {
                    cancelled.await();
                } catch (InterruptedException interrupted) {
                    throw new IllegalStateException(interrupted);
                }
                return ok();
            }
        });
        TestId second = new TestId(new UUID(2, 2));
        tests.begin(second, aCheck(), null, (test, startedAt, result) -> told.add(test));
        await().until(() -> registered.getCount() == 0);
        tests.cancel(second);
        await().until(() -> cancelled.getCount() == 0);
        assertThat(told).containsExactly(first);
    }

    private Scheduler start(ScheduleLimits limits) {
        AtomicLong ids = new AtomicLong();
        return start(limits, () -> new UUID(0, ids.incrementAndGet()));
    }

    private Scheduler start(ScheduleLimits limits, Supplier<UUID> ids) {
        Scheduler started = new Scheduler(
                (request, deadline) -> probe.get().run(request, deadline),
                (secret, plan) -> plan.with("user", "password"),
                run -> recorder.get().record(run),
                clock,
                nanos::get,
                limits,
                ids);
        scheduler = started;
        return started;
    }

    private static void assign(Scheduler scheduler, Assignment... assignments) {
        scheduler.assign(DesiredState.of(
                1,
                List.of(assignments).stream()
                        .<AssignedItem>map(AssignedItem.Accepted::new)
                        .toList()));
    }

    private void pass(Duration time) {
        nanos.addAndGet(time.toNanos());
    }

    private void awaitResults(int count) {
        await().pollInterval(Duration.ofMillis(10))
                .atMost(Duration.ofSeconds(5))
                .until(() -> finished.size() == count);
    }

    private static @Nullable FailureCode code(@Nullable FinishedRun run) {
        Failure failure = run == null ? null : run.result().failure();
        return failure == null ? null : failure.code();
    }

    private static ProbeResult ok() {
        return new ProbeResult(
                Status.OK,
                null,
                Duration.ofMillis(5),
                List.of(),
                null,
                null,
                null,
                "",
                List.of(),
                null,
                Transcript.EMPTY);
    }
}
