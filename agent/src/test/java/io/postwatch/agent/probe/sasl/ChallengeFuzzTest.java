package io.postwatch.agent.probe.sasl;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.util.Base64;
import java.util.List;
import java.util.Objects;

class ChallengeFuzzTest {

    private static final String NONCE = "fyko+d2lbbFgONRv9qkxdawL";
    private static final Login PASSWORD = new Login("us=er", "canary-7f3a", null, false);
    private static final Login TOKEN = new Login("us,er", new Login.AccessToken("canary-ya29"), null, false);

    /** Lines are challenges, one after the other, to every mechanism. */
    @FuzzTest(maxDuration = "2m")
    void answersOrStopsWhateverTheChallenges(byte[] challenges) {
        List<String> lines = new String(challenges, UTF_8).lines().limit(4).toList();
        for (AuthMechanism mechanism : AuthMechanism.SUPPORTED) {
            SaslExchange exchange = SaslExchange.of(mechanism, mechanism.takesToken() ? TOKEN : PASSWORD);
            SaslStep.Response initial = exchange.initialResponse();
            SaslStep step = initial == null ? exchange.first() : initial.next();
            for (String line : lines) {
                step = next(step, line);
            }
        }
    }

    /** The message is the server's first of SCRAM, behind the client's nonce. */
    @FuzzTest(maxDuration = "2m")
    void computesNoProofOfAFirstMessageThatIsNotOneOfScram(byte[] behindNonce) {
        SaslStep afterFirst = Objects.requireNonNull(
                        ScramMechanism.exchange(AuthMechanism.SCRAM_SHA_256, PASSWORD, new ClientNonce(NONCE))
                                .initialResponse())
                .next();
        String message = "r=" + NONCE + new String(behindNonce, UTF_8);
        SaslStep.Turn turn = afterFirst.answer(WireForms.base64(message));
        if (turn instanceof SaslStep.Response proof) {
            String said = new String(Base64.getDecoder().decode(proof.base64()), UTF_8);
            assertThat(said).startsWith("c=biws,r=" + NONCE).contains(",p=");
            assertThat(message).matches("(?s)r=[^,]+,s=[^,]+,i=(?:409[6-9]|[0-9]{5,6})(?:,.*)?");
            assertThat(proof.next().answer(WireForms.base64("v=" + "A".repeat(43) + "=")))
                    .isInstanceOf(SaslStep.Stop.class);
        } else {
            assertThat(turn).isInstanceOf(SaslStep.Stop.class);
        }
    }

    @FuzzTest(maxDuration = "2m")
    void preparesWhateverText(byte[] text) {
        String given = new String(text, UTF_8);
        String prepared = SaslPrep.prepared(given);
        assertThat(prepared.isEmpty()).isEqualTo(given.isEmpty());
        assertThat(ScramMechanism.saslName(given)).doesNotContain(",");
    }

    private static SaslStep next(SaslStep step, String challenge) {
        return switch (step.answer(challenge)) {
            case SaslStep.Response response -> checked(response);
            case SaslStep.Explained explained -> {
                assertThat(explained.explanation()).hasSizeLessThanOrEqualTo(challenge.length());
                yield checked(explained.response());
            }
            case SaslStep.Stop(String why) -> {
                assertThat(why).endsWith(".").doesNotContain("canary");
                yield step;
            }
        };
    }

    private static SaslStep checked(SaslStep.Response response) {
        assertThat(Base64.getDecoder().decode(response.base64())).isNotNull();
        assertThat(response.shown()).matches("\\[[a-z ]+]");
        return response.next();
    }
}
