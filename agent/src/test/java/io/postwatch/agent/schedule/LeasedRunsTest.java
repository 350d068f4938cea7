package io.postwatch.agent.schedule;

import static io.postwatch.agent.assignment.TestAssignments.aCheck;
import static io.postwatch.agent.login.LoginResults.run;
import static org.assertj.core.api.Assertions.assertThat;

import io.postwatch.agent.assignment.Check;
import io.postwatch.agent.assignment.LoginPlan;
import io.postwatch.agent.assignment.SealedSecret;
import io.postwatch.agent.assignment.SeriesId;
import io.postwatch.agent.login.CredentialId;
import io.postwatch.agent.login.LoginLeases;
import io.postwatch.agent.login.LoginTurn;
import io.postwatch.agent.login.LoginVerdict;
import io.postwatch.agent.probe.Folder;
import io.postwatch.agent.probe.ProbeRequest;
import io.postwatch.agent.probe.ProbeResult;
import io.postwatch.agent.probe.ProtocolOptions;
import io.postwatch.agent.probe.Status;
import io.postwatch.agent.probe.StopPoint;
import io.postwatch.agent.probe.failure.Failure;
import io.postwatch.agent.probe.failure.FailureCode;
import io.postwatch.agent.probe.sasl.Login;
import io.postwatch.agent.probe.time.Deadline;
import io.postwatch.agent.probe.time.Phase;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** Runs that log in only when it is their turn. */
class LeasedRunsTest {

    private static final Instant NOON = Instant.parse("2026-01-01T12:00:00Z");
    private static final LoginTurn.Granted GRANTED =
            new LoginTurn.Granted(new UUID(0, 1), new CredentialId("0a"), Long.MAX_VALUE / 2);

    private final List<ProbeRequest> asked = new ArrayList<>();
    private final List<LoginVerdict> givenBack = new ArrayList<>();
    private ProbeResult found = run(null, Phase.GREETING);
    private final CheckRunner checks = new CheckRunner(
            (request, deadline) -> {
                asked.add(request);
                return found;
            },
            (secret, check, deadline) ->
                    Objects.requireNonNull(check.login()).with("user", new Login.Password("password")),
            new LoginLeases() {
                @Override
                public LoginTurn ask(SeriesId series, Duration lasting, Duration patience) {
                    return GRANTED;
                }

                @Override
                public void giveBack(LoginTurn.Granted turn, LoginVerdict verdict) {
                    givenBack.add(verdict);
                }
            });

    private static Check leased() {
        Check plain = aCheck();
        return new Check(
                new ProtocolOptions.Imap(new Folder("INBOX")),
                plain.target(),
                new LoginPlan(null, false, true),
                plain.thresholds(),
                plain.certificatePolicy(),
                plain.expectations(),
                StopPoint.SELECT,
                plain.timeout());
    }

    private ProbeResult perform(LoginTurn turn) {
        try (Deadline deadline = Deadline.after(Duration.ofSeconds(5), () -> 0)) {
            return checks.run(
                    leased(),
                    new SealedSecret(new byte[32], new byte[1], new byte[8]),
                    turn,
                    0,
                    deadline,
                    new UUID(0, 0));
        }
    }

    private void assertThatNobodyLoggedIn() {
        assertThat(asked).singleElement().satisfies(request -> {
            assertThat(request.login()).isNull();
            assertThat(request.stopAfter()).isNull();
            assertThat(request.options()).isEqualTo(new ProtocolOptions.Imap(null));
        });
        assertThat(givenBack).isEmpty();
    }

    @Test
    void aRunThatHasTheLeaseLogsInAndGivesItBack() {
        found = run(null, Phase.GREETING, Phase.AUTH, Phase.SELECT);

        assertThat(perform(GRANTED).status()).isEqualTo(Status.OK);
        assertThat(asked)
                .singleElement()
                .satisfies(request -> assertThat(request.login()).isNotNull());
        assertThat(givenBack).containsExactly(LoginVerdict.ACCEPTED);
    }

    @Test
    void aRefusalIsToldWithTheLease() {
        found = run(FailureCode.LOGIN_REFUSED, Phase.GREETING, Phase.AUTH);

        assertThat(perform(GRANTED)).isEqualTo(found);
        assertThat(givenBack).containsExactly(LoginVerdict.REFUSED);
    }

    @Test
    void aRefusedLoginIsLeftAloneForAnHour() {
        ProbeResult result = perform(new LoginTurn.Withheld(NOON, NOON.plus(Duration.ofHours(1))));

        assertThatNobodyLoggedIn();
        assertThat(result.status()).isEqualTo(Status.ERROR);
        Failure failure = Objects.requireNonNull(result.failure());
        assertThat(failure.code()).isEqualTo(FailureCode.LOGIN_WITHHELD);
        assertThat(failure.message())
                .isEqualTo("The server refused this login at 2026-01-01 12:00 UTC; it is tried again after"
                        + " 2026-01-01 13:00 UTC, or as soon as the password was entered anew.");
        assertThat(result.phases()).isEqualTo(found.phases());
    }

    @Test
    void aSuspendedLoginIsNotTried() {
        ProbeResult result = perform(new LoginTurn.Suspended(NOON));

        assertThatNobodyLoggedIn();
        assertThat(Objects.requireNonNull(result.failure()).code()).isEqualTo(FailureCode.LOGIN_SUSPENDED);
    }

    @Test
    void whatFailsBeforeTheLoginIsToldInstead() {
        found = run(FailureCode.BAD_GREETING, Phase.GREETING);

        assertThat(perform(new LoginTurn.Suspended(NOON))).isEqualTo(found);
    }

    @Test
    void aRunThatMissedItsTurnIsGoodAsFarAsItGot() {
        assertThat(perform(new LoginTurn.Missed())).isEqualTo(found);
        assertThatNobodyLoggedIn();
    }

    @Test
    void aRunIsOverBeforeItsLeaseIs() {
        LoginTurn.Granted lease = new LoginTurn.Granted(new UUID(0, 1), new CredentialId("0a"), 7_000_000_000L);

        assertThat(lease.within(Duration.ofSeconds(60), 1_000_000_000L)).isEqualTo(Duration.ofSeconds(6));
        assertThat(lease.within(Duration.ofSeconds(5), 1_000_000_000L)).isEqualTo(Duration.ofSeconds(5));
        assertThat(lease.within(Duration.ofSeconds(5), 8_000_000_000L)).isPositive();
        assertThat(new LoginTurn.Free().within(Duration.ofSeconds(60), 0)).isEqualTo(Duration.ofSeconds(60));
    }
}
