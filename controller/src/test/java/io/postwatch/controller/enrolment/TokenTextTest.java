package io.postwatch.controller.enrolment;

import static org.assertj.core.api.Assertions.assertThat;

import io.postwatch.controller.shared.Digests;
import java.security.SecureRandom;
import org.junit.jupiter.api.Test;

class TokenTextTest {
    private static final byte[] KEY_HASH = Digests.sha256("a key");

    @Test
    void carriesTheHashOfTheAuthoritysKey() {
        TokenText token = TokenText.make(new SecureRandom(), KEY_HASH);

        assertThat(token.text()).startsWith("pwe_").hasSize(84).matches("pwe_[A-Za-z0-9_-]{80}");
        assertThat(token.authorityKeyHash()).isEqualTo(KEY_HASH);
        assertThat(TokenText.parse(token.text())).contains(token);
    }

    @Test
    void everyChangedCharacterIsNoticed() {
        String text = TokenText.make(new SecureRandom(), KEY_HASH).text();

        for (int i = 0; i < text.length(); i++) {
            char changed = text.charAt(i) == 'A' ? 'B' : 'A';
            assertThat(TokenText.parse(text.substring(0, i) + changed + text.substring(i + 1)))
                    .as("character %d", i)
                    .isEmpty();
        }
    }

    @Test
    void neverShowsItselfInText() {
        TokenText token = TokenText.make(new SecureRandom(), KEY_HASH);

        assertThat(token.toString()).doesNotContain(token.text()).startsWith("pwe_");
    }
}
