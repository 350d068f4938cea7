package io.postwatch.controller.evaluation;

import static io.postwatch.controller.run.RunBuilder.aRun;
import static org.assertj.core.api.Assertions.assertThat;

import io.postwatch.controller.assignment.login.LoginOutcome;
import io.postwatch.controller.monitor.MonitorKey;
import io.postwatch.controller.result.RunKey;
import io.postwatch.controller.result.SeriesRun;
import io.postwatch.controller.run.RunBuilder;
import io.postwatch.controller.run.RunRecord;
import io.postwatch.controller.series.SeriesInfo;
import io.postwatch.controller.series.SeriesPlace;
import io.postwatch.controller.shared.AddressFamily;
import io.postwatch.controller.shared.FailureCode;
import io.postwatch.controller.shared.Phase;
import io.postwatch.controller.shared.Status;
import io.postwatch.controller.shared.id.AgentId;
import io.postwatch.controller.shared.id.LocationId;
import io.postwatch.controller.shared.id.MonitorId;
import io.postwatch.controller.shared.id.SeriesId;
import io.postwatch.controller.shared.id.TenantId;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class LoginEvidenceTest {
    private static final TenantId TENANT = new TenantId(new UUID(0, 1));
    private static final MonitorId MONITOR = new MonitorId(new UUID(0, 2));
    private static final SeriesId SERIES = new SeriesId(7);
    private static final SeriesInfo INFO =
            new SeriesInfo(TENANT, SERIES, MONITOR, new SeriesPlace(new LocationId(new UUID(0, 3)), AddressFamily.ANY));

    private static List<LoginOutcome> of(RunBuilder builder, boolean stored) {
        return of(builder, stored, Instant.MAX);
    }

    private static List<LoginOutcome> of(RunBuilder builder, boolean stored, Instant now) {
        RunRecord run = builder.of(SERIES).build();
        SeriesRun series = new SeriesRun(TENANT, SERIES, new AgentId(new UUID(0, 4)), run);
        Set<RunKey> keys = stored ? Set.of(series.key()) : Set.of();
        return LoginEvidence.of(List.of(series), Map.of(SERIES, INFO), keys, now);
    }

    @Test
    void aRefusalAndASuccessAreEvidence() {
        RunRecord run = aRun().refusedLogin().of(SERIES).build();
        MonitorKey key = new MonitorKey(TENANT, MONITOR);

        assertThat(of(aRun().refusedLogin(), true))
                .containsExactly(new LoginOutcome(key, run.revision(), run.startedAt(), true));
        assertThat(of(aRun(), true)).containsExactly(new LoginOutcome(key, run.revision(), run.startedAt(), false));
        assertThat(of(aRun().failing(Status.ERROR, FailureCode.SLOW, Phase.AUTH, "", ""), true))
                .as("slow, but accepted")
                .containsExactly(new LoginOutcome(key, run.revision(), run.startedAt(), false));
    }

    @Test
    void whatBeganLaterThanNowBeganNow() {
        Instant now = aRun().of(SERIES).build().startedAt().minusSeconds(1);

        assertThat(of(aRun().refusedLogin(), true, now))
                .extracting(LoginOutcome::at)
                .containsExactly(now);
    }

    @Test
    void whatWasStoredBeforeWasToldBefore() {
        assertThat(of(aRun().refusedLogin(), false)).isEmpty();
    }

    @Test
    void runsThatDidNotLogInTellNothing() {
        assertThat(of(aRun().withoutLogin(), true)).isEmpty();
        assertThat(of(aRun().withoutLogin().failing(Status.ERROR, FailureCode.LOGIN_WITHHELD, null, "", ""), true))
                .isEmpty();
    }

    @ParameterizedTest
    @EnumSource(
            value = FailureCode.class,
            names = {"AUTH_UNAVAILABLE", "TEMPORARILY_UNAVAILABLE", "TIMEOUT", "TOKEN_EXPIRED"})
    void whatWentWrongOtherwiseCountsNeitherWay(FailureCode code) {
        assertThat(of(aRun().failing(Status.ERROR, code, Phase.AUTH, "", ""), true))
                .isEmpty();
    }
}
