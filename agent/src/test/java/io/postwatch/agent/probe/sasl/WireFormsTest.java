package io.postwatch.agent.probe.sasl;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Comparator;
import java.util.List;
import org.junit.jupiter.api.Test;

class WireFormsTest {

    @Test
    void everyFormOfThePasswordIsKnownBeforeAnythingIsSent() {
        assertThat(WireForms.ofSecret(new Login("user", "pa\"ss\\", null, false)))
                .contains(
                        "pa\"ss\\",
                        "pa\\\"ss\\\\",
                        // printf 'pa"ss\\' | base64; printf '\0user\0pa"ss\\' | base64
                        "cGEic3Nc",
                        "AHVzZXIAcGEic3Nc")
                .doesNotContain("user", "dXNlcg==");
    }

    @Test
    void everyFormOfATokenIsKnownBeforeAnythingIsSent() {
        assertThat(WireForms.ofSecret(new Login("user", new Login.AccessToken("ya29"), null, false)))
                .contains(
                        "ya29",
                        // printf ya29 | base64; printf 'Bearer ya29' | base64
                        "eWEyOQ==",
                        "eWEyOQ",
                        "QmVhcmVyIHlhMjk=",
                        // printf 'user=user\001auth=Bearer ya29\001\001' | base64, printf 'n,a=user,\001auth=…' |
                        // base64
                        "dXNlcj11c2VyAWF1dGg9QmVhcmVyIHlhMjkBAQ==",
                        "bixhPXVzZXIsAWF1dGg9QmVhcmVyIHlhMjkBAQ==")
                .doesNotContain("user", "dXNlcg==");
    }

    @Test
    void aFormThatContainsAnotherComesFirst() {
        List<String> forms = WireForms.ofSecret(new Login("user", "end\\", null, false));

        assertThat(forms)
                .isSortedAccordingTo(Comparator.comparingInt(String::length).reversed());
        assertThat(forms).containsSubsequence("end\\\\", "end\\");
        assertThat(forms).contains("ZW5kXA==", "ZW5kXA");
    }

    @Test
    void aQuotedStringEscapesWhatWouldEndIt() {
        assertThat(WireForms.quoted("a\"b\\c")).isEqualTo("\"a\\\"b\\\\c\"");
    }
}
