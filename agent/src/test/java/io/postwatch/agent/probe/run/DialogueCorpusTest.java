package io.postwatch.agent.probe.run;

import static io.postwatch.agent.probe.run.ARun.PASSWORD;
import static io.postwatch.agent.probe.run.ProbeResultAssert.assertThat;

import io.postwatch.agent.probe.ProbeResult;
import io.postwatch.agent.probe.failure.Failure;
import io.postwatch.testserver.TestServer;
import io.postwatch.testserver.wire.Packets;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.assertj.core.api.Assertions;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvFileSource;

/** What real servers said, said again to the prober, in whatever packets. */
@Timeout(60)
class DialogueCorpusTest {

    /**
     * The outcome of each dialogue, and what its failure says that the server said. {@code (unsaid)} where the recorded
     * client said more than the prober does, which knows from what is offered that it would be refused.
     */
    @ParameterizedTest(name = "{0}")
    @CsvFileSource(resources = "/dialogues/outcomes.csv", delimiter = '|', quoteCharacter = '`', numLinesToSkip = 1)
    void tellsWhatTheServerMeant(String name, String outcome, @Nullable String reply) throws IOException {
        RecordedDialogue dialogue = RecordedDialogue.of(name).withoutTransaction();
        for (Packets packets : RecordedDialogue.PACKETS) {
            try (TestServer server = dialogue.replayed(packets)) {
                check(dialogue.run(server).run(), server, outcome, reply);
            }
        }
    }

    /** The same of each recipient that the recorded client asked for; 0: of none, since it came no further. */
    @ParameterizedTest(name = "{0}, recipient {1}")
    @CsvFileSource(resources = "/dialogues/recipients.csv", delimiter = '|', quoteCharacter = '`', numLinesToSkip = 1)
    void tellsWhetherTheServerTakesTheMail(String name, int recipient, String outcome, @Nullable String reply)
            throws IOException {
        RecordedDialogue dialogue = RecordedDialogue.of(name).withRecipient(recipient);
        for (Packets packets : RecordedDialogue.PACKETS) {
            try (TestServer server = dialogue.replayed(packets)) {
                check(dialogue.run(server).to("someone@example.org").run(), server, outcome, reply);
            }
        }
    }

    @Test
    void noDialogueIsForgotten() throws IOException {
        Assertions.assertThat(told("outcomes.csv").stream().map(List::getFirst))
                .containsExactlyInAnyOrderElementsOf(RecordedDialogue.names());

        List<List<String>> asked = new ArrayList<>();
        for (String name : RecordedDialogue.names()) {
            RecordedDialogue dialogue = RecordedDialogue.of(name);
            int last = dialogue.recipients();
            for (int i = Math.min(1, last); dialogue.asksForRecipients() && i <= last; i++) {
                asked.add(List.of(name, Integer.toString(i)));
            }
        }
        Assertions.assertThat(told("recipients.csv").stream().map(row -> row.subList(0, 2)))
                .containsExactlyInAnyOrderElementsOf(asked);
    }

    @Test
    void everyKindOfServerThatMattersIsHeard() throws IOException {
        Assertions.assertThat(RecordedDialogue.names().stream()
                        .map(name -> name.substring(0, name.indexOf('-')))
                        .distinct())
                .contains(
                        "postfix",
                        "exim",
                        "opensmtpd",
                        "sendmail",
                        "exchange",
                        "dovecot",
                        "cyrus",
                        "courier",
                        "james",
                        "stalwart",
                        "gmail",
                        "microsoft365");
    }

    private static void check(ProbeResult result, TestServer server, String outcome, @Nullable String reply) {
        Failure failure = result.failure();
        Assertions.assertThat(failure == null ? "ok" : failure.code().code()).isEqualTo(outcome);
        assertThat(result).hasConsistentTimes().mentionsNowhere(PASSWORD).mentionsNowhere(RecordedDialogue.TOKEN);
        if (!"(unsaid)".equals(reply)) {
            Assertions.assertThat(failure == null ? "" : failure.serverReply()).contains(reply == null ? "" : reply);
            Assertions.assertThat(server.failures()).isEmpty();
        }
    }

    /** The columns of each row behind the first. */
    private static List<List<String>> told(String table) throws IOException {
        try (InputStream file =
                Objects.requireNonNull(DialogueCorpusTest.class.getResourceAsStream("/dialogues/" + table))) {
            return new String(file.readAllBytes(), StandardCharsets.UTF_8)
                    .lines()
                    .skip(1)
                    .map(line -> List.of(line.split("\\|")).stream()
                            .map(String::strip)
                            .toList())
                    .toList();
        }
    }
}
