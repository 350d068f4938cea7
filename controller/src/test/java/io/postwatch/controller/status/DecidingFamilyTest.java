package io.postwatch.controller.status;

import static io.postwatch.controller.run.RunBuilder.aRun;
import static io.postwatch.controller.status.BothFamilies.at;
import static io.postwatch.controller.status.BothFamilies.expiring;
import static io.postwatch.controller.status.BothFamilies.judge;
import static io.postwatch.controller.status.BothFamilies.ok;
import static io.postwatch.controller.status.BothFamilies.place;
import static io.postwatch.controller.status.BothFamilies.refused;
import static io.postwatch.controller.status.BothFamilies.silent;
import static org.assertj.core.api.Assertions.assertThat;

import io.postwatch.controller.run.RunRecord;
import io.postwatch.controller.shared.FailureCode;
import io.postwatch.controller.shared.Status;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;

/** Of a monitor that checks IPv4 and IPv6: what is told, counted and shown belongs to the family that decides. */
class DecidingFamilyTest {
    @Test
    void whatAPlaceFindsOverTheOtherFamilyIsNotTheCause() {
        MonitorVerdict verdict =
                judge(place("Paris", silent(), refused()), place("Rome", ok(), refused()), place("Oslo", ok(), ok()));

        assertThat(verdict.status()).isEqualTo(Status.ERROR);
        assertThat(verdict.sentence()).isEqualTo("Failing from 2 of 3 reporting locations: IPv6: Connection refused");
        assertThat(counts(verdict)).isEqualTo("2 of 3");
        assertThat(cause(verdict)).isEqualTo("Paris ipv6 connection-refused");
    }

    @Test
    void theWorstPlaceIsNotShownForAFamilyThatOthersDecide() {
        MonitorVerdict verdict = judge(
                place("Paris", refused(), expiring()), place("Rome", ok(), silent()), place("Oslo", ok(), silent()));

        assertThat(verdict.status()).isEqualTo(Status.ERROR);
        assertThat(verdict.sentence())
                .isEqualTo("Failing from 2 of 3 reporting locations: IPv6: No connection within the time limit");
        assertThat(counts(verdict)).isEqualTo("2 of 3");
        assertThat(cause(verdict)).isEqualTo("Rome ipv6 connect-timeout");
    }

    @Test
    void aRefusedLoginThatDecidesIsToldFirst() {
        RunRecord expiring = at(aRun().withoutLogin().warning(FailureCode.EXPIRES_SOON));
        RunRecord endedBefore = at(aRun().withoutLogin());
        MonitorVerdict verdict = judge(
                place("Paris", expiring, endedBefore),
                place("Rome", expiring, at(aRun().refusedLogin())),
                place("Oslo", expiring, endedBefore));

        assertThat(verdict.status()).isEqualTo(Status.ERROR);
        assertThat(verdict.sentence())
                .isEqualTo("Failing from 1 of 3 reporting locations: IPv6: Login refused: the server said"
                        + " “535 5.7.8 authentication failed”;"
                        + " warning from 3 of 3 reporting locations: IPv4: Certificate expires soon");
        assertThat(counts(verdict)).isEqualTo("1 of 3");
        assertThat(cause(verdict)).isEqualTo("Rome ipv6 login-refused");
    }

    @Test
    void wherePlacesFailOverDifferentFamiliesEachReasonIsTold() {
        MonitorVerdict verdict = judge(place("Paris", refused(), ok()), place("Rome", ok(), silent()));

        assertThat(verdict.status()).isEqualTo(Status.OK);
        assertThat(verdict.sentence())
                .isEqualTo("OK, failing over IPv4 from Paris only: Connection refused;"
                        + " over IPv6 from Rome only: No connection within the time limit");
        assertThat(counts(verdict)).isEqualTo("2 of 2");
        assertThat(view(verdict).cause()).as("of what is OK").isNull();
    }

    @Test
    void theOnlyPlaceWithAFamilyDecidesOverItAndIsNamed() {
        MonitorVerdict verdict = judge(
                place("Rome", ok(), null),
                place("Paris", ok(), refused()),
                place("Oslo", ok(), null),
                place("Bern", ok(), null),
                place("Wien", ok(), null));

        assertThat(verdict.status()).isEqualTo(Status.ERROR);
        assertThat(verdict.sentence()).isEqualTo("Failing from Paris, the only place with IPv6: Connection refused");
        assertThat(counts(verdict)).isEqualTo("1 of 1");
        assertThat(cause(verdict)).isEqualTo("Paris ipv6 connection-refused");
    }

    @Test
    void whereOthersHaveTheFamilyButAreSilentNoneIsTheOnlyPlaceWithIt() {
        RunRecord longAgo =
                aRun().at(BothFamilies.NOW.minus(BothFamilies.WINDOW)).build();
        MonitorVerdict verdict = judge(place("Paris", ok(), refused()), place("Rome", ok(), longAgo));

        assertThat(verdict.status()).isEqualTo(Status.ERROR);
        assertThat(verdict.sentence()).isEqualTo("Failing from 1 of 1 reporting location: IPv6: Connection refused");
    }

    @Test
    void ifBothFamiliesFailAlikeNoneIsNamed() {
        MonitorVerdict verdict = judge(place("Paris", refused(), refused()), place("Rome", refused(), refused()));

        assertThat(verdict.sentence()).isEqualTo("Failing from 2 of 2 reporting locations: Connection refused");
    }

    @Test
    void ifBothFamiliesFailEachTellsItsOwnReasonTheWorseOneFirst() {
        MonitorVerdict one = judge(place("Paris", expiring(), refused()));
        assertThat(one.sentence()).isEqualTo("IPv6: Connection refused; IPv4: Certificate expires soon");
        assertThat(cause(one)).isEqualTo("Paris ipv6 connection-refused");

        MonitorVerdict two = judge(place("Paris", refused(), silent()), place("Rome", refused(), silent()));
        assertThat(two.sentence())
                .isEqualTo("Failing from 2 of 2 reporting locations: IPv4: Connection refused;"
                        + " failing from 2 of 2 reporting locations: IPv6: No connection within the time limit");
    }

    @Test
    void ofDifferentFailuresTheOneThatMostPlacesShareIsShown() {
        MonitorVerdict verdict =
                judge(place("Paris", ok(), refused()), place("Rome", ok(), silent()), place("Oslo", ok(), silent()));

        assertThat(cause(verdict)).isEqualTo("Rome ipv6 connect-timeout");
        assertThat(counts(verdict)).isEqualTo("3 of 3");
    }

    @Test
    void aPlaceThatFailsOverBothFamiliesIsNamedOnceWithBothReasons() {
        MonitorVerdict verdict =
                judge(place("Paris", refused(), silent()), place("Rome", ok(), ok()), place("Oslo", ok(), ok()));

        assertThat(verdict.sentence())
                .isEqualTo("OK, failing from Paris only: IPv4: Connection refused;"
                        + " IPv6: No connection within the time limit");
        assertThat(counts(verdict)).isEqualTo("1 of 3");
    }

    private static MonitorStatusView view(MonitorVerdict verdict) {
        return MonitorStatusView.of(verdict, Map.of(), Map.of());
    }

    private static String counts(MonitorVerdict verdict) {
        MonitorStatusView view = view(verdict);
        return view.failingLocations() + " of " + view.reportingLocations();
    }

    private static String cause(MonitorVerdict verdict) {
        MonitorStatusView.CauseView cause = Objects.requireNonNull(view(verdict).cause());
        return cause.locationName() + " " + cause.addressFamily() + " "
                + cause.failure().code();
    }
}
