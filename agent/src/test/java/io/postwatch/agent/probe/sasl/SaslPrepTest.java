package io.postwatch.agent.probe.sasl;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SaslPrepTest {

    /** Rows one to four are the examples of RFC 4013, section 3. */
    @ParameterizedTest
    @CsvSource(
            ignoreLeadingAndTrailingWhitespace = false,
            value = {
                "I\u00adX,IX",
                "user,user",
                "\u00aa,a",
                "\u2168,IX",
                "a\u00a0b,a b",
                "pa\u200bss\ufeff,pass",
                "a\u0308,\u00e4",
                "\u00e4,\u00e4",
                "\u00ad,\u00ad",
                "canary-7f3a \\\",canary-7f3a \\\""
            })
    void preparesAsSaslPrepHasIt(String text, String prepared) {
        assertThat(SaslPrep.prepared(text)).isEqualTo(prepared);
    }
}
