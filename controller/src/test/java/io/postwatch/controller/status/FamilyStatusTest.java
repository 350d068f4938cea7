package io.postwatch.controller.status;

import static io.postwatch.controller.run.RunBuilder.aRun;
import static io.postwatch.controller.status.BothFamilies.NEXT_IPV4;
import static io.postwatch.controller.status.BothFamilies.NEXT_IPV6;
import static io.postwatch.controller.status.BothFamilies.at;
import static io.postwatch.controller.status.BothFamilies.judge;
import static io.postwatch.controller.status.BothFamilies.ok;
import static io.postwatch.controller.status.BothFamilies.place;
import static io.postwatch.controller.status.BothFamilies.refused;
import static org.assertj.core.api.Assertions.assertThat;

import io.postwatch.controller.assignment.PlaceSync;
import io.postwatch.controller.run.RunRecord;
import io.postwatch.controller.series.SeriesPlace;
import io.postwatch.controller.shared.AddressFamily;
import io.postwatch.controller.shared.FailureCode;
import io.postwatch.controller.shared.Status;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Monitors that check IPv4 and IPv6, each by itself. */
class FamilyStatusTest {
    @Test
    void aFamilyThatFailsIsTheVerdictOfItsPlace() {
        MonitorVerdict verdict = judge(place("Paris", ok(), refused()));

        assertThat(verdict.status()).isEqualTo(Status.ERROR);
        assertThat(verdict.sentence()).isEqualTo("IPv6: Connection refused");
        LocationVerdict paris = verdict.locations().getFirst();
        assertThat(paris.status()).isEqualTo(Status.ERROR);
        assertThat(paris.targets()).extracting(TargetVerdict::status).containsExactly(Status.OK, Status.ERROR);
    }

    @Test
    void aPlaceFailsOnceHoweverManyOfItsFamiliesFail() {
        MonitorVerdict verdict =
                judge(place("Paris", refused(), refused()), place("Rome", ok(), ok()), place("Oslo", ok(), ok()));

        assertThat(verdict.status()).as("one place of three").isEqualTo(Status.OK);
        assertThat(verdict.failing()).isOne();
        assertThat(verdict.sentence()).isEqualTo("OK, failing from Paris only: Connection refused");
    }

    @Test
    void aFamilyThatFailsFromHalfOfThePlacesMakesTheMonitorFail() {
        MonitorVerdict verdict =
                judge(place("Paris", ok(), refused()), place("Rome", ok(), refused()), place("Oslo", ok(), ok()));

        assertThat(verdict.status()).isEqualTo(Status.ERROR);
        assertThat(verdict.sentence()).isEqualTo("Failing from 2 of 3 reporting locations: IPv6: Connection refused");
    }

    @Test
    void whoDoesNotHaveAFamilySaysNothingAgainstWhatOthersFindOverIt() {
        MonitorVerdict verdict = judge(place("Paris", ok(), refused()), place("Rome", ok(), null));

        assertThat(verdict.status()).isEqualTo(Status.ERROR);
        assertThat(verdict.sentence()).isEqualTo("Failing from Paris, the only place with IPv6: Connection refused");
    }

    @Test
    void placesThatFailOverDifferentFamiliesDoNotAgree() {
        MonitorVerdict verdict = judge(place("Paris", refused(), ok()), place("Rome", ok(), refused()));

        assertThat(verdict.status()).isEqualTo(Status.OK);
        assertThat(verdict.sentence())
                .isEqualTo("OK, failing over IPv4 from Paris only: Connection refused;"
                        + " over IPv6 from Rome only: Connection refused");
    }

    @Test
    void theFamilyThatDecidesIsTheOneThatIsTold() {
        MonitorVerdict verdict =
                judge(place("Paris", refused(), ok()), place("Rome", ok(), refused()), place("Oslo", ok(), refused()));

        assertThat(verdict.status()).isEqualTo(Status.ERROR);
        assertThat(verdict.sentence()).isEqualTo("Failing from 2 of 3 reporting locations: IPv6: Connection refused");
    }

    @Test
    void anErrorOutweighsAWarningOfTheOtherFamily() {
        MonitorVerdict verdict = judge(place("Paris", at(aRun().warning(FailureCode.EXPIRES_SOON)), refused()));

        assertThat(verdict.status()).isEqualTo(Status.ERROR);
        assertThat(verdict.locations().getFirst().sentence())
                .isEqualTo("IPv4: Certificate expires soon; IPv6: Connection refused");
    }

