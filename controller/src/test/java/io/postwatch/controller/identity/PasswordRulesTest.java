package io.postwatch.controller.identity;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PasswordRulesTest {
    private static final EmailAddress ADA = new EmailAddress("ada.lovelace@example.org");

    private final PasswordRules rules = PasswordRules.shipped();

    @ParameterizedTest
    @ValueSource(
            strings = {
                "a long enough secret",
                "twelve chars",
                "äöüßéèêçñõåø",
                "correct horse battery",
                "9f3k 2m5v 8q1z",
            })
    void anyOtherPasswordIsAccepted(String password) {
        assertThat(rules.refusal(password, ADA)).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Password2026!!",
                "passwordpassword",
                "WelcomeWelcome1",
                "correct horse battery staple",
                "aaaaaaaaaaaaaaaa",
                "abababababab",
                "abcdefghijklm",
                "zyxwvutsrqpon",
                "1234567890123",
                "098765432109",
                "qwertyuiop[]123",
                "1qaz2wsx3edc",
                "Ada.Lovelace@example.org",
            })
    void whatIsGuessedFirstIsRefused(String password) {
        assertThat(rules.refusal(password, ADA))
                .hasValueSatisfying(why -> assertThat(why).contains("attackers"));
    }

    @Test
    void lengthCountsCharactersOfAnyScript() {
        assertThat(rules.refusal("elevenchars", ADA)).isPresent();
        assertThat(rules.refusal("ж".repeat(5) + "😀й😀й😀й", ADA)).isPresent();
        assertThat(rules.refusal("x1y2".repeat(33), ADA)).isPresent();
        assertThat(rules.refusal("The quick brown fox, 1 ".repeat(5) + "jumps", ADA))
                .isEmpty();
    }
}
