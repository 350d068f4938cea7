package io.postwatch.testserver;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.postwatch.testserver.wire.Packets;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

@Timeout(20)
class ReplayScriptTest {

    private static final TestAuthority AUTHORITY = TestAuthority.create();
    private static final ServerIdentity IDENTITY = AUTHORITY.leaf("mail.test").issue();
    private static final Path CORPUS = Path.of("../../agent/src/test/resources/dialogues");

    private static final Recording SAMPLE = Recording.parse("sample", """
            # Server: Sample 1
            # Source: documented, nowhere
            # Words for people.

            S: * OK \\xc3\\xa4\\\\
            C?: {tag} CAPABILITY
            S: * CAPABILITY IMAP4rev1
            S: {tag} OK
            C: {tag} LOGIN {*}
            S: {tag} NO \\c
            S: never
            C?: {tag} LOGOUT
            S: * BYE
            """);

    @RegisterExtension
    final MailServers servers = new MailServers();

    @Test
    void saysWhatWasRecorded() throws IOException {
        try (TestClient client = new TestClient(servers.start(TestServer.replay(SAMPLE)))) {
            assertThat(client.hears()).isEqualTo("* OK \u00c3\u00a4\\");
            assertThat(client.says("a7 capability")).isEqualTo("* CAPABILITY IMAP4rev1");
            assertThat(client.hears()).isEqualTo("a7 OK");
            assertThat(client.says("a8 LOGIN user secret")).isEqualTo("a8 NO never");
            assertThat(client.says("a9 LOGOUT")).isEqualTo("* BYE");
            assertThat(client.hearsAll()).isEmpty();
        }
    }

    @Test
    void letsTheClientLeaveOutWhatIsOptional() throws IOException {
        try (TestClient client = new TestClient(servers.start(TestServer.replay(SAMPLE)))) {
            client.hears();
            assertThat(client.says("x LOGIN user secret")).isEqualTo("x NO never");
        }
    }

    @ParameterizedTest
    @MethodSource
    void failsWhereTheClientDeviates(List<String> said, String complaint) throws IOException {
        try (TestServer server = TestServer.replay(SAMPLE).start()) {
            try (TestClient client = new TestClient(server)) {
                client.hears();
                for (String line : said) {
                    client.says(line);
                }
                client.ends();
                client.hearsAll();
            }
            assertThat(server.failures()).singleElement().asString().contains(complaint);
        }
    }

    static Stream<Arguments> failsWhereTheClientDeviates() {
        return Stream.of(
                Arguments.of(List.of("a NOOP"), "line 9: recorded is {tag} LOGIN"),
                Arguments.of(List.of(), "but the client left"),
                Arguments.of(List.of("a LOGIN u s", "b SELECT INBOX"), "behind the recorded end"));
    }

    @Test
    void takesNoFileThatDoesNotTellWhereItComesFrom() {
        assertThatIllegalArgumentException().isThrownBy(() -> Recording.parse("x", "S: 220 x"));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Recording.parse("x", "# Server: x\n# Source: guessed\nS: 220 x"));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Recording.parse("x", "# Server: x\n# Source: documented, y\n220 x"))
                .withMessageContaining("line 3");
    }

    /** Every file is played by a client that does as was recorded, in packets of odd sizes. */
    @ParameterizedTest
    @MethodSource("corpus")
    void theCorpusReplays(Path file) throws Exception {
        Recording recording = Recording.read(file);
        TestServer server = servers.start(TestServer.replay(recording, IDENTITY)
                .packets(Packets.random(recording.name().hashCode(), 60)));
        try (TestClient client = new TestClient(server)) {
            for (Recording.Turn turn : recording.turns()) {
                switch (turn) {
                    case Recording.Turn.Says says ->
                        assertThat(client.hears(says.wire().length())).isEqualTo(says.wire());
                    case Recording.Turn.Hears hears -> client.sends(hears.text());
                    case Recording.Turn.Tls() -> client.startTls(AUTHORITY.root());
                }
            }
            assertThat(client.hearsAll()).isEmpty();
        }
    }

    static List<Path> corpus() throws IOException {
        try (Stream<Path> files = Files.list(CORPUS)) {
            return files.filter(file -> file.toString().endsWith(".txt"))
                    .sorted()
                    .toList();
        }
    }

    @Test
    void theCorpusKnowsManyServers() throws IOException {
        assertThat(corpus().stream().map(file -> file.getFileName().toString().split("-", 2)[0]))
                .contains(
                        "postfix",
                        "exim",
                        "opensmtpd",
                        "sendmail",
                        "exchange",
                        "dovecot",
                        "cyrus",
                        "courier",
                        "gmail",
                        "microsoft365",
                        "james",
                        "stalwart");
    }
}
