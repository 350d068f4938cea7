package io.postwatch.agent.probe.run;

import static io.postwatch.agent.probe.run.ARun.GOOD;
import static io.postwatch.agent.probe.run.ARun.PASSWORD;
import static io.postwatch.agent.probe.run.ARun.USER;
import static io.postwatch.agent.probe.run.ARun.aRun;
import static io.postwatch.agent.probe.run.ProbeResultAssert.assertThat;

import io.postwatch.agent.probe.failure.FailureCode;
import io.postwatch.agent.probe.time.Phase;
import io.postwatch.testserver.ImapScript;
import io.postwatch.testserver.Reply;
import io.postwatch.testserver.TestServer;
import java.io.IOException;
import org.assertj.core.api.Assertions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Folders that are opened after the login, and what the server can from then on. */
@Timeout(20)
class FolderRunTest {

    @ParameterizedTest
    @CsvSource({"INBOX, INBOX", "Entwürfe, Entw&APw-rfe", "A&B, A&-B", "\"quoted\", \\\"quoted\\\""})
    void opensAFolderReadOnly(String folder, String onTheWire) throws IOException {
        try (TestServer server =
                withFolder(Reply.usual()).folders(folder, "INBOX").start()) {
            aRun().imap(server).opening(folder).tls().loggingIn().run();

            Assertions.assertThat(server.received()).anyMatch(line -> line.endsWith("EXAMINE \"" + onTheWire + "\""));
        }
    }

    @Test
    void hasAPhaseOfItsOwn() throws IOException {
        try (TestServer server = withFolder(Reply.usual()).start()) {
            assertThat(aRun().imap(server).opening("INBOX").tls().loggingIn().run())
                    .isOk()
                    .wentThrough(
                            Phase.RESOLVE,
                            Phase.CONNECT,
                            Phase.TLS,
                            Phase.GREETING,
                            Phase.CAPABILITY,
                            Phase.AUTH,
                            Phase.SELECT,
                            Phase.QUIT);
        }
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            NO [NONEXISTENT] Unknown mailbox         | EXPECTATION_NOT_MET
            NO Mailbox does not exist                | PERMANENTLY_REFUSED
            NO [UNAVAILABLE] The store is down       | TEMPORARILY_UNAVAILABLE
            NO [LIMIT] Slow down                     | RATE_LIMITED
            BAD Unknown command                      | PERMANENTLY_REFUSED
            """)
    void tellsWhyAFolderIsNotOpened(String reply, FailureCode code) throws IOException {
        try (TestServer server = withFolder(Reply.lines("{tag} " + reply)).start()) {
            assertThat(aRun().imap(server).opening("Nowhere").tls().loggingIn().run())
                    .failsWith(code, Phase.SELECT)
                    .tellsThatServerSaid(reply);
            Assertions.assertThat(server.received()).last().asString().endsWith("LOGOUT");
        }
    }

    @Test
    void namesTheFolderThatIsNotThere() throws IOException {
        try (TestServer server =
                withFolder(Reply.lines("{tag} NO [NONEXISTENT] No")).start()) {
            assertThat(aRun().imap(server).opening("Entwürfe").tls().loggingIn().run())
                    .says("The folder 'Entwürfe' does not exist on the server.");
        }
    }

    @Test
    void theCapabilitiesToldWithTheLoginAreTheLast() throws IOException {
        for (String told : new String[] {
            "{tag} OK [CAPABILITY IMAP4rev1 QUOTA] Logged in", "* CAPABILITY IMAP4rev1 QUOTA\r\n{tag} OK Logged in"
        }) {
            ImapScript script = TestServer.imap()
                    .tls(GOOD)
                    .login(USER, PASSWORD)
                    .mechanisms()
                    .onCommand("LOGIN", Reply.raw(told + "\r\n"));
            try (TestServer server = script.start()) {
                Assertions.assertThat(
                                aRun().imap(server).tls().loggingIn().run().capabilities())
                        .containsExactly("IMAP4rev1", "QUOTA");
            }
        }
    }

    private static ImapScript withFolder(Reply examine) {
        return TestServer.imap().tls(GOOD).login(USER, PASSWORD).onCommand("EXAMINE", examine);
    }
}
