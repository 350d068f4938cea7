package io.postwatch.agent.probe.sasl;

import static io.postwatch.agent.probe.sasl.Wire.base64;
import static io.postwatch.agent.probe.sasl.Wire.refusal;
import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CramMd5MechanismTest {

    private static final SaslExchange EXCHANGE =
            SaslExchange.of(AuthMechanism.CRAM_MD5, new Login("tim", "tanstaaftanstaaf", null, false));

    @Test
    void speaksTheExampleOfRfc2195() {
        SaslStep.Response digest = Wire.response(EXCHANGE.first(), "<1896.697170952@postoffice.reston.mci.net>");

        assertThat(EXCHANGE.initialResponse()).isNull();
        assertThat(digest.base64()).isEqualTo("dGltIGI5MTNhNjAyYzdlZGE3YTQ5NWI0ZTZlNzMzNGQzODkw");
        assertThat(digest.toString()).isEqualTo("[username and digest]");
        assertThat(digest.secrets())
                .contains(
                        digest.base64(),
                        "b913a602c7eda7a495b4e6e7334d3890",
                        "B913A602C7EDA7A495B4E6E7334D3890",
                        base64("b913a602c7eda7a495b4e6e7334d3890"));
        assertThat(refusal(digest.next(), base64("more"))).contains("asks for more");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "no base64", "="})
    void answersNothingToWhatIsNoChallenge(String challenge) {
        assertThat(refusal(EXCHANGE.first(), challenge)).contains("CRAM-MD5");
    }
}
