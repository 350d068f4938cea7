package io.postwatch.agent.probe;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ChallengeNameTest {

    @Test
    void isTheLabelAndADomain() {
        assertThat(new ChallengeName("_postwatch-challenge.xn--mller-kva.example").text())
                .isEqualTo("_postwatch-challenge.xn--mller-kva.example");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "example.org",
                "_dmarc.example.org",
                "_postwatch-challenge.",
                "_postwatch-challenge.Example.org",
                "_postwatch-challenge.example.org.",
                "_postwatch-challenge..org",
                "_postwatch-challenge._dmarc.example.org",
                "_postwatch-challenge.192.0.2.1",
                "_postwatch-challenge.exa mple.org",
                "_postwatch-challenge.example.org\n"
            })
    void nothingElseIsLookedUp(String name) {
        assertThatIllegalArgumentException().isThrownBy(() -> new ChallengeName(name));
    }
}
