package io.postwatch.testserver.sasl;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.io.IOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Deque;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SaslServerTest {

    private static final SaslAccount USER = new SaslAccount("user", "pencil", "t0ken");
    private static final String CLIENT_FIRST = "n,,n=user,r=fyko+d2lbbFgONRv9qkxdawL";
    private static final String SERVER_NONCE = "3rfcNHYJY1ZVvWVs7j";
    private static final String SALT = "QSXCR+Q6sek8bf92";
    private static final String CLIENT_FINAL =
            "c=biws,r=fyko+d2lbbFgONRv9qkxdawL3rfcNHYJY1ZVvWVs7j,p=v0X8v3Bz2T0CJGbJQyF0X+HI4Ts=";

    private final Dialogue wire = new Dialogue();

    @Test
    void conductsTheExchangeOfRfc5802() throws IOException, SaslAbort {
        wire.willAnswer(CLIENT_FINAL, "");

        assertThat(sha1(ScramBehaviour.honest()).accepts(CLIENT_FIRST.getBytes(UTF_8), wire))
                .isTrue();
        assertThat(wire.asked)
                .containsExactly(
                        "r=fyko+d2lbbFgONRv9qkxdawL3rfcNHYJY1ZVvWVs7j,s=QSXCR+Q6sek8bf92,i=4096",
                        "v=rmF9pqV8S7suAoZWja4dJRkFsKQ=");
    }

    @Test
    void conductsTheExchangeOfRfc7677() throws IOException, SaslAbort {
        wire.willAnswer(
                "c=biws,r=rOprNGfwEbeRWgbNEkqO%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0,"
                        + "p=dHzbZapWIk4jUhN+Ute9ytag9zjfMHgsqmmiz7AndVQ=",
                "");
        ScramServer server = new ScramServer(
                ScramHash.SHA_256,
                USER,
                ScramBehaviour.honest(),
                "%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0",
                Base64.getDecoder().decode("W22ZaJ0SNY7soEsUEjb6gQ=="));

        assertThat(server.accepts("n,,n=user,r=rOprNGfwEbeRWgbNEkqO".getBytes(UTF_8), wire))
                .isTrue();
        assertThat(wire.asked)
                .containsExactly(
                        "r=rOprNGfwEbeRWgbNEkqO%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0,s=W22ZaJ0SNY7soEsUEjb6gQ==,i=4096",
                        "v=6rriTRBi23WpRR/wtup+mMhUZUn/dB5nLTJRsjl95G4=");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                // Another proof, another nonce, another channel binding.
                "c=biws,r=fyko+d2lbbFgONRv9qkxdawL3rfcNHYJY1ZVvWVs7j,p=w0X8v3Bz2T0CJGbJQyF0X+HI4Ts=",
                "c=biws,r=fyko+d2lbbFgONRv9qkxdawL,p=v0X8v3Bz2T0CJGbJQyF0X+HI4Ts=",
                "c=eSws,r=fyko+d2lbbFgONRv9qkxdawL3rfcNHYJY1ZVvWVs7j,p=v0X8v3Bz2T0CJGbJQyF0X+HI4Ts="
            })
    void refusesWhatIsNoProof(String clientFinal) throws IOException, SaslAbort {
        wire.willAnswer(clientFinal);

        assertThat(sha1(ScramBehaviour.honest()).accepts(CLIENT_FIRST.getBytes(UTF_8), wire))
                .isFalse();
    }

    @Test
    void breaksTheRulesAsTold() throws IOException, SaslAbort {
        wire.willAnswer(CLIENT_FINAL, "", CLIENT_FINAL, CLIENT_FINAL);

        assertThat(sha1(ScramBehaviour.honest().withWrongSignature()).accepts(CLIENT_FIRST.getBytes(UTF_8), wire))
                .isTrue();
        assertThat(wire.asked).last().asString().startsWith("v=").isNotEqualTo("v=rmF9pqV8S7suAoZWja4dJRkFsKQ=");
        sha1(ScramBehaviour.honest().withForeignNonce()).accepts(CLIENT_FIRST.getBytes(UTF_8), wire);
        assertThat(wire.asked).last().isEqualTo("r=" + SERVER_NONCE + ",s=" + SALT + ",i=4096");
        sha1(ScramBehaviour.honest().iterating(1)).accepts(CLIENT_FIRST.getBytes(UTF_8), wire);
        assertThat(wire.asked).last().asString().endsWith(",i=1");
    }

    @Test
    void conductsTheExchangeOfRfc2195() throws IOException, SaslAbort {
        CramMd5 server = new CramMd5(
                new SaslAccount("tim", "tanstaaftanstaaf", null), "<1896.697170952@postoffice.reston.mci.net>");
        wire.willAnswer("tim b913a602c7eda7a495b4e6e7334d3890", "tim b913a602c7eda7a495b4e6e7334d3891");

        assertThat(server.accepts(wire)).isTrue();
        assertThat(server.accepts(wire)).isFalse();
        assertThat(wire.asked).first().isEqualTo("<1896.697170952@postoffice.reston.mci.net>");
    }

    @Test
    void knowsTheDigestOfRfc1939() {
        SaslAccount account = new SaslAccount("mrose", "tanstaaf", null);
        String timestamp = "<1896.697170952@dbc.mtview.ca.us>";

        assertThat(account.acceptsApop("mrose", timestamp, "c4c9334bac560ecc979e58001b3e22fb"))
                .isTrue();
        assertThat(account.acceptsApop("mrose", "<1@x>", "c4c9334bac560ecc979e58001b3e22fb"))
                .isFalse();
    }

    @Test
    void acceptsItsTokenAndExplainsTheRefusalOfAnother() throws IOException, SaslAbort {
        wire.willAnswer("", "\1");

        assertThat(conduct(SaslMechanism.XOAUTH2, "user=user\1auth=Bearer t0ken\1\1"))
                .isTrue();
        assertThat(conduct(SaslMechanism.OAUTHBEARER, "n,a=user,\1host=mail.test\1port=993\1auth=Bearer t0ken\1\1"))
                .isTrue();
        assertThat(wire.asked).isEmpty();
        assertThat(conduct(SaslMechanism.XOAUTH2, "user=user\1auth=Bearer old\1\1"))
                .isFalse();
        assertThat(wire.asked).last().asString().startsWith("{\"status\":\"401\"");
        assertThat(conduct(SaslMechanism.OAUTHBEARER, "n,a=user,\1auth=Bearer old\1\1"))
                .isFalse();
        assertThat(wire.asked).last().asString().startsWith("{\"status\":\"invalid_token\"");
    }

    @Test
    void callsBrokenMessagesBroken() {
        for (SaslMechanism mechanism : List.of(
                SaslMechanism.SCRAM_SHA_1,
                SaslMechanism.SCRAM_SHA_256,
                SaslMechanism.XOAUTH2,
                SaslMechanism.OAUTHBEARER)) {
            assertThatExceptionOfType(SaslAbort.class)
                    .isThrownBy(() -> conduct(mechanism, "nonsense"))
                    .satisfies(abort -> assertThat(abort.reason()).isEqualTo(SaslAbort.Reason.MALFORMED));
        }
    }

    private boolean conduct(SaslMechanism mechanism, String initial) throws IOException, SaslAbort {
        return new SaslServer(USER, ScramBehaviour.honest()).accepts(mechanism, initial.getBytes(UTF_8), wire);
    }

    private static ScramServer sha1(ScramBehaviour behaviour) {
        return new ScramServer(
                ScramHash.SHA_1,
                USER,
                behaviour,
                SERVER_NONCE,
                Base64.getDecoder().decode(SALT));
    }

    private static final class Dialogue implements SaslWire {

        private final Deque<String> answers = new ArrayDeque<>();
        private final List<String> asked = new ArrayList<>();

        void willAnswer(String... inOrder) {
            answers.addAll(List.of(inOrder));
        }

        @Override
        public byte[] ask(byte[] challenge) {
            asked.add(new String(challenge, UTF_8));
            return answers.remove().getBytes(UTF_8);
        }
    }
}
