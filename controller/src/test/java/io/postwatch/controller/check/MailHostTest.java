package io.postwatch.controller.check;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class MailHostTest {
    @ParameterizedTest
    @CsvSource({
        "mail.example.org, mail.example.org",
        "MAIL.Example.ORG, mail.example.org",
        "localhost, localhost",
        "3com.example, 3com.example",
        "123.example, 123.example",
        "a-b.example, a-b.example",
        "müller.example, xn--mller-kva.example",
        "MÜLLER.example, xn--mller-kva.example",
        "mail.例え.テスト, mail.xn--r8jz45g.xn--zckzah",
        "mail。example。org, mail.example.org",
        "xn--mller-kva.example, xn--mller-kva.example",
        "192.0.2.1, 192.0.2.1",
        "０.０.０.０, 0.0.0.0",
        "255.255.255.255, 255.255.255.255",
        "2001:DB8:0:0::25, 2001:db8::25",
        "::1, ::1",
        "::192.0.2.1, ::c000:201",
    })
    void readsNamesAndLiteralsIntoOneForm(String typed, String canonical) {
        assertThat(MailHost.read(typed)).isEqualTo(new MailHost.Reading.Accepted(canonical));
        assertThat(new MailHost(canonical).value()).isEqualTo(canonical);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                " ",
                " mail.example.org",
                "mail.example.org ",
                "mail.example.org\r\nRCPT TO:<a@example.org>",
                "mail\u0000.example.org",
                "mail\u00a0.example.org",
                "mail.example.org.",
                ".mail.example.org",
                "mail..example.org",
                "-mail.example.org",
                "mail-.example.org",
                "mail_1.example.org",
                "mail.example.org:993",
                "mail.example.org/path",
                "imaps://mail.example.org",
                "user@mail.example.org",
                "mail,example.org",
                "*.example.org",
                "2130706433",
                "0x7f000001",
                "0x7f.0.0.1",
                "127.1",
                "127.0.1",
                "127.0.0.01",
                "127.0.0.256",
                "127.0.0.1.5",
                "example.127",
                "example.0x",
                "１２７.１",
                "[::1]",
                "::1%eth0",
                "fe80::1%25eth0",
                ":::",
                "1::2::3",
                "1:2:3",
                "12345::",
                "::ffff:127.0.0.1",
                "::1:993:x",
                "straße.example",
                "βόλος.example",
                "xn--\u200d.example",
            })
    void refusesEverythingElseWithASentence(String typed) {
        assertThat(MailHost.read(typed))
                .isInstanceOfSatisfying(
                        MailHost.Reading.Refused.class,
                        refused -> assertThat(refused.why()).isNotBlank());
        assertThatThrownBy(() -> new MailHost(typed)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void boundsTheWholeNameAndItsParts() {
        String label = "a".repeat(63);
        String longest = label + "." + label + "." + label + "." + "a".repeat(61);
        assertThat(longest).hasSize(253);
        assertThat(MailHost.read(longest)).isEqualTo(new MailHost.Reading.Accepted(longest));
        assertThat(MailHost.read(longest + "a")).isInstanceOf(MailHost.Reading.Refused.class);
        assertThat(MailHost.read("a".repeat(64) + ".example")).isInstanceOf(MailHost.Reading.Refused.class);
        assertThat(MailHost.read("ü".repeat(60) + ".example")).isInstanceOf(MailHost.Reading.Refused.class);
        assertThat(MailHost.read("a".repeat(1_000_000))).isInstanceOf(MailHost.Reading.Refused.class);
    }

    @Test
    void tellsLiteralsFromNames() {
        assertThat(new MailHost("192.0.2.1").isLiteral()).isTrue();
        assertThat(new MailHost("::1").isLiteral()).isTrue();
        assertThat(new MailHost("mail.example.org").isLiteral()).isFalse();
    }
}
