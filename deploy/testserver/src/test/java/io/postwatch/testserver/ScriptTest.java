package io.postwatch.testserver;

import static io.postwatch.testserver.TestClient.base64;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.security.GeneralSecurityException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What the three servers do without being told more than who may log in. */
@Timeout(20)
class ScriptTest {

    private static final TestAuthority AUTHORITY = TestAuthority.create();

    @Test
    void pop3TellsWhatItCanBeforeAndAfterTls() throws IOException, GeneralSecurityException {
        try (TestServer server = TestServer.pop3()
                        .startTls(AUTHORITY.leaf("localhost").issue())
                        .capabilities("UIDL", ".HIDDEN")
                        .login("user", "secret")
                        .start();
                TestClient client = new TestClient(server)) {
            assertThat(client.hears()).isEqualTo("+OK POP3 ready");
            assertThat(client.says("CAPA")).startsWith("+OK");
            assertThat(client.hears()).isEqualTo("UIDL");
            assertThat(client.hears()).isEqualTo("..HIDDEN");
            assertThat(client.hears()).isEqualTo("STLS");
            assertThat(client.hears()).isEqualTo(".");
            assertThat(client.says("USER user")).startsWith("-ERR");
            assertThat(client.says("STLS")).startsWith("+OK");
            client.startTls(AUTHORITY.root());
            assertThat(client.says("capa")).startsWith("+OK");
            assertThat(client.hears()).isEqualTo("UIDL");
            assertThat(client.hears()).isEqualTo("..HIDDEN");
            assertThat(client.hears()).isEqualTo("USER");
            assertThat(client.hears()).isEqualTo("SASL PLAIN LOGIN");
            assertThat(client.hears()).isEqualTo(".");
            assertThat(client.says("USER user")).startsWith("+OK");
            assertThat(client.says("PASS wrong")).startsWith("-ERR [AUTH]");
            assertThat(client.says("USER user")).startsWith("+OK");
            assertThat(client.says("PASS secret")).startsWith("+OK");
            assertThat(client.says("STAT")).isEqualTo("+OK 0 0");
            assertThat(client.says("QUIT")).startsWith("+OK");
            assertThat(client.hearsAll()).isEmpty();
        }
    }

    @Test
    void pop3TakesApop() throws IOException {
        try (TestServer server = TestServer.pop3()
                        .apop()
                        .login("user", "secret")
                        .plaintextLogin()
                        .start();
                TestClient client = new TestClient(server)) {
            assertThat(client.hears()).isEqualTo("+OK POP3 ready <1896.0@mail.test>");
            assertThat(client.says("APOP user 00000000000000000000000000000000"))
                    .startsWith("-ERR [AUTH]");
            assertThat(client.says("APOP user 540e97264919cdf6ede62aa19d705b8d"))
                    .startsWith("+OK");
        }
    }

    @Test
    void theThreeProtocolsConductTheSameExchanges() throws IOException {
        String token = "user=user\1auth=Bearer t0ken\1\1";
        try (TestServer smtp = offering(TestServer.smtp());
                TestServer imap = offering(TestServer.imap());
                TestServer pop3 = offering(TestServer.pop3());
                TestClient first = new TestClient(smtp);
                TestClient second = new TestClient(imap);
                TestClient third = new TestClient(pop3)) {
            assertThat(first.hears()).startsWith("220 ");
            assertThat(first.says("AUTH XOAUTH2 " + base64(token))).startsWith("235 ");
            assertThat(second.hears()).startsWith("* OK ");
            assertThat(second.says("a AUTHENTICATE XOAUTH2")).isEqualTo("+ ");
            assertThat(second.encodes(token)).startsWith("a OK ");
            assertThat(third.hears()).startsWith("+OK ");
            assertThat(third.says("AUTH XOAUTH2 " + base64(token.replace("t0ken", "old"))))
                    .startsWith("+ ");
            assertThat(third.says("")).startsWith("-ERR [AUTH]");
            assertThat(third.says("AUTH PLAIN =")).startsWith("-ERR [AUTH]");
            assertThat(third.says("AUTH PLAIN")).isEqualTo("+ ");
            assertThat(third.says("*")).startsWith("-ERR Authentication cancelled");
            assertThat(third.says("AUTH PLAIN ???")).startsWith("-ERR Cannot read");
            assertThat(third.says("AUTH SCRAM-SHA-1")).startsWith("-ERR Mechanism not offered");
        }
    }

    @Test
    void imapOpensFoldersAfterALogin() throws IOException {
        try (TestServer server = TestServer.imap()
                        .capabilities("IMAP4rev1")
                        .capabilityInGreeting()
                        .folders("INBOX", "Sent Items")
                        .login("user", "secret")
                        .plaintextLogin()
                        .start();
                TestClient client = new TestClient(server)) {
            assertThat(client.hears()).isEqualTo("* OK [CAPABILITY IMAP4rev1 AUTH=PLAIN AUTH=LOGIN] IMAP4rev1 ready");
            assertThat(client.says("a EXAMINE INBOX")).startsWith("a BAD");
            assertThat(client.says("b AUTHENTICATE PLAIN " + base64("\0user\0secret")))
                    .startsWith("b BAD");
            assertThat(client.says("c LOGIN {4}")).startsWith("+ ");
            assertThat(client.says("user secret")).startsWith("c OK");
            assertThat(client.says("d EXAMINE Drafts")).startsWith("d NO [NONEXISTENT]");
            assertThat(client.says("e EXAMINE \"Sent Items\"")).startsWith("* FLAGS ");
            assertThat(client.says("f LOGOUT")).isEqualTo("* 3 EXISTS");
            assertThat(client.hearsAll()).contains("\r\ne OK [READ-ONLY]").endsWith("f OK LOGOUT completed\r\n");
        }
    }

    @Test
    void smtpKnowsRecipientsAndTakesNoMessage() throws IOException {
        try (TestServer server =
                TestServer.smtp().recipients("a@example.org").greylisting(1).start()) {
            try (TestClient client = new TestClient(server)) {
                client.hears();
                assertThat(client.says("RCPT TO:<a@example.org>")).startsWith("503 ");
                assertThat(client.says("MAIL FROM:<>")).startsWith("250 ");
                assertThat(client.says("RCPT TO:<a@example.org>")).startsWith("450 ");
                assertThat(client.says("RCPT TO:<b@example.org>")).startsWith("550 ");
                assertThat(client.says("RSET")).startsWith("250 ");
                assertThat(client.says("RCPT TO:<a@example.org>")).startsWith("503 ");
            }
            try (TestClient client = new TestClient(server)) {
                client.hears();
                assertThat(client.says("mail from:<>")).startsWith("250 ");
                assertThat(client.says("rcpt to:<a@example.org>")).startsWith("250 ");
                assertThat(client.says("DATA")).startsWith("554 ");
            }
            assertThat(server.received()).endsWith("DATA");
        }
    }

    private static TestServer offering(Script<?> script) throws IOException {
        return script.login("user", "secret", "t0ken")
                .mechanisms("PLAIN", "XOAUTH2")
                .plaintextLogin()
                .start();
    }
}
