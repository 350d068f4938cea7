package io.postwatch.agent.probe.pop3;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class Pop3ResponseTest {

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            +OK                            | OK       | ''                | ''
            +OK ready                      | OK       | ready             | ''
            +ok ready                      | OK       | ready             | ''
            -ERR [AUTH] No                 | ERR      | [AUTH] No         | AUTH
            -ERR [sys/temp] Later          | ERR      | [sys/temp] Later  | SYS/TEMP
            -ERR No [AUTH]                 | ERR      | No [AUTH]         | ''
            +                              | CONTINUE | ''                | ''
            + UGFzc3dvcmQ6                 | CONTINUE | UGFzc3dvcmQ6      | ''
            """)
    void readsIndicatorTextAndCode(String line, Pop3Response.Indicator indicator, String text, String code) {
        assertThat(Pop3Response.of(line)).satisfies(response -> {
            assertThat(response.indicator()).isEqualTo(indicator);
            assertThat(response.text()).isEqualTo(text);
            assertThat(response.code()).isEqualTo(code);
        });
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "OK", "+OKAY", "-ERROR", "220 ready", "* OK ready", " +OK"})
    void takesNothingElseForAResponse(String line) {
        assertThat(Pop3Response.of(line)).isNull();
    }

    @Test
    void capabilitiesComeInAnyCaseWithTheirParameters() {
        Pop3Capabilities capabilities = new Pop3Capabilities(true, List.of("stls", "Sasl plain  XOAUTH2", "", "USER "));

        assertThat(capabilities.has("STLS")).isTrue();
        assertThat(capabilities.has("USER")).isTrue();
        assertThat(capabilities.has("PLAIN")).isFalse();
        assertThat(capabilities.mechanisms().names()).containsExactly("PLAIN", "XOAUTH2");
    }
}
