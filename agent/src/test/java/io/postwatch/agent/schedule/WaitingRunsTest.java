package io.postwatch.agent.schedule;

import static io.postwatch.agent.assignment.TestAssignments.aCheck;
import static io.postwatch.agent.assignment.TestAssignments.anAssignment;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class WaitingRunsTest {

    private static final long SPACING = 100;
    private static final long PATIENCE = 1_000;

    private final WaitingRuns waiting = new WaitingRuns(Duration.ofNanos(SPACING));

    @Test
    void runsAgainstOneServerBeginApartInTheOrderInWhichTheyCame() {
        add(1, "a", 25, 0);
        add(2, "a", 25, 0);
        add(3, "a", 25, 10);
        assertThat(beginning(0, 99)).containsExactly("1 at 0");
        assertThat(waiting.beginsIn(99)).isEqualTo(1);
        assertThat(beginning(100, 300)).containsExactly("2 at 100", "3 at 200");
        assertThat(waiting.beginsIn(300)).isEqualTo(Long.MAX_VALUE);
    }

    @Test
    void theDistanceIsFromTheStartThatWasAndNotFromTheOnePlanned() {
        add(1, "a", 25, 0);
        add(2, "a", 25, 0);
        assertThat(beginning(70, 169)).containsExactly("1 at 70");
        assertThat(beginning(170, 170)).containsExactly("2 at 170");
    }

    @Test
    void aServerIsAHostAndAPortAndNoneWaitsForAnother() {
        add(1, "a", 25, 0);
        add(2, "a", 25, 0);
        add(3, "a", 993, 0);
        add(4, "b", 25, 0);
        assertThat(beginning(0, 0)).containsExactly("1 at 0", "3 at 0", "4 at 0");
    }

    @Test
    void aServerThatWasIdleIsFreeAtOnce() {
        add(1, "a", 25, 0);
        assertThat(beginning(0, 0)).hasSize(1);
        add(2, "a", 25, 5_000);
        assertThat(waiting.beginsIn(5_000)).isZero();
        assertThat(beginning(5_000, 5_000)).containsExactly("2 at 5000");
    }

    @Test
    void amongServersWhoMayBeginFirstGoesFirst() {
        add(1, "a", 25, 0);
        add(2, "a", 25, 0);
        add(3, "b", 25, 50);
        add(4, "c", 25, 150);
        assertThat(takeReady(200)).isEqualTo(1);
        assertThat(takeReady(200)).isEqualTo(3);
        assertThat(takeReady(200)).isEqualTo(4);
        assertThat(takeReady(299)).isZero();
        assertThat(takeReady(300)).isEqualTo(2);
    }

    @Test
    void givenUpIsWhoWaitedLongestAndItTakesNoTurn() {
        for (int i = 1; i <= 3; i++) {
            add(i, "a", 25, 0);
        }
        add(4, "a", 25, 500);
        assertThat(takeReady(0)).isEqualTo(1);
        assertThat(waiting.takeGivenUp(PATIENCE)).isEmpty();
        assertThat(waiting.takeGivenUp(PATIENCE + 1)).map(ActiveRun::runNumber).contains(2L);
        assertThat(waiting.takeGivenUp(PATIENCE + 1)).map(ActiveRun::runNumber).contains(3L);
        assertThat(waiting.takeGivenUp(PATIENCE + 1)).isEmpty();
        assertThat(takeReady(PATIENCE + 1)).isEqualTo(4);
    }

    @Test
    void manyServersDoNotLoseTheirDistanceToTidiness() {
        for (int i = 1; i <= 1_500; i++) {
            add(i, "host" + i, 25, 0);
        }
        assertThat(beginning(0, 0)).hasSize(1_500);
        add(2_001, "host1", 25, 10);
        add(2_002, "host1500", 25, 10);
        assertThat(beginning(10, 99)).isEmpty();
        assertThat(beginning(100, 100)).containsExactly("2001 at 100", "2002 at 100");
    }

    @Test
    void allCanBeTaken() {
        add(1, "b", 25, 0);
        add(2, "a", 25, 0);
        assertThat(waiting.takeAll()).extracting(ActiveRun::runNumber).containsExactly(1L, 2L);
        assertThat(waiting.takeGivenUp(10 * PATIENCE)).isEmpty();
        assertThat(waiting.beginsIn(0)).isEqualTo(Long.MAX_VALUE);
        add(3, "a", 25, 0);
        assertThat(takeReady(0)).isEqualTo(3);
    }

    private void add(long number, String host, int port, long now) {
        waiting.add(new ActiveRun(
                anAssignment(number, 1, Duration.ofSeconds(10), Duration.ZERO, aCheck(host, port)),
                new UUID(0, number),
                number,
                Instant.EPOCH,
                false,
                false,
                now,
                now + PATIENCE));
    }

    /** Zero: none is ready. */
    private long takeReady(long now) {
        return waiting.takeReady(now).map(ActiveRun::runNumber).orElse(0L);
    }

    /** What begins while time passes, both ends included. */
    private List<String> beginning(long from, long to) {
        List<String> begun = new ArrayList<>();
        for (long now = from; now <= to; now++) {
            long at = now;
            for (Optional<ActiveRun> next = waiting.takeReady(at); next.isPresent(); next = waiting.takeReady(at)) {
                begun.add(next.get().runNumber() + " at " + at);
            }
        }
        return begun;
    }
}
