package io.postwatch.controller.status;

import static io.postwatch.controller.run.RunBuilder.aRun;
import static org.assertj.core.api.Assertions.assertThat;

import io.postwatch.controller.run.RunBuilder;
import io.postwatch.controller.run.RunRecord;
import io.postwatch.controller.shared.AddressFamily;
import io.postwatch.controller.shared.FailureCode;
import io.postwatch.controller.shared.Phase;
import io.postwatch.controller.shared.Status;
import io.postwatch.controller.shared.id.LocationId;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class StatusRuleTest {
    private static final Instant NOW = Instant.parse("2026-03-04T05:10:00Z");
    private static final Duration WINDOW = Duration.ofSeconds(150);
    private static final List<Status> STATUSES = List.of(Status.values());
    private static final List<String> NAMES = List.of("Paris", "Rome", "Oslo", "Bern", "Wien");

    /** Every combination of statuses over one to five locations, against the rule in its plainest words. */
    @Test
    void judgesEveryCombinationOfUpToFiveLocations() {
        int judged = 0;
        for (int locations = 1; locations <= NAMES.size(); locations++) {
            for (int code = 0; code < Math.pow(STATUSES.size(), locations); code++) {
                List<Status> statuses = new ArrayList<>();
                for (int i = 0, rest = code; i < locations; i++, rest /= STATUSES.size()) {
                    statuses.add(STATUSES.get(rest % STATUSES.size()));
                }
                MonitorVerdict verdict =
                        judge(statuses.stream().map(s -> Optional.of(run(s))).toList());
                assertThat(verdict.status()).as("%s", statuses).isEqualTo(expected(statuses));
                assertThat(verdict.sentence()).as("%s", statuses).isNotBlank();
                judged++;
            }
        }
        assertThat(judged).isEqualTo(4 + 16 + 64 + 256 + 1024);
    }

    private static Status expected(List<Status> statuses) {
        double reporting = statuses.stream().filter(s -> s != Status.NO_DATA).count();
        double errors = statuses.stream().filter(s -> s == Status.ERROR).count();
        double failing =
                errors + statuses.stream().filter(s -> s == Status.WARNING).count();
        if (reporting == 0) {
            return Status.NO_DATA;
        }
        double least = reporting >= 2 ? 2 : 1;
        if (errors >= reporting / 2 && errors >= least) {
            return Status.ERROR;
        }
        return failing >= reporting / 2 && failing >= least ? Status.WARNING : Status.OK;
    }

    @ParameterizedTest
    @CsvSource({"1, 1", "2, 2", "3, 2", "4, 2", "5, 3", "6, 3", "7, 4"})
    void needsHalfOfTheReportingAndTwoWhereThereAreTwo(int reporting, int quorum) {
        assertThat(StatusRule.quorum(reporting)).isEqualTo(quorum);
    }

    @Test
    void aLocationReportsUntilItsLastResultIsTwoPeriodsAndATimeoutOld() {
        RunRecord young = aRun().at(NOW.minus(WINDOW).plusMillis(1)).build();
        RunRecord old = aRun().at(NOW.minus(WINDOW)).build();
        assertThat(judge(listOf(young)).status()).isEqualTo(Status.OK);
        MonitorVerdict silent = judge(listOf(old));
        assertThat(silent.status()).isEqualTo(Status.NO_DATA);
        assertThat(silent.sentence()).isEqualTo("No data: the last result is 2 min old");
        assertThat(silent.reporting()).isZero();
    }

    @Test
    void aFailingMinorityIsNamedAndDoesNotAlarm() {
        MonitorVerdict verdict = judge(listOf(failed(), run(Status.OK), run(Status.OK)));
        assertThat(verdict.status()).isEqualTo(Status.OK);
        assertThat(verdict.sentence()).isEqualTo("OK, failing from Paris only: Connection refused");
        assertThat(verdict.failing()).isEqualTo(1);
        assertThat(verdict.locations().getFirst().status()).isEqualTo(Status.ERROR);
    }

    @Test
    void aSilentMajorityLeavesTheJudgementToThoseWhoReport() {
        MonitorVerdict verdict = judge(listOf(failed(), null, null));
        assertThat(verdict.status()).isEqualTo(Status.ERROR);
        assertThat(verdict.sentence()).isEqualTo("Failing from 1 of 1 reporting location: Connection refused");
    }

    @Test
    void aRefusedLoginNeedsNoQuorumUnlessSomeoneLoggedIn() {
        RunRecord refused = at(aRun().refusedLogin());
        assertThat(judge(listOf(refused, at(aRun().withoutLogin()), at(aRun().withoutLogin())))
                        .status())
                .isEqualTo(Status.ERROR);
        assertThat(judge(listOf(refused, run(Status.OK), run(Status.OK))).status())
                .isEqualTo(Status.OK);
        RunRecord oldLogin = aRun().at(NOW.minus(WINDOW)).build();
        assertThat(judge(listOf(refused, oldLogin, at(aRun().withoutLogin()))).status())
                .isEqualTo(Status.ERROR);
    }

    @ParameterizedTest
    @EnumSource(
            value = FailureCode.class,
            names = {"LOGIN_WITHHELD", "LOGIN_SUSPENDED"})
    void aRefusalStandsWhileNobodyTriesAgain(FailureCode code) {
        RunRecord held = at(aRun().withoutLogin().failing(Status.ERROR, code, null, "Not tried.", ""));

        assertThat(judge(listOf(held, at(aRun().withoutLogin()), at(aRun().withoutLogin())))
                        .status())
                .isEqualTo(Status.ERROR);
        assertThat(judge(listOf(held, run(Status.OK), run(Status.OK))).status()).isEqualTo(Status.OK);
    }

    @Test
    void whoNeverTriedToLogInHasNoRefusedLogin() {
        RunRecord wantsLogin = at(aRun().withoutLogin()
                .failing(
                        Status.ERROR,
                        FailureCode.LOGIN_REFUSED,
                        Phase.MAIL,
                        "The server takes no mail without a login, and this monitor has none.",
                        "530 5.7.0 Authentication required"));
        assertThat(judge(listOf(wantsLogin, at(aRun().withoutLogin()), at(aRun().withoutLogin())))
                        .status())
                .isEqualTo(Status.OK);
        assertThat(judge(listOf(wantsLogin, wantsLogin, at(aRun().withoutLogin())))
                        .status())
                .isEqualTo(Status.ERROR);
    }

    @Test
    void anExpiredCertificateSeenByOneOfThreeStillNeedsTheQuorum() {
        RunRecord expired = at(aRun().failing(FailureCode.EXPIRED));
        assertThat(judge(listOf(expired, run(Status.OK), run(Status.OK))).status())
                .isEqualTo(Status.OK);
        assertThat(judge(listOf(expired)).status()).isEqualTo(Status.ERROR);
    }

    @Test
    void whatTheAgentCouldNotDoIsNoDataWithItsReason() {
        MonitorVerdict verdict = judge(listOf(at(aRun().failing(FailureCode.ADDRESS_DENIED))));
        assertThat(verdict.status()).isEqualTo(Status.NO_DATA);
        assertThat(verdict.sentence()).isEqualTo("The agent may not connect to this address");
    }

    @Test
    void saysWhenTheFirstRunIsDue() {
        assertThat(verdict(null, new Place.Awaiting.NextRun(NOW.plusSeconds(12)))
                        .sentence())
                .isEqualTo("No data yet: first run in 12 s");
        assertThat(verdict(null, new Place.Awaiting.NextRun(NOW)).sentence())
                .isEqualTo("No data yet: the first run is due");
        assertThat(verdict(null, new Place.Awaiting.Obstacle("No agent of Paris is connected"))
                        .sentence())
                .isEqualTo("No agent of Paris is connected");
        assertThat(StatusRule.judge(List.of(), WINDOW, false, NOW).sentence())
                .isEqualTo("No data: there is no location yet that could run this monitor");
    }

    @Test
    void atASilentLocationNothingIsKnownWhateverWasFoundLast() {
        Instant since = Instant.parse("2026-03-04T05:09:07.250Z");
        for (RunRecord fresh : List.of(run(Status.OK), run(Status.WARNING), failed())) {
            MonitorVerdict verdict = verdict(fresh, new Place.Awaiting.AnyAgent(since));
            assertThat(verdict.status()).isEqualTo(Status.NO_DATA);
            assertThat(verdict.sentence()).isEqualTo("No data: no agent has reported since 2026-03-04 05:09:07 UTC");
            assertThat(verdict.failing()).isZero();
        }
        assertThat(verdict(null, new Place.Awaiting.AnyAgent(since)).status()).isEqualTo(Status.NO_DATA);
    }

    @Test
    void aSilentLocationDoesNotSpeakAgainstTheOthers() {
        Place silent = new Place(
                new LocationId(new UUID(0, 9)),
                "Rome",
                List.of(new Place.Target(AddressFamily.ANY, failed(), new Place.Awaiting.AnyAgent(NOW))));

        MonitorVerdict verdict = StatusRule.judge(List.of(place(0, run(Status.OK)), silent), WINDOW, false, NOW);

        assertThat(verdict.status()).isEqualTo(Status.OK);
        assertThat(verdict.reporting()).isOne();
        assertThat(StatusRule.judge(List.of(silent, silent), WINDOW, false, NOW).sentence())
                .isEqualTo("No data from Rome and Rome: no agent has reported since 2026-03-04 05:10:00 UTC");
    }

    @Test
    void pausedIsAnOverlay() {
        MonitorVerdict justNow = StatusRule.judge(List.of(place(0, run(Status.OK))), WINDOW, true, NOW);
        assertThat(justNow.status()).isEqualTo(Status.OK);
        assertThat(justNow.sentence()).isEqualTo("Paused; before: OK from Paris in 184 ms");
        MonitorVerdict longAgo = StatusRule.judge(List.of(place(0, null)), WINDOW, true, NOW);
        assertThat(longAgo.status()).isEqualTo(Status.NO_DATA);
        assertThat(longAgo.sentence()).isEqualTo("Paused");
    }

    @Test
    void sumsUpGoodLocations() {
        assertThat(judge(listOf(run(Status.OK), at(aRun().taking(Duration.ofMillis(250)))))
                        .sentence())
                .isEqualTo("OK from all 2 locations, 250 ms at most");
        assertThat(judge(listOf(run(Status.OK), run(Status.OK), null)).sentence())
                .isEqualTo("OK from 2 of 3 locations, 184 ms at most");
        assertThat(judge(listOf(failed(), failed(), run(Status.OK))).sentence())
                .isEqualTo("Failing from 2 of 3 reporting locations: Connection refused");
    }

    @ParameterizedTest
    @CsvSource({"0, 1 s", "119, 119 s", "120, 2 min", "7199, 119 min", "7200, 2 h", "172800, 2 d"})
    void roundsSpansDown(long seconds, String text) {
        assertThat(StatusSentence.span(Duration.ofSeconds(seconds))).isEqualTo(text);
    }

    private static MonitorVerdict verdict(@Nullable RunRecord last, Place.Awaiting awaiting) {
        Place place = new Place(
                new LocationId(new UUID(0, 1)), "Paris", List.of(new Place.Target(AddressFamily.ANY, last, awaiting)));
        return StatusRule.judge(List.of(place), WINDOW, false, NOW);
    }

    private static MonitorVerdict judge(List<Optional<RunRecord>> lasts) {
        List<Place> places = new ArrayList<>();
        for (int i = 0; i < lasts.size(); i++) {
            places.add(place(i, lasts.get(i).orElse(null)));
        }
        return StatusRule.judge(places, WINDOW, false, NOW);
    }

    private static Place place(int index, @Nullable RunRecord last) {
        return new Place(
                new LocationId(new UUID(0, index)),
                NAMES.get(index),
                List.of(new Place.Target(AddressFamily.ANY, last, new Place.Awaiting.NextRun(NOW.plusSeconds(30)))));
    }

    private static RunRecord run(Status status) {
        return switch (status) {
            case OK -> at(aRun());
            case WARNING -> at(aRun().warning(FailureCode.EXPIRES_SOON));
            case ERROR -> failed();
            case NO_DATA -> at(aRun().failing(FailureCode.SKIPPED));
        };
    }

    private static RunRecord failed() {
        return at(aRun().failing(FailureCode.CONNECTION_REFUSED));
    }

    private static RunRecord at(RunBuilder run) {
        return run.at(NOW.minusSeconds(20)).build();
    }

    private static List<Optional<RunRecord>> listOf(@Nullable RunRecord... runs) {
        List<Optional<RunRecord>> all = new ArrayList<>();
        for (RunRecord run : runs) {
            all.add(Optional.ofNullable(run));
        }
        return all;
    }
}
