package io.postwatch.agent.probe.address;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class MailHostTest {

    @ParameterizedTest
    @ValueSource(
            strings = {"mail.example.org", "localhost", "a", "xn--bcher-kva.example", "3com.example", "1.2.3.example"})
    void takesNames(String name) {
        assertThat(new MailHost(name).text()).isEqualTo(name);
        assertThat(new MailHost(name).literal()).isNull();
    }

    @ParameterizedTest
    @ValueSource(strings = {"192.0.2.1", "0.0.0.0", "2001:db8::1", "::1", "::ffff:192.0.2.1"})
    void takesAddresses(String address) {
        assertThat(new MailHost(address).literal()).isNotNull();
    }

    @Test
    void writesNamesInLowerCase() {
        assertThat(new MailHost("Mail.Example.ORG").text()).isEqualTo("mail.example.org");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                ".",
                "mail.example.org.",
                "mail..example.org",
                "-mail.example.org",
                "mail-.example.org",
                "mail_1.example.org",
                "mail example.org",
                "mail.example.org\r\nQUIT",
                "mail.example.org\0",
                "bücher.example",
                "127.1",
                "2130706433",
                "0x7f000001",
                "0x7f.1",
                "mail.0x7f",
                "0177.0.0.1",
                "1.2.3.256",
                "1.2.3.4.5",
                "[::1]",
                "fe80::1%eth0",
                "::g",
                "1:2",
                "http://mail.example.org",
                "user@example.org"
            })
    void refusesWhatIsNeither(String text) {
        assertThatIllegalArgumentException().isThrownBy(() -> new MailHost(text));
    }

    @Test
    void refusesWhatIsTooLong() {
        assertThatIllegalArgumentException().isThrownBy(() -> new MailHost("a".repeat(64) + ".example"));
        assertThatIllegalArgumentException().isThrownBy(() -> new MailHost("a.".repeat(127)));
        assertThatIllegalArgumentException().isThrownBy(() -> new MailHost("ab.".repeat(84) + "de"));
        assertThat(new MailHost("a.".repeat(126) + "b").text()).hasSize(253);
    }
}
