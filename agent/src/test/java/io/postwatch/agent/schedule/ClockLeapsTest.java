package io.postwatch.agent.schedule;

import static io.postwatch.agent.assignment.TestAssignments.anAssignment;
import static org.assertj.core.api.Assertions.assertThat;

import io.postwatch.agent.assignment.AssignedItem;
import io.postwatch.agent.assignment.DesiredState;
import io.postwatch.agent.disk.PrivateFolder;
import io.postwatch.agent.login.LoginLeases;
import io.postwatch.agent.probe.sasl.Login;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Queue;
import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Whatever becomes of the wall clock: no run has the number of an earlier one, and with a controller all is right again. */
class ClockLeapsTest {

    private static final Instant START = Instant.parse("2026-01-01T00:00:00Z");
    private static final Duration PERIOD = Duration.ofSeconds(10);

    /** Results that lie further ahead are refused. */
    private static final Duration REFUSED = Duration.ofMinutes(5);

    enum Restart {
        NONE,
        STOPPED,
        KILLED
    }

    record Leap(Duration by, boolean online, Restart restart) {}

    /** A result, and when it was made in truth. */
    private record Made(FinishedRun run, Instant at) {}

    @TempDir
    Path home;

    private final List<Made> made = new ArrayList<>();

    /** What a controller took, each as soon as it could be asked. */
    private final List<Made> accepted = new ArrayList<>();

    private int delivered;
    private final Queue<Runnable> threads = new ArrayDeque<>();
    private PrivateFolder folder;
    private ControllerClock clock;
    private Scheduler scheduler;
    private Instant truth = START;
    private long nanos = 5_000_000_000L;
    private Duration wallOffset = Duration.ofMillis(-200);
    private boolean online = true;

    @BeforeEach
    void begin() throws IOException {
        folder = PrivateFolder.open(home.resolve("state"));
        start();
        pass(Duration.ofMinutes(3));
    }

    static Stream<Leap> leaps() {
        return Stream.of(
                        Duration.ofSeconds(3),
                        Duration.ofSeconds(30),
                        Duration.ofMinutes(3),
                        Duration.ofMinutes(10),
                        Duration.ofHours(1),
                        Duration.ofDays(1))
                .flatMap(by -> Stream.of(by, by.negated()))
                .flatMap(by -> Stream.of(Restart.values())
                        .flatMap(restart -> Stream.of(new Leap(by, true, restart), new Leap(by, false, restart))));
    }

    @ParameterizedTest
    @MethodSource("leaps")
    void noNumberIsRunTwiceAndTheControllerPutsItRight(Leap leap) {
        online = leap.online();
        pass(Duration.ofMinutes(4));
        leap(leap);
        pass(Duration.ofMinutes(3));
        online = true;
        pass(Duration.ofMinutes(7));

        assertNothingTwice();
        assertThat(clock.isSuspect()).isFalse();
        assertThat(made)
                .filteredOn(result -> result.at().isAfter(truth.minus(Duration.ofMinutes(1))))
                .hasSize(6)
                .allSatisfy(result -> assertThat(Duration.between(result.run().scheduledAt(), result.at()))
                        .isBetween(Duration.ZERO, Duration.ofSeconds(1)));
    }

    @ParameterizedTest
    @CsvSource({"PT3S, true", "PT3S, false", "PT3M, true", "PT3M, false", "PT24H, true", "PT24H, false"})
    void aRunningAgentWhoseClockIsSetBackGoesOnAsBefore(Duration by, boolean connected) {
        online = connected;
        pass(Duration.ofMinutes(1));
        leap(new Leap(by.negated(), connected, Restart.NONE));
        pass(Duration.ofMinutes(3));
        assertThat(clock.instant()).isEqualTo(truth);
        assertThat(clock.isSuspect()).isFalse();
        assertThat(made).hasSize(7 * 6 + 1);
    }

    @ParameterizedTest
    @ValueSource(strings = {"PT3S", "PT30S", "PT3M", "PT1H", "PT24H"})
    void aMachineThatSleptWithoutAControllerDatesItsRunsAfterwards(Duration sleep) {
        online = false;
        pass(Duration.ofMinutes(1));
        // The monotonic clock stands still meanwhile.
        truth = truth.plus(sleep);
        pass(Duration.ofMinutes(1));
        assertThat(clock.instant()).isEqualTo(truth);
        assertThat(scheduler.takeLoad().skippedRuns()).isEqualTo(Math.max(0, sleep.dividedBy(PERIOD) - 1));
        assertThat(made)
                .filteredOn(result -> result.at().isAfter(truth.minus(Duration.ofSeconds(50))))
                .hasSize(5)
                .allSatisfy(result -> {
                    assertThat(Duration.between(result.run().scheduledAt(), result.at()))
                            .isBetween(Duration.ZERO, Duration.ofSeconds(1));
                    assertThat(result.run().clockSuspect()).isTrue();
                });
    }

