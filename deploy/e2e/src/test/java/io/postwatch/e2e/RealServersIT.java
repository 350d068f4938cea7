package io.postwatch.e2e;

import static io.postwatch.e2e.MonitorBody.anImapMonitor;
import static io.postwatch.e2e.MonitorBody.anSmtpMonitor;
import static io.postwatch.e2e.RealMailServers.Listener.EXIM;
import static io.postwatch.e2e.RealMailServers.Listener.EXIM_SLOW;
import static io.postwatch.e2e.RealMailServers.Listener.IMAP;
import static io.postwatch.e2e.RealMailServers.Listener.IMAPS;
import static io.postwatch.e2e.RealMailServers.Listener.IMAPS_EXPIRED;
import static io.postwatch.e2e.RealMailServers.Listener.MX;
import static io.postwatch.e2e.RealMailServers.Listener.MX_EXPIRED;
import static io.postwatch.e2e.RealMailServers.Listener.MX_SLOW;
import static io.postwatch.e2e.RealMailServers.Listener.SUBMISSION;
import static io.postwatch.e2e.RealMailServers.Listener.SUBMISSIONS;
import static io.postwatch.e2e.RealMailServers.USERNAME;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Monitors on a real Dovecot, Exim and Postfix: what is well, what fails, and in which phase. */
@NeedsDebianPackages
@ExtendWith(SharedPlatform.class)
final class RealServersIT {
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final Duration PERIOD = Duration.ofSeconds(10);

    private final RealMailServers servers;
    private final Monitors monitors;

    RealServersIT(RealMailServers servers, Monitors monitors) {
        this.servers = servers;
        this.monitors = monitors;
    }

    @Test
    void imapsWithLogin() {
        Run run = firstRun(anImapMonitor("tls").on(servers, IMAPS).withLogin(USERNAME, servers.password()));
        assertThat(run.phases()).containsSubsequence("connect", "tls", "greeting", "capability", "auth", "quit");
        assertHealthy(run);
        assertThat(run.authMechanism()).isEqualTo("PLAIN");
    }

    @Test
    void imapWithStarttlsAndLogin() {
        Run run = firstRun(anImapMonitor("starttls").on(servers, IMAP).withLogin(USERNAME, servers.password()));
        assertThat(run.phases())
                .containsSubsequence("connect", "greeting", "starttls", "tls", "capability", "auth", "quit");
        assertHealthy(run);
    }

    @Test
    void smtpWithStarttls() {
        Run run = firstRun(anSmtpMonitor("starttls").on(servers, MX));
        assertThat(run.phases())
                .containsSubsequence("connect", "greeting", "capability", "starttls", "tls", "capability", "quit");
        assertHealthy(run);
    }

    @Test
    void submissionWithLogin() {
        Run run = firstRun(
                anSmtpMonitor("starttls").on(servers, SUBMISSION).withLogin(USERNAME, servers.password(), "LOGIN"));
        assertThat(run.phases())
                .containsSubsequence(
                        "connect", "greeting", "capability", "starttls", "tls", "capability", "auth", "quit");
        assertHealthy(run);
        assertThat(run.authMechanism()).isEqualTo("LOGIN");
    }

    @Test
    void aTestShowsWhatASavedMonitorWould() {
        Run run = monitors.test(
                anSmtpMonitor("tls").on(servers, SUBMISSIONS).withLogin(USERNAME, servers.password(), "PLAIN"));
        assertThat(run.phases()).containsSubsequence("connect", "tls", "greeting", "capability", "auth", "quit");
        assertHealthy(run);
    }

    @Test
    void aStoppedServerIsRefusedConnectionsWithinOnePeriodAndRecovers() {
        String id = monitors.save(
                anImapMonitor("tls").on(servers, IMAPS).named("stopped").everySeconds((int) PERIOD.toSeconds()));
        monitors.awaitRun(id, PATIENCE, run -> run.status().equals("OK"));

        servers.stop(MailServer.DOVECOT);
        Run refused = nextRun(id);
        assertRefused(refused);
        assertThat(refused.phases()).doesNotContain("tls", "greeting");

        servers.start(MailServer.DOVECOT);
        assertThat(nextRun(id).status()).isEqualTo("OK");
        monitors.delete(id);
    }

