package io.postwatch.e2e;

import static io.postwatch.e2e.RealMailServers.Listener.EXIM;
import static io.postwatch.e2e.RealMailServers.Listener.EXIM_SLOW;
import static io.postwatch.e2e.RealMailServers.Listener.IMAP;
import static io.postwatch.e2e.RealMailServers.Listener.IMAPS;
import static io.postwatch.e2e.RealMailServers.Listener.IMAPS_EXPIRED;
import static io.postwatch.e2e.RealMailServers.Listener.MX;
import static io.postwatch.e2e.RealMailServers.Listener.MX_EXPIRED;
import static io.postwatch.e2e.RealMailServers.Listener.MX_SLOW;
import static io.postwatch.e2e.RealMailServers.Listener.POP3;
import static io.postwatch.e2e.RealMailServers.Listener.SUBMISSION;
import static io.postwatch.e2e.RealMailServers.Listener.SUBMISSIONS;
import static io.postwatch.e2e.RealMailServers.USERNAME;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.ConnectException;
import java.nio.charset.StandardCharsets;
import java.security.cert.CertificateExpiredException;
import java.util.Base64;
import java.util.List;
import javax.net.ssl.SSLHandshakeException;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** The servers are what the other tests take them for. */
@NeedsDebianPackages
final class RealMailServersIT {
    private static RealMailServers servers;

    @BeforeAll
    static void startServers() {
        servers = RealMailServers.start();
    }

    @AfterAll
    static void stopServers() {
        servers.close();
    }

    @Test
    void imapsTakesTheRightPassword() throws IOException {
        assertThat(imapsLogin()).startsWith("a1 OK ");
    }

    @Test
    void imapRefusesALoginBeforeStarttlsAndAWrongPasswordAfterIt() throws IOException {
        try (MailConversation imap = MailConversation.plain(servers, IMAP)) {
            assertThat(lastOf(imap.reply())).contains("STARTTLS", "LOGINDISABLED");
            assertThat(lastOf(imap.say("a1 STARTTLS"))).startsWith("a1 OK ");
            imap.startTls();
            assertThat(lastOf(imap.say("a2 LOGIN " + USERNAME + " wrong"))).startsWith("a2 NO [AUTHENTICATIONFAILED]");
        }
    }

    @Test
    void mxOffersStarttlsAndNoLogin() throws IOException {
        try (MailConversation smtp = MailConversation.plain(servers, MX)) {
            assertThat(lastOf(smtp.reply())).startsWith("220 mx.postwatch.test");
            assertThat(smtp.say("EHLO test")).contains("250-STARTTLS");
            assertThat(lastOf(smtp.say("STARTTLS"))).startsWith("220 ");
            smtp.startTls();
            assertThat(smtp.say("EHLO test")).noneMatch(line -> line.contains("AUTH"));
        }
    }

    @Test
    void submissionTakesTheRightPasswordAfterStarttls() throws IOException {
        try (MailConversation smtp = MailConversation.plain(servers, SUBMISSION)) {
            smtp.reply();
            assertThat(smtp.say("EHLO test")).noneMatch(line -> line.contains("AUTH"));
            assertThat(lastOf(smtp.say("STARTTLS"))).startsWith("220 ");
            smtp.startTls();
            assertThat(smtp.say("EHLO test")).contains("250-AUTH PLAIN LOGIN");
            String response = base64("\0" + USERNAME + "\0" + servers.password());
            assertThat(lastOf(smtp.say("AUTH PLAIN " + response))).startsWith("235 ");
        }
    }

    @Test
    void submissionsTakesTheRightPasswordByLoginAndRefusesAWrongOne() throws IOException {
        try (MailConversation smtp = MailConversation.tls(servers, SUBMISSIONS)) {
            smtp.reply();
            smtp.say("EHLO test");
            String wrong = base64("\0" + USERNAME + "\0wrong");
            assertThat(lastOf(smtp.say("AUTH PLAIN " + wrong))).startsWith("535 5.7.8");
            assertThat(lastOf(smtp.say("AUTH LOGIN"))).startsWith("334 ");
            assertThat(lastOf(smtp.say(base64(USERNAME)))).startsWith("334 ");
            assertThat(lastOf(smtp.say(base64(servers.password())))).startsWith("235 ");
        }
    }

