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
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Monitors on a real Dovecot, Exim and Postfix: what is well, what fails, and in which phase. */
@NeedsDebianPackages
@ExtendWith(SharedPlatform.class)
final class RealServersIT {
    /** A saved monitor runs at once. */
    private static final Duration FIRST_RUN = Duration.ofSeconds(15);

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
        int period = 10;
        String id = monitors.save(
                anImapMonitor("tls").on(servers, IMAPS).named("stopped").everySeconds(period));
        monitors.awaitRun(id, FIRST_RUN, run -> run.status().equals("OK"));

        servers.stop(MailServer.DOVECOT);
        // One period, and the time in which a result travels.
        Run refused = monitors.awaitRun(
                id, Duration.ofSeconds(period + 2), run -> run.status().equals("ERROR"));
        assertThat(refused.failureCode()).isEqualTo("connection-refused");
        assertThat(refused.failurePhase()).isEqualTo("connect");
        assertThat(refused.phases()).doesNotContain("tls", "greeting");

        servers.start(MailServer.DOVECOT);
        monitors.awaitRun(
                id,
                Duration.ofSeconds(period + 2),
                run -> run.status().equals("OK") && run.scheduledAt().isAfter(refused.scheduledAt()));
        monitors.delete(id);
    }

    @Test
    void aStoppedEximIsRefusedConnectionsToo() throws IOException {
        String id = monitors.save(anSmtpMonitor("starttls")
                .on(servers, EXIM)
                .named("stopped exim")
                .everySeconds(10));
        monitors.awaitRun(id, FIRST_RUN, run -> run.status().equals("OK"));
        // Long enough to be caught talking early.
        Run late = firstRun(anSmtpMonitor("starttls").on(servers, EXIM_SLOW).named("late exim"));
        assertHealthy(late);

        servers.stop(MailServer.EXIM);
        try {
            Run refused = monitors.awaitRun(
                    id, Duration.ofSeconds(12), run -> run.status().equals("ERROR"));
            assertThat(refused.failureCode()).isEqualTo("connection-refused");
            assertThat(refused.failurePhase()).isEqualTo("connect");
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

    private Run firstRun(MonitorBody monitor) {
        return monitors.awaitRun(monitors.save(monitor), FIRST_RUN, run -> true);
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