    @Test
    void aStoppedEximIsRefusedConnectionsToo() throws IOException {
        String id = monitors.save(anSmtpMonitor("starttls")
                .on(servers, EXIM)
                .named("stopped exim")
                .everySeconds((int) PERIOD.toSeconds()));
        monitors.awaitRun(id, PATIENCE, run -> run.status().equals("OK"));
        // Long enough to be caught talking early.
        Run late = firstRun(anSmtpMonitor("starttls").on(servers, EXIM_SLOW).named("late exim"));
        assertHealthy(late);

        servers.stop(MailServer.EXIM);
        try {
            assertRefused(nextRun(id));
            assertThat(servers.logOf(MailServer.EXIM))
                    .anyMatch(line -> line.contains("SMTP connection from"))
                    .noneMatch(line -> line.contains("synchronization error"));
        } finally {
            monitors.delete(id);
            servers.start(MailServer.EXIM);
        }
    }

    @Test
    void aWrongPasswordIsRefusedWithTheWordsOfTheServer() {
        Run imap = firstRun(
                anImapMonitor("tls").on(servers, IMAPS).named("wrong imap").withLogin(USERNAME, "wrong-password"));
        assertThat(imap.failureCode()).isEqualTo("login-refused");
        assertThat(imap.failurePhase()).isEqualTo("auth");
        assertThat(imap.serverReply()).contains("[AUTHENTICATIONFAILED] Authentication failed.");
        // Dovecot holds a refusal back for two seconds, and the auth phase is where they belong.
        assertThat(imap.phase("auth"))
                .hasValueSatisfying(time -> assertThat(time).isGreaterThan(Duration.ofMillis(1500)));
        assertThat(imap.phase("greeting"))
                .hasValueSatisfying(time -> assertThat(time).isLessThan(Duration.ofSeconds(1)));

        Run smtp = firstRun(anSmtpMonitor("starttls")
                .on(servers, SUBMISSION)
                .named("wrong smtp")
                .withLogin("nobody@postwatch.test", "wrong-password"));
        assertThat(smtp.failureCode()).isEqualTo("login-refused");
        assertThat(smtp.serverReply()).startsWith("535 5.7.8");
    }

    @Test
    void anExpiredCertificateIsExpiredWithItsChainAndDays() {
        assertExpired(firstRun(anImapMonitor("tls").on(servers, IMAPS_EXPIRED)));
        assertExpired(firstRun(anSmtpMonitor("starttls").on(servers, MX_EXPIRED)));
    }

    @Test
    void aServerThatHoldsItsGreetingBackSpendsTheTimeInTheGreeting() {
        Run run = firstRun(anSmtpMonitor("starttls").on(servers, MX_SLOW));
        assertThat(run.phase("greeting"))
                .hasValueSatisfying(time -> assertThat(time)
                        .isBetween(
                                RealMailServers.GREETING_DELAY.minusMillis(300),
                                RealMailServers.GREETING_DELAY.plusSeconds(2)));
        assertThat(run.phase("connect"))
                .hasValueSatisfying(time -> assertThat(time).isLessThan(Duration.ofSeconds(1)));
        assertHealthy(run);
    }

    /** The first one that is due from now on: within a period, whenever its result is seen. */
    private Run nextRun(String id) {
        Instant now = Instant.now();
        Run next = monitors.awaitFirstAfter(id, now, PATIENCE);
        assertThat(next.scheduledAt()).isBeforeOrEqualTo(now.plus(PERIOD));
        return next;
    }

    private static void assertRefused(Run run) {
        assertThat(run.status()).as(run.sentence()).isEqualTo("ERROR");
        assertThat(run.failureCode()).isEqualTo("connection-refused");
        assertThat(run.failurePhase()).isEqualTo("connect");
    }

    private Run firstRun(MonitorBody monitor) {
        return monitors.awaitRun(monitors.save(monitor), PATIENCE, run -> true);
    }

    private static void assertHealthy(Run run) {
        assertThat(run.failureCode()).isEmpty();
        assertThat(run.status()).isEqualTo("OK");
        assertThat(run.tlsProtocol()).startsWith("TLSv1.");
        assertThat(run.certificateDaysLeft()).isEqualTo(RealMailServers.HEALTHY_DAYS);
        assertThat(run.chain()).hasSize(2).first().asString().contains("CN=localhost");
    }

    private static void assertExpired(Run run) {
        assertThat(run.status()).isEqualTo("ERROR");
        assertThat(run.failureCode()).isEqualTo("expired");
        assertThat(run.failurePhase()).isEqualTo("tls");
        assertThat(run.certificateDaysLeft()).isBetween(-41, -40);
        assertThat(run.chain()).hasSize(2).first().asString().contains("CN=localhost");
        assertThat(run.phase("tls")).isPresent();
    }
}
