package io.postwatch.agent.schedule;

import static io.postwatch.agent.assignment.TestAssignments.anAssignment;
import static org.assertj.core.api.Assertions.assertThat;

import io.postwatch.agent.assignment.AssignedItem;
import io.postwatch.agent.assignment.Assignment;
import io.postwatch.agent.assignment.DesiredState;
import io.postwatch.agent.assignment.SeriesId;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class TimetableTest {

    /** A moment of every grid here whose anchor is zero. */
    private static final Instant START = Instant.parse("2026-01-01T00:00:00Z");

    private static final Duration PERIOD = Duration.ofSeconds(10);

    private final Timetable timetable = new Timetable(Instant.MIN);

    @Test
    void withoutAssignmentsNothingIsDue() {
        assertThat(timetable.nextDue()).isEmpty();
        assertThat(taken(START)).isEmpty();
        assertThat(timetable.assignment(new SeriesId(1))).isEmpty();
    }

    @Test
    void whatIsDueIsTakenOnceInTheOrderOfItsMoments() {
        assign(START, anAssignment(1, 1, PERIOD, Duration.ofSeconds(7)), anAssignment(2, 1, PERIOD, Duration.ZERO));
        assertThat(timetable.nextDue()).contains(START.plusSeconds(7));
        assertThat(taken(START.plusSeconds(6))).isEmpty();
        assertThat(taken(START.plusSeconds(10))).containsExactly("1 at 7", "2 at 10");
        assertThat(taken(START.plusSeconds(10))).isEmpty();
        assertThat(timetable.nextDue()).contains(START.plusSeconds(17));
    }

    @Test
    void momentsThatTimeJumpedOverAreLeftOut() {
        assign(START, anAssignment(1, 1, PERIOD, Duration.ZERO));
        assertThat(taken(START.plusSeconds(45))).containsExactly("1 at 40");
        assertThat(timetable.nextDue()).contains(START.plusSeconds(50));
    }

    @Test
    void aSeriesWhoseGridIsUnchangedGoesOnWithItsNextMoment() {
        assign(START, anAssignment(1, 1, PERIOD, Duration.ZERO));
        Instant late = START.plusSeconds(12);
        assign(late, anAssignment(1, 2, PERIOD, Duration.ZERO));
        assertThat(timetable.assignment(new SeriesId(1)))
                .map(Assignment::revision)
                .contains(2L);
        assertThat(taken(late)).containsExactly("1 at 10");
    }

    @Test
    void aSeriesWhoseGridChangedBeginsWithTheNextMomentOfTheNewOne() {
        assign(START, anAssignment(1, 1, PERIOD, Duration.ZERO));
        Instant late = START.plusSeconds(12);
        assign(late, anAssignment(1, 2, PERIOD, Duration.ofSeconds(1)));
        assertThat(taken(late)).isEmpty();
        assertThat(timetable.nextDue()).contains(START.plusSeconds(21));
    }

    @Test
    void aSeriesWhoseGridChangesLeavesOutWhatItRanBeforeByAClockThatWasAhead() {
        assign(START.plusSeconds(195), anAssignment(1, 1, PERIOD, Duration.ZERO));
        assertThat(taken(START.plusSeconds(200))).containsExactly("1 at 200");
        assertThat(taken(START.plusSeconds(210))).containsExactly("1 at 210");
        timetable.timeIsKnown(START.plusSeconds(9), true);
        assign(START.plusSeconds(9), anAssignment(1, 2, PERIOD.multipliedBy(2), Duration.ZERO));
        List<String> later = new ArrayList<>();
        for (int second = 10; second <= 220; second += 5) {
            later.addAll(taken(START.plusSeconds(second)));
        }
        assertThat(later).hasSize(10).startsWith("1 at 20", "1 at 40").endsWith("1 at 160", "1 at 180", "1 at 220");
    }

    @Test
    void aSeriesThatComesBackLeavesOutWhatItRanBeforeByAClockThatWasAhead() {
        assign(START.plusSeconds(95), anAssignment(1, 1, PERIOD, Duration.ZERO));
        assertThat(taken(START.plusSeconds(100))).containsExactly("1 at 100");
        timetable.timeIsKnown(START.plusSeconds(9), true);
        assign(START.plusSeconds(9));
        assign(START.plusSeconds(75), anAssignment(1, 2, PERIOD, Duration.ZERO));
        assertThat(taken(START.plusSeconds(80))).containsExactly("1 at 80");
        assertThat(taken(START.plusSeconds(90))).containsExactly("1 at 90");
        assertThat(taken(START.plusSeconds(100))).isEmpty();
        assertThat(taken(START.plusSeconds(110))).containsExactly("1 at 110");
    }

    @Test
    void whatIsNoLongerAssignedIsNoLongerDue() {
        assign(START, anAssignment(1, 1, PERIOD, Duration.ZERO), anAssignment(2, 1, PERIOD, Duration.ZERO));
        assign(START, anAssignment(2, 1, PERIOD, Duration.ZERO));
        assertThat(timetable.assignment(new SeriesId(1))).isEmpty();
        assertThat(taken(START.plusSeconds(10))).containsExactly("2 at 10");
        assign(START);
        assertThat(timetable.nextDue()).isEmpty();
    }

    @Test
    void timeThatGoesBackALittleRepeatsNoNumber() {
        assign(START, anAssignment(1, 1, PERIOD, Duration.ZERO));
        for (int second = 10; second <= 300; second += 10) {
            assertThat(taken(START.plusSeconds(second))).containsExactly("1 at " + second);
        }
        assertThat(taken(START.plusSeconds(1))).isEmpty();
        assertThat(taken(START.plusSeconds(300))).isEmpty();
        assertThat(timetable.nextDue()).contains(START.plusSeconds(310));
    }

    @Test
    void timeThatLeaptAheadAndIsCorrectedLeavesOutWhatWasReallyTakenAndNothingElse() {
        assign(START, anAssignment(1, 1, PERIOD, Duration.ZERO));
        assertThat(taken(START.plusSeconds(10))).containsExactly("1 at 10");
        assertThat(taken(START.plusSeconds(305))).containsExactly("1 at 300");
        assertThat(taken(START.plusSeconds(310))).containsExactly("1 at 310");
        assertThat(taken(START.plusSeconds(26))).isEmpty();
        List<String> later = new ArrayList<>();
        for (int second = 30; second <= 340; second += 5) {
            later.addAll(taken(START.plusSeconds(second)));
        }
        assertThat(later)
                .hasSize(30)
                .startsWith("1 at 30", "1 at 40")
                .endsWith("1 at 290", "1 at 320", "1 at 330", "1 at 340");
    }

    @Test
    void timeThatGoesBackByADayDoesNotSilenceASeriesForADay() {
        Instant tomorrow = START.plus(Duration.ofDays(1));
        assign(tomorrow, anAssignment(1, 1, PERIOD, Duration.ZERO));
        assertThat(taken(tomorrow.plusSeconds(10))).hasSize(1);
        assertThat(taken(START.plusSeconds(1))).isEmpty();
        assertThat(timetable.nextDue()).contains(START.plusSeconds(10));
        assertThat(taken(START.plusSeconds(10))).containsExactly("1 at 10");
    }

    @Test
    void anAssignmentThatComesWithTheRightTimeBeginsWithIt() {
        assign(START.plus(Duration.ofDays(1)), anAssignment(1, 1, PERIOD, Duration.ZERO));
        assign(START, anAssignment(1, 1, PERIOD, Duration.ZERO));
        assertThat(timetable.nextDue()).contains(START.plusSeconds(10));
    }

    @Test
    void aRestartForgetsNumbersThatAWrongClockCounted() {
        assign(START.plus(Duration.ofDays(300)), anAssignment(1, 1, PERIOD, Duration.ZERO));
        assertThat(taken(START.plusSeconds(60))).isEmpty();
        timetable.timeIsKnown(START.plusSeconds(60), true);
        assertThat(taken(START.plusSeconds(70))).containsExactly("1 at 70");
    }

    @Test
    void nothingBeginsWithAMomentThatWasRunBefore() {
        Timetable again = new Timetable(START.plusSeconds(35));
        assign(again, START, anAssignment(1, 1, PERIOD, Duration.ZERO));
        assertThat(again.nextDue()).contains(START.plusSeconds(40));
        assertThat(taken(again, START.plusSeconds(40))).containsExactly("1 at 40");
        assign(again, START.plusSeconds(5));
        assign(again, START.plusSeconds(5), anAssignment(1, 1, PERIOD, Duration.ZERO));
        assertThat(again.nextDue()).contains(START.plusSeconds(50));
    }

    /** Also where the clock of the start was ahead by less than what results are refused for. */
    @Test
    void aSeriesThatBeginsAfterTheTimeIsKnownDoesNotWaitForWhatWasGuessedBefore() {
        assertThat(taken(START.plusSeconds(200))).isEmpty();
        timetable.timeIsKnown(START, true);
        assign(START, anAssignment(1, 1, PERIOD, Duration.ZERO));
        assertThat(timetable.nextDue()).contains(START.plusSeconds(10));
    }

    /** Neither while nobody says what the time is, nor afterwards. */
    @Test
    void aSeriesDoesNotWaitForWhatAnEarlierProcessRanByAClockThatWasADayAhead() {
        Timetable again = new Timetable(START.plus(Duration.ofDays(1)));
        assign(again, START, anAssignment(1, 1, PERIOD, Duration.ZERO));
        assertThat(again.nextDue()).contains(START.plusSeconds(10));
        again.timeIsKnown(START.plusSeconds(1), true);
        assertThat(taken(again, START.plusSeconds(10))).containsExactly("1 at 10");
    }

    /** It was ahead by a little, and then, at its end, by a day. */
    @Test
    void whatAnEarlierProcessRanIsLeftOutAlsoWhereItsClockWasFurtherAheadInTheEnd() {
        Instant dayAhead = START.plus(Duration.ofDays(1));
        Timetable again = new Timetable(dayAhead);
        assign(again, dayAhead, anAssignment(1, 1, PERIOD, Duration.ZERO));

        assertThat(again.asksForEarlier(START.plusSeconds(9))).isTrue();
        again.earlierRan(START.plusSeconds(15));
        again.timeIsKnown(START.plusSeconds(9), true);

        assertThat(taken(again, START.plusSeconds(10))).isEmpty();
        assertThat(taken(again, START.plusSeconds(20))).containsExactly("1 at 20");
    }

    @Test
    void nobodyWaitsForWhatAnEarlierProcessTookForNowAndRanNothingFor() {
        Timetable again = new Timetable(START.plusSeconds(200));
        assign(again, START, anAssignment(1, 1, PERIOD, Duration.ZERO));
        assertThat(again.nextDue()).contains(START.plusSeconds(210));

        again.earlierRan(START.minusSeconds(1));
        again.timeIsKnown(START.plusSeconds(1), true);

        assertThat(taken(again, START.plusSeconds(10))).containsExactly("1 at 10");
    }

    /** By less than what results are refused for: what lies between, nobody ran. */
    @Test
    void aStartWithAClockThatWasAheadLeavesOutWhatAnEarlierProcessMayHaveRunAndWhatItRanItself() {
        Timetable again = new Timetable(START.plusSeconds(15));
        assign(again, START.plusSeconds(155), anAssignment(1, 1, PERIOD, Duration.ZERO));
        assertThat(taken(again, START.plusSeconds(160))).containsExactly("1 at 160");

        again.timeIsKnown(START.plusSeconds(9), false);

        assertThat(taken(again, START.plusSeconds(19))).isEmpty();
        assertThat(taken(again, START.plusSeconds(20))).containsExactly("1 at 20");
        assertThat(taken(again, START.plusSeconds(150))).containsExactly("1 at 150");
        assertThat(taken(again, START.plusSeconds(169))).isEmpty();
        assertThat(again.nextDue()).contains(START.plusSeconds(170));
    }

    @Test
    void aGuessThatWasFarBehindLeavesOutNothingThatSomebodyWaitedFor() {
        assign(START, anAssignment(1, 1, PERIOD, Duration.ZERO));
        Instant known = START.plus(Duration.ofDays(300));
        timetable.timeIsKnown(known, true);
        assertThat(taken(known)).isEmpty();
        List<Long> leftOut = new ArrayList<>();
        timetable.takeDue(known.plus(PERIOD), due -> leftOut.add(due.leftOut()));
        assertThat(leftOut).containsExactly(0L);
    }

    /** Its monotonic clock stood still, and the next answer says by how much. */
    @Test
    void whatAMachineSleptThroughIsLeftOutAndCountedHoweverLongItWas() {
        timetable.timeIsKnown(START, true);
        assign(START, anAssignment(1, 1, PERIOD, Duration.ZERO));
        assertThat(taken(START.plusSeconds(10))).containsExactly("1 at 10");
        Instant awake = START.plusSeconds(3_603);
        timetable.timeIsKnown(awake, true);
        List<Timetable.DueRun> runs = new ArrayList<>();
        timetable.takeDue(awake, runs::add);
        assertThat(runs).singleElement().satisfies(run -> {
            assertThat(run.scheduledAt()).isEqualTo(START.plusSeconds(3_600));
            assertThat(run.leftOut()).isEqualTo(358);
        });
        assertThat(timetable.nextDue()).contains(START.plusSeconds(3_610));
    }

    @Test
    void aGuessThatWasNearlyRightRepeatsNoNumberOnceTheTimeIsKnown() {
        assign(START, anAssignment(1, 1, PERIOD, Duration.ZERO));
        assertThat(taken(START.plusSeconds(10))).containsExactly("1 at 10");
        timetable.timeIsKnown(START.plusSeconds(9), true);
        assertThat(taken(START.plusSeconds(10))).isEmpty();
        assertThat(timetable.nextDue()).contains(START.plusSeconds(20));
    }

    @Test
    void aSeriesThatFailsIsTriedAgainAndHoldsUpNoOther() {
        assign(START, anAssignment(1, 1, PERIOD, Duration.ZERO), anAssignment(2, 1, PERIOD, Duration.ofSeconds(1)));
        List<String> others = new ArrayList<>();
        timetable.takeDue(START.plusSeconds(11), due -> {
            if (due.assignment().series().equals(new SeriesId(1))) {
                throw new IllegalStateException("bug");
            }
            others.add(text(due));
        });
        assertThat(others).containsExactly("2 at 11");
        assertThat(taken(START.plusSeconds(22))).contains("1 at 20", "2 at 21");
    }

    private void assign(Instant now, Assignment... assignments) {
        assign(timetable, now, assignments);
    }

    private static void assign(Timetable timetable, Instant now, Assignment... assignments) {
        timetable.assign(
                DesiredState.of(
                        1,
                        Stream.of(assignments)
                                .<AssignedItem>map(AssignedItem.Accepted::new)
                                .toList()),
                now);
    }

    private List<String> taken(Instant now) {
        return taken(timetable, now);
    }

    private static List<String> taken(Timetable timetable, Instant now) {
        List<String> taken = new ArrayList<>();
        timetable.takeDue(now, due -> taken.add(text(due)));
        return taken;
    }

    private static String text(Timetable.DueRun due) {
        return due.assignment().series().value() + " at "
                + Duration.between(START, due.scheduledAt()).toSeconds();
    }
}
