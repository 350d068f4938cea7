package io.postwatch.controller.status;

import static io.postwatch.controller.run.RunBuilder.aRun;
import static org.assertj.core.api.Assertions.assertThat;

import io.postwatch.controller.assignment.PlaceSync;
import io.postwatch.controller.run.RunBuilder;
import io.postwatch.controller.run.RunRecord;
import io.postwatch.controller.shared.AddressFamily;
import io.postwatch.controller.shared.FailureCode;
import io.postwatch.controller.shared.LocationId;
import io.postwatch.controller.shared.Status;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Monitors that check IPv4 and IPv6, each by itself. */
class FamilyStatusTest {
    private static final Instant NOW = Instant.parse("2026-03-04T05:10:00Z");
    private static final Instant NEXT_IPV4 = NOW.plusSeconds(40);
    private static final Instant NEXT_IPV6 = NOW.plusSeconds(10);

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
        assertThat(verdict.sentence()).isEqualTo("Failing from 1 of 1 reporting location: IPv6: Connection refused");
    }

    @Test
    void placesThatFailOverDifferentFamiliesDoNotAgree() {
        MonitorVerdict verdict = judge(place("Paris", refused(), ok()), place("Rome", ok(), refused()));

        assertThat(verdict.status()).isEqualTo(Status.OK);
        assertThat(verdict.sentence()).isEqualTo("OK, failing from Paris and Rome only: IPv4: Connection refused");
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
        assertThat(paris.syncMessage()).isEqualTo("IPv4: " + PlaceSync.NO_AGENT.message());
        assertThat(paris.lastResult()).isNull();
        assertThat(paris.families())
                .extracting(family -> family.addressFamily() + " " + family.status() + " " + family.nextRunAt())
                .containsExactly("ipv4 OK " + NEXT_IPV4, "ipv6 ERROR " + NEXT_IPV6);
    }

    private static MonitorVerdict judge(Place... places) {
        return StatusRule.judge(List.of(places), Duration.ofSeconds(150), false, NOW);
    }

    private static Place place(String name, @Nullable RunRecord ipv4, @Nullable RunRecord ipv6) {
        return new Place(
                new LocationId(new UUID(0, name.hashCode())),
                name,
                List.of(
                        new Place.Target(AddressFamily.IPV4, ipv4, new Place.Awaiting.NextRun(NEXT_IPV4)),
                        new Place.Target(
                                AddressFamily.IPV6,
                                ipv6,
                                ipv6 == null
                                        ? new Place.Awaiting.Obstacle("No data: no agent of this location has it")
                                        : new Place.Awaiting.NextRun(NEXT_IPV6))));
    }

    private static RunRecord ok() {
        return at(aRun());
    }

    private static RunRecord refused() {
        return at(aRun().failing(FailureCode.CONNECTION_REFUSED));
    }

    private static RunRecord at(RunBuilder run) {
        return run.at(NOW.minusSeconds(20)).build();
    }
}
