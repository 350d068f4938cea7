package io.postwatch.agent.probe.tls;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ServerNamesTest {

    @ParameterizedTest
    @CsvSource({
        "mail.example.org, mail.example.org, true",
        "MAIL.Example.ORG, mail.example.org, true",
        "mail.example.org, imap.example.org, false",
        "*.example.org, mail.example.org, true",
        "*.EXAMPLE.org, mail.example.org, true",
        "*.example.org, example.org, false",
        "*.example.org, a.mail.example.org, false",
        "m*.example.org, mail.example.org, false",
        "*il.example.org, mail.example.org, false",
        "mail.*.org, mail.example.org, false",
        "*.*.org, mail.example.org, false",
        "*.org, example.org, false",
        "*, localhost, false",
        "*., mail., false",
        "'', mail.example.org, false",
        "*.xn--bcher-kva.example, mail.xn--bcher-kva.example, true"
    })
    void aWildcardIsOneWholeLeftmostLabel(String pattern, String host, boolean matches) {
        assertThat(ServerNames.matches(pattern, host)).isEqualTo(matches);
    }
}
