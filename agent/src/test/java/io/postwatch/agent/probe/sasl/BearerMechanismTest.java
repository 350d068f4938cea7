package io.postwatch.agent.probe.sasl;

import static io.postwatch.agent.probe.sasl.Wire.base64;
import static io.postwatch.agent.probe.sasl.Wire.text;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class BearerMechanismTest {

    private static final Login LOGIN = new Login(
            "user@example.com", new Login.AccessToken("vF9dft4qmTc2Nvb3RlckBhdHRhdmlzdGEuY29tCg=="), null, false);

    /** Host and port of the example are left out: no bearer token depends on them. */
    @Test
    void speaksTheExampleOfRfc7628() {
        SaslStep.Response token = first(AuthMechanism.OAUTHBEARER);
        String example =
                text("bixhPXVzZXJAZXhhbXBsZS5jb20sAWhvc3Q9c2VydmVyLmV4YW1wbGUuY29tAXBvcnQ9MTQzAWF1dGg9QmVhcmVyI"
                        + "HZGOWRmdDRxbVRjMk52YjNSbGNrQmhkSFJoZG1semRHRXVZMjl0Q2c9PQEB");

        assertThat(text(token.base64())).isEqualTo(example.replaceAll("(host|port)=[^\1]*\1", ""));
        assertThat(token.toString()).isEqualTo("[username and token]");
        assertThat(
                        token.next()
                                .answer(
                                        "eyJzdGF0dXMiOiJpbnZhbGlkX3Rva2VuIiwic2NvcGUiOiJleGFtcGxlX3Njb3BlIiwib3BlbmlkLWNv"
                                                + "bmZpZ3VyYXRpb24iOiJodHRwczovL2V4YW1wbGUuY29tLy53ZWxsLWtub3duL29wZW5pZC1jb25maWd1cmF0aW9uIn0="))
                .isInstanceOfSatisfying(SaslStep.Explained.class, explained -> {
                    assertThat(explained.response().base64()).isEqualTo("AQ==");
                    assertThat(explained.explanation()).contains("\"invalid_token\"", "\"example_scope\"");
                    assertThat(explained.tokenRejected()).isTrue();
                });
    }

    @Test
    void speaksXoauth2AsItsInventorsDescribeIt() {
        SaslStep.Response token = first(AuthMechanism.XOAUTH2);

        assertThat(text(token.base64()))
                .isEqualTo("user=user@example.com\1auth=Bearer vF9dft4qmTc2Nvb3RlckBhdHRhdmlzdGEuY29tCg==\1\1");
        assertThat(token.next()
                        .answer("eyJzdGF0dXMiOiI0MDEiLCJzY2hlbWVzIjoiYmVhcmVyIG1hYyIsInNjb3BlIjoiaHR0cHM6Ly9tYWls"
                                + "Lmdvb2dsZS5jb20vIn0K"))
                .isInstanceOfSatisfying(SaslStep.Explained.class, explained -> {
                    assertThat(explained.response().base64()).isEmpty();
                    assertThat(explained.tokenRejected()).isTrue();
                });
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{\"status\":\"400\",\"schemes\":\"Bearer\"} | true",
                "{\"status\" : 401} | true",
                "{\"scope\":\"x\",\"status\":\"INVALID_TOKEN\"} | true",
                "{\"status\":\"insufficient_scope\"} | false",
                "{\"status\":\"500\"} | false",
                "{} | false",
                "'' | false"
            })
    void tellsATokenThatIsNoLongerGoodFromOtherTroubles(String json, boolean rejected) {
        assertThat(first(AuthMechanism.XOAUTH2).next().answer(base64(json)))
                .isInstanceOfSatisfying(
                        SaslStep.Explained.class,
                        explained -> assertThat(explained.tokenRejected()).isEqualTo(rejected));
    }

    private static SaslStep.Response first(AuthMechanism mechanism) {
        return Objects.requireNonNull(SaslExchange.of(mechanism, LOGIN).initialResponse());
    }
}
