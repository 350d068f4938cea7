package io.postwatch.agent.schedule;

import static org.assertj.core.api.Assertions.assertThat;

import io.postwatch.agent.disk.PrivateFolder;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ControllerClockTest {

    private static final Instant WALL = Instant.parse("2026-01-01T00:00:00Z");

    @TempDir
    Path home;

    private final AtomicLong nanos = new AtomicLong(5_000_000_000L);
    private final AtomicReference<Instant> wall = new AtomicReference<>(WALL);
    private PrivateFolder folder;

    @BeforeEach
    void open() throws IOException {
        folder = PrivateFolder.open(home.resolve("state"));
    }

    @Test
    void beforeAnyControllerTheWallClockServesAndIsSuspect() {
        ControllerClock clock = clock();
        assertThat(clock.instant()).isEqualTo(WALL);
        assertThat(clock.isSuspect()).isTrue();
        pass(Duration.ofSeconds(1));
        assertThat(clock.instant()).isEqualTo(WALL.plusSeconds(1));
    }

    @Test
    void theMiddleOfTheRoundTripIsTheControllersTime() {
        ControllerClock clock = clock();
        sample(clock, Duration.ofMillis(100), Duration.ofSeconds(30));
        assertThat(clock.isSuspect()).isFalse();
        assertThat(clock.instant()).isEqualTo(WALL.plusSeconds(30).plusMillis(50));
    }

    @Test
    void theShortestRoundTripOfTheLastOnesCounts() {
        ControllerClock clock = clock();
        sample(clock, Duration.ofMillis(2), Duration.ofSeconds(30));
        Instant good = clock.instant();
        long at = nanos.get();
        sample(clock, Duration.ofSeconds(4), Duration.ofSeconds(33));
        assertThat(clock.instant()).isEqualTo(good.plusNanos(nanos.get() - at));
        for (int i = 0; i < 8; i++) {
            sample(clock, Duration.ofMillis(10), Duration.ofSeconds(40));
        }
        assertThat(Duration.between(good.plusNanos(nanos.get() - at), clock.instant()))
                .isGreaterThan(Duration.ofSeconds(1));
    }

    @Test
    void aHostThatWasSuspendedKnowsTheTimeWithTheNextAnswer() {
        ControllerClock clock = clock();
        sample(clock, Duration.ofMillis(2), Duration.ofSeconds(30));
        nanos.addAndGet(Duration.ofSeconds(8).toNanos());
        // The monotonic clock stood still meanwhile.
        Duration slept = Duration.ofSeconds(20);
        sample(clock, Duration.ofMillis(200), Duration.ofSeconds(38).plus(slept));
        assertThat(Duration.between(WALL.plusSeconds(38).plus(slept), clock.instant()))
                .isBetween(Duration.ZERO, Duration.ofMillis(200));
    }

    @Test
    void aControllerWhoseClockIsSetIsFollowedWithTheNextAnswer() {
        ControllerClock clock = clock();
        sample(clock, Duration.ofMillis(2), Duration.ofDays(1));
        sample(clock, Duration.ofMillis(50), Duration.ZERO);
        assertThat(Duration.between(WALL, clock.instant())).isBetween(Duration.ZERO, Duration.ofMillis(50));
    }

    @Test
    void theOffsetIsKeptForAStartWithoutAController() {
        sample(clock(), Duration.ZERO, Duration.ofSeconds(30));
        nanos.set(77);
        wall.set(WALL.plusSeconds(1000));
        ControllerClock again = clock();
        assertThat(again.isSuspect()).isFalse();
        assertThat(again.instant()).isEqualTo(WALL.plusSeconds(1030));
    }

    @Test
    void aStartAtAnEarlierTimeThanBeforeGoesOnWhereItWasAndIsSuspect() {
        ControllerClock before = clock();
        sample(before, Duration.ZERO, Duration.ofSeconds(30));
        nanos.addAndGet(Duration.ofMinutes(7).toNanos());
        before.keepNow();
        Instant stopped = before.instant();
        wall.set(WALL.minus(Duration.ofDays(1)));

        ControllerClock again = clock();
        assertThat(again.instant()).isEqualTo(stopped);
        assertThat(again.isSuspect()).isTrue();
        again.keepNow();
        wall.set(wall.get().plusSeconds(60));
        ControllerClock third = clock();
        assertThat(third.instant()).isEqualTo(stopped.plusSeconds(60));
        assertThat(third.isSuspect()).isTrue();
        sample(third, Duration.ZERO, Duration.ofSeconds(5));
        assertThat(third.instant()).isEqualTo(WALL.plusSeconds(5));
        assertThat(third.isSuspect()).isFalse();
        wall.set(wall.get().plusSeconds(60));
        assertThat(clock().instant()).isEqualTo(WALL.plusSeconds(65));
    }

    @Test
    void whatWasRunSinceTheTimeWasKeptIsKnownFromTheResults() {
        sample(clock(), Duration.ZERO, Duration.ofSeconds(30));
        wall.set(WALL.minus(Duration.ofHours(1)));
        ControllerClock again = clock();
        List<Instant> asked = new ArrayList<>();
        Instant newest = WALL.plusSeconds(100);
        again.recall(upTo -> {
            asked.add(upTo);
            return Optional.of(newest);
        });
        assertThat(asked).containsExactly(WALL.plusSeconds(30).plus(ControllerClock.SET_BACK));
        assertThat(again.isSuspect()).isTrue();
        assertThat(again.latest()).isAfter(newest);
        assertThat(again.instant()).isBetween(WALL.plusSeconds(30), newest);
    }

    /** A start with a clock that was ahead took them; the controller that put it right stored them, for they lay near enough. */
    @Test
    void whatWasTakenForMomentsThatAreNotRefusedIsNotTakenAgainByTheNextStart() {
        sample(clock(), Duration.ZERO, Duration.ofSeconds(30));
        ControllerClock again = clock();
        Instant taken = WALL.plusSeconds(30).plus(Duration.ofMinutes(4));
        again.recall(upTo -> taken.isAfter(upTo) ? Optional.empty() : Optional.of(taken));
        assertThat(again.latestBefore()).isAfter(taken);
    }

    @Test
    void aHostThatKnowsNoOffsetGoesOnAfterItsResults() {
        ControllerClock clock = clock();
        clock.recall(upTo -> Optional.of(WALL.plus(Duration.ofHours(1))));
        assertThat(clock.instant()).isAfter(WALL.plus(Duration.ofHours(1)));
        assertThat(clock.isSuspect()).isTrue();
    }

    @Test
    void anOffsetThatAnOlderVersionKeptIsRead() throws IOException {
        folder.replace("clock-offset", "30000".getBytes(StandardCharsets.US_ASCII));
        assertThat(clock().isSuspect()).isFalse();
        assertThat(clock().instant()).isEqualTo(WALL.plusSeconds(30));
    }

    @Test
    void theTimeIsKeptOnceAMinuteAndWhereItMoved() throws IOException {
        ControllerClock clock = clock();
        sample(clock, Duration.ZERO, Duration.ofSeconds(30));
        String kept = kept();
        pass(Duration.ofSeconds(50));
        clock.keep();
        assertThat(kept()).isEqualTo(kept);
        pass(Duration.ofSeconds(20));
        clock.keep();
        assertThat(kept()).isNotEqualTo(kept);
        kept = kept();
        clock.keepNow();
        pass(Duration.ofMillis(1));
        clock.keepNow();
        assertThat(kept()).isNotEqualTo(kept);
    }

    @Test
    void aMachineThatSleptWithoutAControllerBelievesItsWallClock() {
        ControllerClock clock = clock();
        sample(clock, Duration.ZERO, Duration.ofMillis(300));
        pass(Duration.ofSeconds(24));
        wall.updateAndGet(before -> before.plus(Duration.ofHours(2)));
        Instant woken = WALL.plus(Duration.ofHours(2)).plusMillis(300).plusSeconds(24);
        assertThat(clock.instant()).isEqualTo(woken);
        assertThat(clock.isSuspect()).isTrue();
        pass(Duration.ofSeconds(5));
        assertThat(clock.instant()).isEqualTo(woken.plusSeconds(5));
    }

    @Test
    void aWallClockThatIsSetBackMovesTheOffsetAndNotTheTime() {
        ControllerClock clock = clock();
        sample(clock, Duration.ZERO, Duration.ofMillis(300));
        wall.set(WALL.minus(Duration.ofDays(1)));
        assertThat(clock.instant()).isEqualTo(WALL.plusMillis(300));
        assertThat(clock.isSuspect()).isFalse();
        clock.keep();
        pass(Duration.ofMinutes(3));
        assertThat(clock().instant()).isEqualTo(WALL.plusMillis(300).plus(Duration.ofMinutes(3)));
    }

    @Test
    void aWallClockThatIsPutRightMovesTheOffsetAndNotTheTime() {
        ControllerClock clock = clock();
        sample(clock, Duration.ZERO, Duration.ofDays(1));
        wall.set(WALL.plus(Duration.ofDays(1)));
        assertThat(clock.instant()).isEqualTo(WALL.plus(Duration.ofDays(1)));
        assertThat(clock.isSuspect()).isTrue();
        sample(clock, Duration.ZERO, Duration.ofDays(1));
        assertThat(clock().instant()).isEqualTo(WALL.plus(Duration.ofDays(1)));
    }

    @Test
    void anAnswerThatLayThereWhileTheMachineSleptIsNoMeasure() {
        ControllerClock clock = clock();
        long asked = nanos.get();
        pass(Duration.ofMillis(5));
        wall.updateAndGet(before -> before.plus(Duration.ofHours(1)));
        pass(Duration.ofMillis(5));
        pass(Duration.ofSeconds(24));
        clock.sample(new TimeSample(asked, nanos.get(), WALL));
        assertThat(clock.instant())
                .isEqualTo(WALL.plus(Duration.ofHours(1)).plusMillis(10).plusSeconds(24));
        assertThat(clock.isSuspect()).isTrue();
        clock.sample(new TimeSample(nanos.get(), nanos.get(), WALL.plus(Duration.ofHours(1))));
        assertThat(clock.instant()).isEqualTo(WALL.plus(Duration.ofHours(1)));
        assertThat(clock.isSuspect()).isFalse();
    }

    @Test
    void aThreadThatWaitsBetweenTheTwoClocksIsNoLeap() {
        AtomicLong waits = new AtomicLong();
        ControllerClock clock = new ControllerClock(
                nanos::get,
                () -> {
                    Instant read = wall.get();
                    pass(Duration.ofSeconds(waits.getAndSet(0)));
                    return read;
                },
                folder);
        waits.set(60);
        assertThat(clock.instant()).isEqualTo(WALL.plusSeconds(60));
        pass(Duration.ofSeconds(1));
        assertThat(clock.instant()).isEqualTo(WALL.plusSeconds(61));
    }

    private void pass(Duration time) {
        nanos.addAndGet(time.toNanos());
        wall.updateAndGet(before -> before.plus(time));
    }

    private String kept() throws IOException {
        return new String(folder.read("clock-offset").orElseThrow(), StandardCharsets.US_ASCII);
    }

    @Test
    void anUnreadableOffsetIsNone() throws IOException {
        folder.replace("clock-offset", "soon".getBytes(StandardCharsets.US_ASCII));
        assertThat(clock().isSuspect()).isTrue();
    }

    @Test
    void aDamagedFileIsNone() throws IOException {
        for (String damaged : List.of(
                "0 253370764800000 0", "0 9999999999999 0", "-99999999999999 0 0", "v2 0 0 0", "253370764800000", "")) {
            folder.replace("clock-offset", damaged.getBytes(StandardCharsets.US_ASCII));
            assertThat(clock().instant()).isEqualTo(WALL);
            assertThat(clock().latest()).isEqualTo(WALL);
            assertThat(clock().isSuspect()).isTrue();
        }
    }

    @Test
    void aFileWithOneDigitChangedIsNone() throws IOException {
        sample(clock(), Duration.ZERO, Duration.ofSeconds(30));
        byte[] whole = folder.read("clock-offset").orElseThrow();
        for (int at = 0; at < whole.length; at++) {
            byte[] damaged = whole.clone();
            damaged[at] = (byte) (damaged[at] == '7' ? '8' : '7');
            folder.replace("clock-offset", damaged);
            assertThat(clock().instant()).as("changed at %d", at).isEqualTo(WALL);
            assertThat(clock().isSuspect()).isTrue();
        }
    }

    @Test
    void anAnswerThatIsNoTimeOfThisWorldIsRefused() {
        ControllerClock clock = clock();
        for (Instant impossible :
                List.of(Instant.parse("2263-01-01T00:00:00Z"), Instant.parse("1960-01-01T00:00:00Z"), Instant.MAX)) {
            clock.sample(new TimeSample(nanos.get(), nanos.get(), impossible));
            assertThat(clock.instant()).isEqualTo(WALL);
            assertThat(clock.isSuspect()).isTrue();
        }
    }

    @Test
    void aWallClockFarBeyondAllGridsStillLetsTheAgentStart() {
        wall.set(Instant.parse("2300-01-01T00:00:00Z"));
        Grid grid = new Grid(Duration.ofSeconds(10), Duration.ZERO);
        assertThat(Turn.beginning(grid, clock().latest()).next()).isPositive();
    }

    private ControllerClock clock() {
        return new ControllerClock(nanos::get, wall::get, folder);
    }

    /** The answer says: wall time at the start of this test, plus ahead. */
    private void sample(ControllerClock clock, Duration roundTrip, Duration ahead) {
        long asked = nanos.get();
        nanos.addAndGet(roundTrip.toNanos());
        clock.sample(new TimeSample(asked, nanos.get(), WALL.plus(ahead)));
    }
}
