package io.postwatch.controller.proof;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.postwatch.controller.check.MailAddress;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class MailDomainTest {
    @ParameterizedTest
    @CsvSource({
        "Example.ORG, example.org",
        "bücher.example, xn--bcher-kva.example",
        "mail.example.co.uk, mail.example.co.uk"
    })
    void aDomainIsReadAsPeopleWriteIt(String text, String canonical) {
        assertThat(MailDomain.read(text)).contains(new MailDomain(canonical));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"", "org", "localhost", "192.0.2.1", "2001:db8::1", "a_b.example", "example.org.", "a@b.example"
            })
    void whatIsNoDomainOfMailCanNotBeProven(String text) {
        assertThat(MailDomain.read(text)).isEmpty();
        assertThatThrownBy(() -> new MailDomain(text)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void theNameOfTheChallengeStillFits() {
        String longest = "a".repeat(50) + "." + "b".repeat(50) + "." + "c".repeat(50) + "." + "d".repeat(50) + "."
                + "e".repeat(28);
        assertThat(new MailDomain(longest).challengeName()).hasSize(253).startsWith("_postwatch-challenge.aaa");
        assertThat(MailDomain.read(longest + "e")).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "example.org, example.org, true",
        "example.org, mail.example.org, true",
        "mail.example.org, example.org, false",
        "example.org, anexample.org, false",
        "example.org, example.org.example, false"
    })
    void aDomainCoversWhatIsBelowIt(String proven, String asked, boolean covered) {
        assertThat(new MailDomain(proven).covers(new MailDomain(asked))).isEqualTo(covered);
    }

    @Test
    void aMailboxIsInItsDomain() {
        assertThat(MailDomain.of(new MailAddress("anna@example.org"))).contains(new MailDomain("example.org"));
        assertThat(MailAddress.read("anna@localhost").flatMap(MailDomain::of)).isEqualTo(Optional.empty());
    }
}
