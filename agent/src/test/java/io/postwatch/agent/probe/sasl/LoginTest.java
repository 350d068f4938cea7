package io.postwatch.agent.probe.sasl;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LoginTest {

    @Test
    void aLoginTellsNothingWhenPrinted() {
        assertThat(new Login("someone", "canary-7f3a", null, false).toString())
                .doesNotContain("someone")
                .doesNotContain("canary-7f3a");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "canary\r", "canary\nQUIT", "can\0ary"})
    void aLoginRefusesWhatWouldBreakALineAndDoesNotRepeatIt(String password) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new Login("someone", password, null, false))
                .satisfies(refusal -> assertThat(refusal.getMessage()).doesNotContain("ary"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "tok en", "token\n", "t\u00f6ken"})
    void anAccessTokenIsPrintableAscii(String token) {
        assertThatIllegalArgumentException().isThrownBy(() -> new Login.AccessToken(token));
    }

    @Test
    void aMechanismTakesTheSecretThatItIsFor() {
        Login.AccessToken token = new Login.AccessToken("canary-ya29.a0");

        assertThat(token.toString() + new Login.Password("canary-7f3a")).doesNotContain("canary");
        assertThat(new Login("someone", token, AuthMechanism.XOAUTH2, false).hasToken())
                .isTrue();
        assertThatIllegalArgumentException().isThrownBy(() -> new Login("someone", token, AuthMechanism.PLAIN, false));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new Login("someone", "password", AuthMechanism.OAUTHBEARER, false));
    }
}