    @ParameterizedTest
    @ValueSource(strings = {"PT3S", "PT30S", "PT3M", "PT6M", "PT1H", "PT24H"})
    void whatAMachineSleptThroughWithAControllerAtHandIsSkippedAndCounted(Duration sleep) {
        pass(Duration.ofMinutes(1));
        truth = truth.plus(sleep);
        pass(Duration.ofMinutes(1));
        assertThat(clock.instant()).isEqualTo(truth);
        Duration from = Duration.between(
                made.getFirst().run().scheduledAt(), made.getLast().run().scheduledAt());
        assertThat(made.size() + scheduler.takeLoad().skippedRuns())
                .as("moments that came")
                .isEqualTo(from.dividedBy(PERIOD) + 1);
        assertThat(Duration.between(made.getLast().run().scheduledAt(), truth)).isLessThan(PERIOD);
        assertNothingTwice();
    }

    static Stream<Duration> wrongBy() {
        return Stream.of(
                        Duration.ofSeconds(3),
                        Duration.ofSeconds(30),
                        Duration.ofSeconds(290),
                        Duration.ofMinutes(7),
                        Duration.ofHours(1),
                        Duration.ofDays(1),
                        Duration.ofDays(10))
                .flatMap(by -> Stream.of(by, by.negated()));
    }

    @ParameterizedTest
    @MethodSource("wrongBy")
    void aConnectedAgentRunsOnWhateverItsWallClockShows(Duration by) {
        wallOffset = wallOffset.plus(by);
        pass(Duration.ofMinutes(6));
        assertThat(clock.instant()).isEqualTo(truth);
        wallOffset = wallOffset.minus(by);
        pass(Duration.ofSeconds(10));
        wallOffset = wallOffset.plus(by);
        pass(Duration.ofMinutes(6));
        assertThat(clock.instant()).isEqualTo(truth);
        assertNothingTwice();
        assertNoHole();
    }

    @ParameterizedTest
    @MethodSource("wrongBy")
    void withoutAControllerAWrongLeapThatIsTakenBackIsForgotten(Duration by) {
        online = false;
        pass(Duration.ofMinutes(1));
        wallOffset = wallOffset.plus(by);
        pass(Duration.ofSeconds(10));
        wallOffset = wallOffset.minus(by);
        assertThat(clock.instant()).isEqualTo(truth);
        pass(Duration.ofMinutes(6));
        assertThat(clock.instant()).isEqualTo(truth);
        online = true;
        pass(Duration.ofMinutes(6));
        assertNothingTwice();
        assertNoHole();
    }

    @ParameterizedTest
    @MethodSource("wrongBy")
    void aWrongLeapThatAControllerCorrectsSilencesNothing(Duration by) {
        online = false;
        pass(Duration.ofMinutes(1));
        wallOffset = wallOffset.plus(by);
        pass(Duration.ofSeconds(10));
        online = true;
        pass(Duration.ofMinutes(12));
        assertThat(clock.instant()).isEqualTo(truth);
        assertNothingTwice();
        assertNoHole();
    }

    @ParameterizedTest
    @CsvSource({"PT6S, KILLED", "PT3M, KILLED", "PT10M, STOPPED", "PT24H, STOPPED", "PT24H, KILLED", "P10D, STOPPED"})
    void aStartWithAClockThatIsBehindIsForgottenOnceItIsPutRight(Duration behind, Restart restart) {
        online = false;
        pass(Duration.ofMinutes(1));
        leap(new Leap(behind.negated(), false, restart));
        pass(Duration.ofMinutes(1));
        assertThat(clock.isSuspect()).isTrue();
        wallOffset = wallOffset.plus(behind);
        assertThat(clock.instant()).isEqualTo(truth);
        pass(Duration.ofMinutes(6));
        assertThat(clock.instant()).isEqualTo(truth);
        online = true;
        pass(Duration.ofMinutes(7));
        assertNothingTwice();
    }

    @ParameterizedTest
    @CsvSource({"PT24H, KILLED", "PT24H, STOPPED", "P10D, STOPPED"})
    void aGuessDoesNotOutrankTheWallClockOfTheNextStart(Duration ahead, Restart restart) {
        online = false;
        pass(Duration.ofMinutes(1));
        wallOffset = wallOffset.plus(ahead);
        pass(Duration.ofMinutes(2));
        leap(new Leap(ahead.negated(), false, restart));
        assertThat(clock.instant()).isEqualTo(truth);
        assertThat(clock.isSuspect()).isTrue();
        pass(Duration.ofMinutes(3));
        online = true;
        pass(Duration.ofMinutes(7));
        assertNothingTwice();
    }

