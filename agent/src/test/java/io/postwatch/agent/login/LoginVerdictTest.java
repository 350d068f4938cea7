package io.postwatch.agent.login;

import static io.postwatch.agent.login.LoginResults.run;
import static org.assertj.core.api.Assertions.assertThat;

import io.postwatch.agent.probe.failure.FailureCode;
import io.postwatch.agent.probe.time.Phase;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class LoginVerdictTest {

    @Test
    void whoGotBehindTheLoginWasAccepted() {
        assertThat(LoginVerdict.of(run(null, Phase.GREETING, Phase.AUTH))).isEqualTo(LoginVerdict.ACCEPTED);
        assertThat(LoginVerdict.of(run(FailureCode.BAD_REPLY, Phase.AUTH, Phase.SELECT)))
                .isEqualTo(LoginVerdict.ACCEPTED);
        assertThat(LoginVerdict.of(run(FailureCode.SLOW, Phase.GREETING, Phase.AUTH)))
                .as("slow, but accepted")
                .isEqualTo(LoginVerdict.ACCEPTED);
    }

    @Test
    void whoNeverCameToTheLoginTellsNothing() {
        assertThat(LoginVerdict.of(run(null, Phase.GREETING))).isEqualTo(LoginVerdict.NEITHER);
        assertThat(LoginVerdict.of(run(FailureCode.LOGIN_REFUSED, Phase.MAIL)))
                .as("a server that wants a login where none was tried")
                .isEqualTo(LoginVerdict.NEITHER);
    }

    @ParameterizedTest
    @EnumSource(
            value = FailureCode.class,
            names = {"AUTH_UNAVAILABLE", "TEMPORARILY_UNAVAILABLE", "RATE_LIMITED", "TIMEOUT", "MECHANISM_NOT_OFFERED"})
    void whatWentWrongOtherwiseCountsNeitherWay(FailureCode code) {
        assertThat(LoginVerdict.of(run(code, Phase.GREETING, Phase.AUTH))).isEqualTo(LoginVerdict.NEITHER);
    }

    @Test
    void aRefusalIsOne() {
        assertThat(LoginVerdict.of(run(FailureCode.LOGIN_REFUSED, Phase.GREETING, Phase.AUTH)))
                .isEqualTo(LoginVerdict.REFUSED);
    }
}