    @Test
    void aFamilyThatNobodyHearsOfHidesNothingAndPassesForNothing() {
        MonitorVerdict good = judge(place("Paris", ok(), null), place("Rome", ok(), null));
        assertThat(good.status()).isEqualTo(Status.OK);
        assertThat(good.sentence())
                .isEqualTo("OK from all 2 locations, 184 ms at most; IPv6: No data: no agent of this location has it");

        MonitorVerdict bad = judge(place("Paris", refused(), null));
        assertThat(bad.status()).isEqualTo(Status.ERROR);
        assertThat(bad.reporting()).isOne();

        MonitorVerdict heardFromRome = judge(place("Paris", ok(), null), place("Rome", ok(), ok()));
        assertThat(heardFromRome.sentence()).isEqualTo("OK from all 2 locations, 184 ms at most");
    }

    @Test
    void whereNoFamilyReportsThereIsNoData() {
        MonitorVerdict verdict = judge(place("Paris", null, null));

        assertThat(verdict.status()).isEqualTo(Status.NO_DATA);
        assertThat(verdict.reporting()).isZero();
    }

    @Test
    void aLoginThatOneFamilyTookIsNotRefusedByTheOther() {
        RunRecord refusedLogin = at(aRun().refusedLogin());
        assertThat(judge(
                                place("Paris", refusedLogin, at(aRun().withoutLogin())),
                                place("Rome", at(aRun().withoutLogin()), at(aRun().withoutLogin())),
                                place("Oslo", at(aRun().withoutLogin()), at(aRun().withoutLogin())))
                        .status())
                .isEqualTo(Status.ERROR);
        assertThat(judge(place("Paris", refusedLogin, ok()), place("Rome", ok(), ok()), place("Oslo", ok(), ok()))
                        .status())
                .isEqualTo(Status.OK);
    }

    @Test
    void theApiShowsThePlaceAndItsFamiliesApart() {
        MonitorStatusView view = MonitorStatusView.of(judge(place("Paris", ok(), refused())), Map.of(), Map.of());

        LocationStatusView paris = view.locations().getFirst();
        assertThat(paris.sentence()).isEqualTo("IPv6: Connection refused");
        assertThat(paris.nextRunAt()).isEqualTo(NEXT_IPV6);
        assertThat(paris.totalMillis()).isEqualTo(184.0);
        assertThat(paris.failure()).isNotNull();
        assertThat(paris.sync()).isEqualTo("no-agent");
        assertThat(paris.syncMessage()).as("said of both").isEqualTo(PlaceSync.NO_AGENT.message());
        assertThat(paris.lastResult()).isNull();
        assertThat(paris.families())
                .extracting(family -> family.addressFamily() + " " + family.status() + " " + family.nextRunAt())
                .containsExactly("ipv4 OK " + NEXT_IPV4, "ipv6 ERROR " + NEXT_IPV6);
    }

    @Test
    void aFamilyWithoutAnAgentIsNamedWhereTheOtherHasOne() {
        Place paris = place("Paris", ok(), null);
        MonitorStatusView view = MonitorStatusView.of(
                judge(paris),
                Map.of(
                        new SeriesPlace(paris.location(), AddressFamily.IPV4),
                        new PlaceSync(PlaceSync.State.IN_SYNC, null, null, null)),
                Map.of());

        assertThat(view.locations().getFirst().sync()).isEqualTo("no-agent");
        assertThat(view.locations().getFirst().syncMessage()).isEqualTo("IPv6: " + PlaceSync.NO_AGENT.message());
    }

    @Test
    void whatAFamilyFoundLongAgoIsNotPartOfWhatItsPlaceFindsNow() {
        RunRecord longAgo = aRun().at(BothFamilies.NOW.minus(BothFamilies.WINDOW))
                .taking(Duration.ofSeconds(9))
                .chain(2)
                .build();
        LocationStatusView paris = MonitorStatusView.of(
                        judge(place("Paris", at(aRun().chain(40)), longAgo)), Map.of(), Map.of())
                .locations()
                .getFirst();
        assertThat(paris.totalMillis()).isEqualTo(184.0);
        assertThat(paris.certificateDaysLeft()).isEqualTo(40);

        LocationStatusView silent = MonitorStatusView.of(judge(place("Paris", longAgo, longAgo)), Map.of(), Map.of())
                .locations()
                .getFirst();
        assertThat(silent.status()).isEqualTo(Status.NO_DATA);
        assertThat(silent.totalMillis()).as("the last that is known").isEqualTo(9_000.0);
    }

    @Test
    void aSilentFamilyOfAPausedMonitorDoesNotSayPausedTwice() {
        MonitorVerdict verdict =
                StatusRule.judge(List.of(place("Paris", ok(), null)), BothFamilies.WINDOW, true, BothFamilies.NOW);

        assertThat(verdict.sentence()).isEqualTo("Paused; before: OK from Paris in 184 ms; IPv6: no data");
    }
}
