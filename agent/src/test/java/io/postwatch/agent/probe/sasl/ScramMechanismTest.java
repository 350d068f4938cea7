package io.postwatch.agent.probe.sasl;

import static io.postwatch.agent.probe.sasl.Wire.base64;
import static io.postwatch.agent.probe.sasl.Wire.refusal;
import static io.postwatch.agent.probe.sasl.Wire.response;
import static io.postwatch.agent.probe.sasl.Wire.text;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ScramMechanismTest {

    private static final String NONCE = "rOprNGfwEbeRWgbNEkqO";
    private static final String BOTH = NONCE + "%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0";
    private static final String SERVER_FIRST = "r=" + BOTH + ",s=W22ZaJ0SNY7soEsUEjb6gQ==,i=4096";
    private static final String SERVER_FINAL = "v=6rriTRBi23WpRR/wtup+mMhUZUn/dB5nLTJRsjl95G4=";

    @Test
    void speaksTheExampleOfRfc5802() {
        SaslExchange exchange = exchange(AuthMechanism.SCRAM_SHA_1, "user", "pencil", "fyko+d2lbbFgONRv9qkxdawL");
        SaslStep.Response first = Objects.requireNonNull(exchange.initialResponse());
        SaslStep.Response proof =
                response(first.next(), "r=fyko+d2lbbFgONRv9qkxdawL3rfcNHYJY1ZVvWVs7j,s=QSXCR+Q6sek8bf92,i=4096");
        SaslStep.Response end = response(proof.next(), "v=rmF9pqV8S7suAoZWja4dJRkFsKQ=");

        assertThat(text(first.base64())).isEqualTo("n,,n=user,r=fyko+d2lbbFgONRv9qkxdawL");
        assertThat(text(proof.base64()))
                .isEqualTo("c=biws,r=fyko+d2lbbFgONRv9qkxdawL3rfcNHYJY1ZVvWVs7j,p=v0X8v3Bz2T0CJGbJQyF0X+HI4Ts=");
        assertThat(end.base64()).isEmpty();
        assertThat(end.next().objection()).isNull();
    }

    @Test
    void speaksTheExampleOfRfc7677() {
        SaslStep.Response proof = proof();

        assertThat(text(proof.base64()))
                .isEqualTo("c=biws,r=" + BOTH + ",p=dHzbZapWIk4jUhN+Ute9ytag9zjfMHgsqmmiz7AndVQ=");
        assertThat(response(proof.next(), SERVER_FINAL).base64()).isEmpty();
        assertThat(response(proof.next(), SERVER_FINAL + ",x=more").base64()).isEmpty();
    }

    @Test
    void hidesItsProofAndTheServersWhichServesToGuessAsWell() {
        assertThat(proof().toString()).isEqualTo("[proof]");
        assertThat(proof().secrets())
                .contains(
                        proof().base64(),
                        "dHzbZapWIk4jUhN+Ute9ytag9zjfMHgsqmmiz7AndVQ=",
                        "6rriTRBi23WpRR/wtup+mMhUZUn/dB5nLTJRsjl95G4=",
                        base64(SERVER_FINAL),
                        SERVER_FINAL);
    }

    @Test
    void believesNoServerThatAcceptsBeforeItHasProvedToKnowThePassword() {
        SaslStep.Response first = Objects.requireNonNull(exchange().initialResponse());

        assertThat(first.next().objection()).contains("without proving");
        assertThat(proof().next().objection()).contains("without proving");
        assertThat(refusal(proof().next(), base64("v=AAAATRBi23WpRR/wtup+mMhUZUn/dB5nLTJRsjl95G4=")))
                .contains("can't prove");
        assertThat(refusal(proof().next(), base64("v=6rri"))).contains("can't prove");
    }

    @Test
    void hearsWhyTheServerRefuses() {
        assertThat(proof().next().answer(base64("e=invalid-proof")))
                .isInstanceOfSatisfying(SaslStep.Explained.class, explained -> {
                    assertThat(explained.explanation()).isEqualTo("e=invalid-proof");
                    assertThat(explained.tokenRejected()).isFalse();
                    assertThat(explained.response().base64()).isEmpty();
                });
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "r=rOprNGfwEbeRWgbNEkqO,s=W22ZaJ0SNY7soEsUEjb6gQ==,i=4096 | nonce",
                "r=rOprNGfwEbeRWgbNEkqX123,s=W22ZaJ0SNY7soEsUEjb6gQ==,i=4096 | nonce",
                "r=xrOprNGfwEbeRWgbNEkqO,s=W22ZaJ0SNY7soEsUEjb6gQ==,i=4096 | nonce",
                "r=rOprNGfwEbeRWgbNEkqO1,s=W22ZaJ0SNY7soEsUEjb6gQ==,i=4095 | 4095 iterations",
                "r=rOprNGfwEbeRWgbNEkqO1,s=W22ZaJ0SNY7soEsUEjb6gQ==,i=1 | 1 iterations",
                "r=rOprNGfwEbeRWgbNEkqO1,s=W22ZaJ0SNY7soEsUEjb6gQ==,i=100001 | 100001 iterations",
                "r=rOprNGfwEbeRWgbNEkqO1,s=W22ZaJ0SNY7soEsUEjb6gQ==,i=2147483648 | 2147483648 iterations",
                "r=rOprNGfwEbeRWgbNEkqO1,s=W22ZaJ0SNY7soEsUEjb6gQ==,i=99999999999 | not one of SCRAM",
                "r=rOprNGfwEbeRWgbNEkqO1,s=W22ZaJ0SNY7soEsUEjb6gQ==,i=04096 | not one of SCRAM",
                "r=rOprNGfwEbeRWgbNEkqO1,s=W22ZaJ0SNY7soEsUEjb6gQ==,i=-1 | not one of SCRAM",
                "m=must,r=rOprNGfwEbeRWgbNEkqO1,s=W22ZaJ0SNY7soEsUEjb6gQ==,i=4096 | not one of SCRAM",
                "r=rOprNGfwEbeRWgbNEkqO1,s=,i=4096 | not one of SCRAM",
                "r=rOprNGfwEbeRWgbNEkqO1,s===,i=4096 | salt",
                "r=rOprNGfwEbeRWgbNEkqO1,s=W22Za,i=4096 | salt",
                "nonsense | not one of SCRAM",
                "'' | not one of SCRAM"
            })
    void refusesAFirstMessageThatIsDangerousOrNone(String serverFirst, String why) {
        SaslStep.Response first = Objects.requireNonNull(exchange().initialResponse());

        assertThat(refusal(first.next(), base64(serverFirst))).contains(why);
    }

    @Test
    void refusesASaltOrNonceWithoutEnd() {
        SaslStep afterFirst =
                Objects.requireNonNull(exchange().initialResponse()).next();

        assertThat(refusal(afterFirst, base64("r=" + BOTH + ",s=" + "AAAA".repeat(86) + ",i=4096")))
                .contains("salt");
        assertThat(refusal(afterFirst, base64("r=" + BOTH + "x".repeat(600) + ",s=AAAA,i=4096")))
                .contains("not one of SCRAM");
    }

    @ParameterizedTest
    @ValueSource(strings = {"no base64 at all", "====", "\u00e4"})
    void refusesWhatIsNoBase64(String challenge) {
        SaslStep.Response first = Objects.requireNonNull(exchange().initialResponse());

        assertThat(refusal(first.next(), challenge)).contains("not one of SCRAM");
        assertThat(refusal(proof().next(), challenge)).contains("not one of SCRAM");
    }

    @Test
    void escapesWhatWouldEndTheName() {
        SaslStep.Response first = Objects.requireNonNull(
                exchange(AuthMechanism.SCRAM_SHA_256, "a=b,c", "x", NONCE).initialResponse());

        assertThat(text(first.base64())).isEqualTo("n,,n=a=3Db=2Cc,r=" + NONCE);
    }

    @Test
    void everyExchangeHasANonceOfItsOwn() {
        Login login = new Login("user", "pencil", null, false);

        assertThat(SaslExchange.of(AuthMechanism.SCRAM_SHA_1, login).initialResponse())
                .isNotEqualTo(SaslExchange.of(AuthMechanism.SCRAM_SHA_1, login).initialResponse());
        assertThat(ClientNonce.random().text()).hasSizeGreaterThanOrEqualTo(24);
    }

    private static SaslStep.Response proof() {
        return response(Objects.requireNonNull(exchange().initialResponse()).next(), SERVER_FIRST);
    }

    private static SaslExchange exchange() {
        return exchange(AuthMechanism.SCRAM_SHA_256, "user", "pencil", NONCE);
    }

    private static SaslExchange exchange(AuthMechanism mechanism, String user, String password, String nonce) {
        return ScramMechanism.exchange(mechanism, new Login(user, password, null, false), new ClientNonce(nonce));
    }
}