    @ParameterizedTest
    @CsvSource({"PT1H, PT30M", "PT1H, PT3S", "PT1H, PT3H", "PT-1H, PT30M", "PT0S, PT30M"})
    void aSleepOfAMachineWhoseClockWasAlwaysWrongIsASleep(Duration behind, Duration sleep) {
        wallOffset = behind.negated();
        pass(Duration.ofMinutes(1));
        online = false;
        pass(Duration.ofMinutes(1));
        truth = truth.plus(sleep);
        assertThat(clock.instant()).isEqualTo(truth);
        assertThat(clock.isSuspect()).isTrue();
    }

    @ParameterizedTest
    @ValueSource(strings = {"PT3S", "PT1H", "PT24H"})
    void aClockThatIsPutRightWithoutAControllerMovesNothing(Duration behind) {
        wallOffset = behind.negated();
        pass(Duration.ofMinutes(1));
        online = false;
        pass(Duration.ofMinutes(1));
        wallOffset = Duration.ZERO;
        assertThat(clock.instant()).isEqualTo(truth);
        assertThat(clock.isSuspect()).isTrue();
        truth = truth.plusSeconds(30);
        assertThat(clock.instant()).isEqualTo(truth);
    }

    @ParameterizedTest
    @ValueSource(strings = {"PT3S", "PT30S", "PT1H"})
    void aSleepThatTheSessionSurvivedIsKnownWithTheNextAnswerOrOnceNoneComes(Duration sleep) {
        truth = truth.plus(sleep);
        assertThat(clock.instant()).isEqualTo(truth.minus(sleep));
        assertThat(clock.isSuspect()).isTrue();
        online = false;
        pass(Duration.ofSeconds(25));
        assertThat(clock.instant()).isEqualTo(truth);
        assertThat(clock.isSuspect()).isTrue();
        online = true;
        pass(Duration.ofSeconds(10));
        assertThat(clock.instant()).isEqualTo(truth);
        assertThat(clock.isSuspect()).isFalse();
        assertNothingTwice();
    }

    private void assertNothingTwice() {
        assertThat(accepted).extracting(result -> result.run().scheduledAt()).doesNotHaveDuplicates();
    }

    /** No two runs in a row lie further apart than what a number more or less explains. */
    private void assertNoHole() {
        Duration most = PERIOD.multipliedBy(2).plusSeconds(10);
        for (int i = 1; i < made.size(); i++) {
            assertThat(Duration.between(made.get(i - 1).at(), made.get(i).at()))
                    .as("without a run after %s", made.get(i - 1))
                    .isLessThanOrEqualTo(most);
        }
        assertThat(Duration.between(made.getLast().at(), truth)).isLessThanOrEqualTo(most);
    }

    private void leap(Leap leap) {
        if (leap.restart() == Restart.STOPPED) {
            scheduler.close();
            clock.keepNow();
        }
        wallOffset = wallOffset.plus(leap.by());
        if (leap.restart() != Restart.NONE) {
            truth = truth.plusSeconds(2);
            nanos = 77;
            start();
        }
    }

    private void start() {
        clock = new ControllerClock(() -> nanos, () -> truth.plus(wallOffset), folder);
        List<Made> earlier = List.copyOf(made);
        clock.recall(upTo -> earlier.stream()
                .map(result -> result.run().scheduledAt())
                .filter(at -> !at.isAfter(upTo))
                .max(Comparator.naturalOrder()));
        scheduler = new Scheduler(
                new CheckRunner(
                        (request, deadline) -> ScheduleTestCase.ok(),
                        (secret, check, deadline) ->
                                Objects.requireNonNull(check.login()).with("user", new Login.Password("password")),
                        LoginLeases.NONE),
                run -> made.add(new Made(run, truth)),
                clock,
                () -> nanos,
                ScheduleLimits.DEFAULT,
                UUID::randomUUID,
                (name, work) -> threads.add(work));
        scheduler.assign(DesiredState.of(
                1, List.<AssignedItem>of(new AssignedItem.Accepted(anAssignment(1, 1, PERIOD, Duration.ZERO)))));
    }

    private void pass(Duration time) {
        for (int half = 0; half < time.toSeconds() * 2; half++) {
            truth = truth.plusMillis(500);
            nanos += 500_000_000;
            if (online && half % 16 == 8) {
                clock.sample(new TimeSample(nanos, nanos, truth));
                deliver();
            }
            scheduler.look();
            for (Optional<Runnable> next = next(); next.isPresent(); next = next()) {
                next.get().run();
            }
        }
    }

    private void deliver() {
        made.subList(delivered, made.size()).stream()
                .filter(result -> !result.run().scheduledAt().isAfter(truth.plus(REFUSED)))
                .forEach(accepted::add);
        delivered = made.size();
    }

    private Optional<Runnable> next() {
        return Optional.ofNullable(threads.poll());
    }
}
