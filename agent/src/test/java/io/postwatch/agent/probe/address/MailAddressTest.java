package io.postwatch.agent.probe.address;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class MailAddressTest {

    @ParameterizedTest
    @ValueSource(
            strings = {
                "someone@example.org",
                "first.last+tag@xn--mnchen-3ya.example",
                "o'neill@example.org",
                "postmaster@[192.0.2.1]",
                "postmaster@[IPv6:2001:db8::1]"
            })
    void takesWhatMailCanBeSentTo(String text) {
        assertThat(new MailAddress(text).text()).isEqualTo(text);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "someone",
                "@example.org",
                "someone@",
                "some one@example.org",
                ".someone@example.org",
                "someone@example.org>\r\nDATA",
                "<someone@example.org>",
                "someone@192.0.2.1",
                "someone@[example.org]",
                "j\u00f6rg@example.org"
            })
    void takesNothingElse(String text) {
        assertThatIllegalArgumentException().isThrownBy(() -> new MailAddress(text));
    }

    @Test
    void aLocalPartHasAtMost64Characters() {
        assertThat(new MailAddress("a".repeat(64) + "@example.org").text()).hasSize(76);
        assertThatIllegalArgumentException().isThrownBy(() -> new MailAddress("a".repeat(65) + "@example.org"));
    }

    /** The Kelvin sign is a k to whoever makes it small. */
    @Test
    void theHostIsWrittenAsItWasChecked() {
        assertThat(new MailAddress("Some.One@\u212Aiosk.Example.org").text()).isEqualTo("Some.One@kiosk.example.org");
    }
}
