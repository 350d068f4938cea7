package io.postwatch.agent.probe.imap;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.postwatch.agent.probe.net.RunFailure;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ImapResponseParserTest {

    private final ImapResponseParser parser = new ImapResponseParser();

    @Test
    void tellsTheKindsOfResponsesApart() throws RunFailure {
        assertThat(responsesTo("* ok hello\r\n+ go\r\n+\r\np1 No [ALERT] x\r\np2 OK\r\n"))
                .containsExactly(
                        new ImapResponse.Untagged("* ok hello", "ok hello"),
                        new ImapResponse.Continuation("+ go"),
                        new ImapResponse.Continuation("+"),
                        new ImapResponse.Tagged("p1 No [ALERT] x", "p1", ImapResponse.Completion.NO, "[ALERT] x"),
                        new ImapResponse.Tagged("p2 OK", "p2", ImapResponse.Completion.OK, ""));
    }

    @Test
    void skipsWhatStandsInLiterals() throws RunFailure {
        assertThat(responsesTo("* X {6}\r\np1 OK\n {0}\r\n y\r\np1 OK\r\n"))
                .extracting(ImapResponse::line)
                .containsExactly("* X {6} {0} y", "p1 OK");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "hello", "p1", "p1 MAYBE x", "*nothing", "(x) OK", "\"x\" OK"})
    void refusesLinesThatAreNoResponse(String line) {
        assertThatThrownBy(() -> responsesTo(line + "\r\n")).isInstanceOf(RunFailure.class);
    }

    @ParameterizedTest
    @ValueSource(strings = {"* X {65537}", "* X {4294967297}", "* X {99999999999999999999}"})
    void refusesALargeLiteralBeforeItComes(String line) {
        assertThatThrownBy(() -> responsesTo(line + "\r\n")).isInstanceOf(RunFailure.class);
    }

    @ParameterizedTest
    @CsvSource({
        "[AUTHENTICATIONFAILED] no, AUTHENTICATIONFAILED",
        "[capability IMAP4rev1 AUTH=PLAIN] ok, CAPABILITY",
        "[UNAVAILABLE], UNAVAILABLE",
        "[UNCLOSED no, ''",
        "no [CODE], ''",
        "[] x, ''"
    })
    void findsTheResponseCode(String text, String code) {
        assertThat(ImapResponse.codeOf(text)).isEqualTo(code);
    }

    private List<ImapResponse> responsesTo(String bytes) throws RunFailure {
        List<ImapResponse> responses = new ArrayList<>();
        for (byte next : bytes.getBytes(StandardCharsets.UTF_8)) {
            ImapResponse response = parser.accept(next);
            if (response != null) {
                responses.add(response);
            }
        }
        return responses;
    }
}
