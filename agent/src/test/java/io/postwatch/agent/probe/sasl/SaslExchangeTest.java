package io.postwatch.agent.probe.sasl;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class SaslExchangeTest {

    private static final Login LOGIN = new Login("someone", "canary-ä", null, false);
    private static final Login TOKEN = new Login("someone", new Login.AccessToken("canary-ya29"), null, false);

    @Test
    void plainSaysEverythingAtOnce() {
        SaslExchange exchange = SaslExchange.of(AuthMechanism.PLAIN, LOGIN);

        assertThat(exchange.clientFirst()).isTrue();
        assertThat(responses(exchange, "")).containsExactly("\0someone\0canary-ä");
        assertThat(exchange.initialResponse()).isEqualTo(exchange.first().answer(""));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "VXNlcm5hbWU6", "no base64 at all"})
    void loginAnswersPromptsHoweverTheyAreWorded(String prompt) {
        SaslExchange exchange = SaslExchange.of(AuthMechanism.LOGIN, LOGIN);

        assertThat(exchange.clientFirst()).isFalse();
        assertThat(exchange.initialResponse()).isNull();
        assertThat(responses(exchange, prompt)).containsExactly("someone", "canary-ä");
    }

    @ParameterizedTest
    @MethodSource("supported")
    void everyMechanismIsItselfAndShowsNothing(AuthMechanism mechanism) {
        SaslExchange exchange = SaslExchange.of(mechanism, mechanism.takesToken() ? TOKEN : LOGIN);

        assertThat(exchange.mechanism()).isEqualTo(mechanism);
        assertThat(mechanism.saslName()).matches("[A-Z0-9-]{1,20}");
        assertThat(exchange.first().answer("AAAA").toString()).matches("\\[[a-z ]+]");
    }

    @Test
    void whatIsNoSaslMechanismHasNoExchange() {
        assertThatIllegalArgumentException().isThrownBy(() -> SaslExchange.of(AuthMechanism.USER_PASS, LOGIN));
    }

    private static Set<AuthMechanism> supported() {
        return AuthMechanism.SUPPORTED;
    }

    /** What is said to a server that always asks the same, until everything is said. */
    private static List<String> responses(SaslExchange exchange, String challenge) {
        List<String> said = new ArrayList<>();
        SaslStep step = exchange.first();
        while (step.answer(challenge) instanceof SaslStep.Response response && said.size() < 10) {
            said.add(new String(Base64.getDecoder().decode(response.base64()), StandardCharsets.UTF_8));
            step = response.next();
        }
        return said;
    }
}
