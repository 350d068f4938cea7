package io.postwatch.agent.probe.sasl;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class SaslExchangeTest {

    private static final Login LOGIN = new Login("someone", "canary-ä", null, false);

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
    @EnumSource(names = {"PLAIN", "LOGIN"})
    void everyMechanismIsItselfAndShowsNothing(AuthMechanism mechanism) {
        SaslExchange exchange = SaslExchange.of(mechanism, LOGIN);

        assertThat(exchange.mechanism()).isEqualTo(mechanism);
        assertThat(mechanism.saslName()).matches("[A-Z0-9-]{1,20}");
        assertThat(exchange.first().answer("").toString()).matches("\\[[a-z]+]");
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