    @Test
    void expiredCertificatesAreExpired() throws IOException {
        assertThatThrownBy(() -> MailConversation.tls(servers, IMAPS_EXPIRED))
                .isInstanceOf(SSLHandshakeException.class)
                .hasRootCauseInstanceOf(CertificateExpiredException.class);
        try (MailConversation smtp = MailConversation.plain(servers, MX_EXPIRED)) {
            smtp.reply();
            smtp.say("EHLO test");
            smtp.say("STARTTLS");
            assertThatThrownBy(smtp::startTls)
                    .isInstanceOf(SSLHandshakeException.class)
                    .hasRootCauseInstanceOf(CertificateExpiredException.class);
        }
    }

    @Test
    void theSlowGreetingBeginsAtOnceAndEndsLater() throws IOException {
        try (MailConversation smtp = MailConversation.plain(servers, MX_SLOW)) {
            long begin = System.nanoTime();
            assertThat(smtp.reply()).hasSize(2).first().asString().startsWith("220-");
            assertThat(System.nanoTime() - begin)
                    .isBetween(
                            RealMailServers.GREETING_DELAY.minusMillis(500).toNanos(),
                            RealMailServers.GREETING_DELAY.plusSeconds(3).toNanos());
        }
    }

    @Test
    void eximRefusesWhoTalksBeforeTheGreeting() throws IOException {
        try (MailConversation smtp = MailConversation.plain(servers, EXIM_SLOW)) {
            assertThat(lastOf(smtp.say("EHLO early"))).startsWith("554 SMTP synchronization error");
        }
        try (MailConversation smtp = MailConversation.plain(servers, EXIM_SLOW)) {
            assertThat(lastOf(smtp.reply())).startsWith("220 exim.postwatch.test ESMTP Exim");
            assertThat(lastOf(smtp.say("EHLO patient"))).startsWith("250 ");
        }
    }

    @Test
    void eximOffersLoginsInsideTlsOnly() throws IOException {
        try (MailConversation smtp = MailConversation.plain(servers, EXIM)) {
            smtp.reply();
            assertThat(smtp.say("EHLO test")).contains("250-STARTTLS").noneMatch(line -> line.contains("AUTH"));
            assertThat(lastOf(smtp.say("STARTTLS"))).startsWith("220 ");
            smtp.startTls();
            assertThat(smtp.say("EHLO test")).contains("250-AUTH PLAIN LOGIN CRAM-MD5");
            String response = base64("\0" + USERNAME + "\0" + servers.password());
            assertThat(lastOf(smtp.say("AUTH PLAIN " + response))).startsWith("235 ");
        }
    }

    @Test
    void pop3RefusesALoginBeforeStlsAndTakesTheRightPasswordAfterIt() throws IOException {
        try (MailConversation pop3 = MailConversation.plain(servers, POP3)) {
            assertThat(lastOf(pop3.reply())).startsWith("+OK ");
            assertThat(lastOf(pop3.say("USER " + USERNAME))).startsWith("-ERR [AUTH] Plaintext");
            assertThat(lastOf(pop3.say("STLS"))).startsWith("+OK ");
            pop3.startTls();
            assertThat(lastOf(pop3.say("USER " + USERNAME))).startsWith("+OK");
            assertThat(lastOf(pop3.say("PASS " + servers.password()))).startsWith("+OK ");
        }
    }

    @Test
    void aStoppedServerRefusesConnectionsUntilItIsStartedAgain() throws IOException {
        assertThat(submissionsLogin()).startsWith("235 ");
        servers.stop(MailServer.DOVECOT);
        assertThatThrownBy(() -> MailConversation.plain(servers, IMAP)).isInstanceOf(ConnectException.class);
        servers.start(MailServer.DOVECOT);
        assertThat(imapsLogin()).startsWith("a1 OK ");
        assertThat(submissionsLogin())
                .as("Postfix asks the Dovecot that runs now")
                .startsWith("235 ");
    }

    private static String submissionsLogin() throws IOException {
        try (MailConversation smtp = MailConversation.tls(servers, SUBMISSIONS)) {
            smtp.reply();
            smtp.say("EHLO test");
            return lastOf(smtp.say("AUTH PLAIN " + base64("\0" + USERNAME + "\0" + servers.password())));
        }
    }

    private static String imapsLogin() throws IOException {
        try (MailConversation imap = MailConversation.tls(servers, IMAPS)) {
            assertThat(lastOf(imap.reply())).startsWith("* OK ");
            return lastOf(imap.say("a1 LOGIN " + USERNAME + " " + servers.password()));
        }
    }

    private static String lastOf(List<String> lines) {
        assertThat(lines).isNotEmpty();
        return lines.getLast();
    }

    private static String base64(String text) {
        return Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8));
    }
}
