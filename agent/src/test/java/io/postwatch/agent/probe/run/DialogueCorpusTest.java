package io.postwatch.agent.probe.run;

import static io.postwatch.agent.probe.run.ARun.GOOD;
import static io.postwatch.agent.probe.run.ARun.PASSWORD;
import static io.postwatch.agent.probe.run.ARun.USER;
import static io.postwatch.agent.probe.run.ARun.aRun;
import static io.postwatch.agent.probe.run.ProbeResultAssert.assertThat;

import io.postwatch.agent.probe.ProbeResult;
import io.postwatch.agent.probe.failure.Failure;
import io.postwatch.agent.probe.sasl.AuthMechanism;
import io.postwatch.agent.probe.sasl.Login;
import io.postwatch.testserver.Recording;
import io.postwatch.testserver.TestServer;
import io.postwatch.testserver.wire.Packets;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.assertj.core.api.Assertions;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvFileSource;

/** What real servers said, said again to the prober, in whatever packets. */
@Timeout(60)
class DialogueCorpusTest {

    private static final Path CORPUS = Path.of("src/test/resources/dialogues");
    private static final String TOKEN = "canary-ya29.a0AfH6SMB";

    private static final List<Packets> PACKETS = List.of(Packets.ofSize(1), Packets.ofSize(7), Packets.random(1, 60));

    private static final Pattern LOGIN = Pattern.compile(
            "^C\\??: (?:AUTH |\\{tag} AUTHENTICATE |\\{tag} (?=LOGIN ))([A-Z0-9-]+)", Pattern.MULTILINE);

    private static final Pattern STARTTLS = Pattern.compile("^C: (?:\\{tag} )?STARTTLS$", Pattern.MULTILINE);

    /** What the prober does not say, with the answers to it: nobody asked it for a recipient. */
    private static final Pattern RECIPIENT =
            Pattern.compile("^C: MAIL FROM:.*?(?=^C: QUIT)", Pattern.MULTILINE | Pattern.DOTALL);

    /**
     * The outcome of each dialogue, and what its failure says that the server said. {@code (unsaid)} where the recorded
     * client said more than the prober does, which knows from what is offered that it would be refused.
     */
    @ParameterizedTest(name = "{0}")
    @CsvFileSource(resources = "/dialogues/outcomes.csv", delimiter = '|', quoteCharacter = '`', numLinesToSkip = 1)
    void tellsWhatTheServerMeant(String dialogue, String outcome, @Nullable String reply) throws IOException {
        for (Packets packets : PACKETS) {
            try (TestServer server = TestServer.replay(recording(dialogue), GOOD)
                    .packets(packets)
                    .start()) {
                ProbeResult result = run(dialogue, server);

                Assertions.assertThat(outcome(result)).isEqualTo(outcome);
                assertThat(result)
                        .hasConsistentTimes()
                        .mentionsNowhere(PASSWORD)
                        .mentionsNowhere(TOKEN);
                if (!"(unsaid)".equals(reply)) {
                    Assertions.assertThat(reply(result)).contains(reply == null ? "" : reply);
                    Assertions.assertThat(server.failures()).isEmpty();
                }
            }
        }
    }

    @Test
    void noDialogueIsForgotten() throws IOException {
        List<String> told = Files.readAllLines(CORPUS.resolve("outcomes.csv")).stream()
                .skip(1)
                .map(line -> line.substring(0, line.indexOf('|')).strip())
                .toList();
        try (Stream<Path> files = Files.list(CORPUS)) {
            Assertions.assertThat(told)
                    .containsExactlyInAnyOrderElementsOf(
                            files.map(file -> file.getFileName().toString())
                                    .filter(file -> file.endsWith(".txt") && !file.contains("-pop3-"))
                                    .map(file -> file.substring(0, file.length() - ".txt".length()))
                                    .toList());
        }
    }

    private static Recording recording(String file) throws IOException {
        return Recording.parse(file, RECIPIENT.matcher(text(file)).replaceAll(""));
    }

    /** Where the client said LOGIN, the mechanism of that name is not offered: the prober would have preferred it. */
    private static String text(String file) throws IOException {
        String text = Files.readString(CORPUS.resolve(file + ".txt"));
        return text.contains("C: {tag} LOGIN ") ? text.replace(" AUTH=LOGIN", "") : text;
    }

    /** A run that wants what the recorded client wanted. */
    private static ProbeResult run(String file, TestServer server) throws IOException {
        String text = text(file);
        ARun run = aRun().of(file.contains("-imap-") ? MailProtocol.IMAP : MailProtocol.SMTP, server);
        if (STARTTLS.matcher(text).find()) {
            run.startTls();
        } else if (text.contains("\nTLS\n")) {
            run.tls();
        }
        Matcher login = LOGIN.matcher(text);
        if (login.find()) {
            run.loggingIn(login(AuthMechanism.valueOf(login.group(1).replace('-', '_'))));
        }
        return run.run();
    }

    private static Login login(AuthMechanism mechanism) {
        return new Login(
                USER,
                mechanism.takesToken() ? new Login.AccessToken(TOKEN) : new Login.Password(PASSWORD),
                mechanism,
                true);
    }

    private static String outcome(ProbeResult result) {
        Failure failure = result.failure();
        return failure == null ? "ok" : failure.code().code();
    }

    private static String reply(ProbeResult result) {
        Failure failure = result.failure();
        return failure == null ? "" : failure.serverReply();
    }
}
