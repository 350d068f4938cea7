package io.postwatch.e2e;

import static io.postwatch.e2e.MonitorBody.aPop3Monitor;
import static io.postwatch.e2e.MonitorBody.anImapMonitor;
import static io.postwatch.e2e.MonitorBody.anSmtpMonitor;
import static io.postwatch.e2e.RealMailServers.BACKEND_USERNAME;
import static io.postwatch.e2e.RealMailServers.Listener.EXIM;
import static io.postwatch.e2e.RealMailServers.Listener.EXIM_BUSY;
import static io.postwatch.e2e.RealMailServers.Listener.EXIM_SLOW;
import static io.postwatch.e2e.RealMailServers.Listener.EXIM_TLS;
import static io.postwatch.e2e.RealMailServers.Listener.IMAP;
import static io.postwatch.e2e.RealMailServers.Listener.IMAPS;
import static io.postwatch.e2e.RealMailServers.Listener.MX;
import static io.postwatch.e2e.RealMailServers.Listener.MX_SLOW;
import static io.postwatch.e2e.RealMailServers.Listener.POP3;
import static io.postwatch.e2e.RealMailServers.Listener.POP3S;
import static io.postwatch.e2e.RealMailServers.Listener.SUBMISSION;
import static io.postwatch.e2e.RealMailServers.Listener.SUBMISSIONS;
import static io.postwatch.e2e.RealMailServers.USERNAME;
import static org.assertj.core.api.Assertions.assertThat;

import io.postwatch.e2e.RealMailServers.Listener;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What a monitor may ask for, of servers that do it, refuse it, or can't do it now. */
@NeedsDebianPackages
@ExtendWith(SharedPlatform.class)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class CheckOptionsIT {
    /** Dovecot holds refusals back. */
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private static final int SELDOM_SECONDS = 3600;
    private static final String AUTO = "auto";

    /** In place of a mechanism: any, without encryption. */
    private static final String OPEN = "open";

    private static final String NOBODY = "nobody@postwatch.test";

    /** A credential that one server refused is not tried at the next: who is refused is each time another. */
    private static final String NO_ONE = "no-one@postwatch.test";

    private static final String OTHER_BACKEND_USERNAME = "eve@backend.test";

    private final RealMailServers servers;
    private final Monitors monitors;
    private final Map<Case, String> saved = new HashMap<>();

    CheckOptionsIT(RealMailServers servers, Monitors monitors) {
        this.servers = servers;
        this.monitors = monitors;
    }

    /** How a run ends: with a code in a phase and words of the server, or well, with that phase as its last. */
    record End(String code, String phase, String words) {}

    private static End good(String lastPhase) {
        return new End("", lastPhase, "");
    }

    private static End bad(String code, String phase, String words) {
        return new End(code, phase, words);
    }

    @SuppressWarnings("ImmutableEnumChecker") // each monitor is filled in once, before its only use
    enum Case {
        POP3_STARTTLS_LOGIN(POP3, aPop3Monitor("starttls"), USERNAME, AUTO, good("auth")),
        POP3_TLS_LOGIN(POP3S, aPop3Monitor("tls"), USERNAME, "LOGIN", good("auth")),
        POP3_TLS(POP3S, aPop3Monitor("tls"), good("capability")),
        POP3_REFUSED(POP3S, aPop3Monitor("tls"), NOBODY, AUTO, bad("login-refused", "auth", "[AUTH]")),
        POP3_BACKEND(POP3S, aPop3Monitor("tls"), BACKEND_USERNAME, AUTO, bad("auth-unavailable", "auth", "SYS/TEMP")),
        POP3_NO_TLS(POP3, aPop3Monitor("none"), USERNAME, OPEN, bad("auth-needs-tls", "auth", "")),

        IMAP_BACKEND(IMAPS, anImapMonitor("tls"), BACKEND_USERNAME, AUTO, bad("auth-unavailable", "auth", "[UNAV")),
        IMAP_NO_TLS(IMAP, anImapMonitor("none"), USERNAME, OPEN, bad("auth-needs-tls", "auth", "")),
        IMAP_FOLDER(IMAPS, anImapMonitor("tls").with("folder", "INBOX"), USERNAME, AUTO, good("select")),
        IMAP_NO_FOLDER(
                IMAPS,
                anImapMonitor("tls").with("folder", "Entwürfe"),
                USERNAME,
                AUTO,
                bad("permanently-refused", "select", "Mailbox doesn't exist: Entwürfe")),
        IMAP_NOT_OFFERED(
                IMAPS, anImapMonitor("tls"), USERNAME, "SCRAM-SHA-256", bad("mechanism-not-offered", "auth", "")),

        EXIM_PLAIN(EXIM_TLS, anSmtpMonitor("tls"), USERNAME, "PLAIN", good("auth")),
        EXIM_LOGIN(EXIM, anSmtpMonitor("starttls"), USERNAME, "LOGIN", good("auth")),
        EXIM_CRAM_MD5(EXIM, anSmtpMonitor("starttls"), USERNAME, "CRAM-MD5", good("auth")),
        EXIM_REFUSED(EXIM_TLS, anSmtpMonitor("tls"), NO_ONE, AUTO, bad("login-refused", "auth", "535 ")),
        EXIM_GREETS_LATE(EXIM_SLOW, anSmtpMonitor("starttls"), good("capability")),
        EXIM_GREETS_WITH_421(
                EXIM_BUSY,
                anSmtpMonitor("none"),
                bad("temporarily-unavailable", "greeting", "421 4.3.2 Too busy now, come back later")),
        EXIM_TAKES(EXIM, recipient("starttls", USERNAME), good("rcpt")),
        EXIM_KNOWS_NOT(EXIM, recipient("starttls", NOBODY), bad("permanently-refused", "rcpt", "550 5.1.1")),
        EXIM_RELAYS_NOT(EXIM, recipient("none", "a@other.test"), bad("permanently-refused", "rcpt", "550 5.7.1")),
        EXIM_GREYLISTS(EXIM, recipient("none", "greylisted@postwatch.test"), bad("greylisted", "rcpt", "451 4.7.1")),
        EXIM_IS_FULL(
                EXIM, recipient("none", "full@postwatch.test"), bad("temporarily-unavailable", "rcpt", "452 4.2.2")),

        // Postfix says of a server that is down what it says of a wrong password.
        POSTFIX_BACKEND(
                SUBMISSIONS,
                anSmtpMonitor("tls"),
                OTHER_BACKEND_USERNAME,
                AUTO,
                bad("login-refused", "auth", "535 5.7.8 Error: authentication failed: (reason unavailable)")),
        POSTFIX_NO_TLS(SUBMISSION, anSmtpMonitor("none"), USERNAME, OPEN, bad("auth-needs-tls", "auth", "")),
        POSTFIX_TAKES(MX, recipient("starttls", USERNAME), good("rcpt")),
        POSTFIX_TAKES_AFTER_LOGIN(SUBMISSIONS, recipient("tls", "a@other.test"), USERNAME, AUTO, good("rcpt")),
        POSTFIX_KNOWS_NOT(MX, recipient("none", NOBODY), bad("permanently-refused", "rcpt", "554 5.1.1")),
        POSTFIX_RELAYS_NOT(
                MX, recipient("none", "a@other.test"), bad("permanently-refused", "rcpt", "Relay access denied")),
        POSTFIX_GREYLISTS(MX, recipient("none", "greylisted@postwatch.test"), bad("greylisted", "rcpt", "450 4.7.1")),
        POSTFIX_PREGREET(MX_SLOW, recipient("starttls", USERNAME), good("rcpt")),

        STOP_AFTER_GREETING(MX, anSmtpMonitor("none").with("stopAfter", "greeting"), good("greeting")),
        STOP_AFTER_CAPABILITY(MX, anSmtpMonitor("starttls").with("stopAfter", "capability"), good("capability")),
        STOP_AFTER_STARTTLS(MX, anSmtpMonitor("starttls").with("stopAfter", "starttls"), good("tls")),
        STOP_AFTER_AUTH(SUBMISSIONS, anSmtpMonitor("tls").with("stopAfter", "auth"), USERNAME, AUTO, good("auth")),

        GREETING_AS_EXPECTED(EXIM, expecting("greetingContains", "esmtp exim 4."), good("capability")),
        GREETING_NOT_AS_EXPECTED(
                EXIM, expecting("greetingContains", "Postfix"), bad("expectation-not-met", "greeting", "")),
        CAPABILITIES_AS_EXPECTED(EXIM, expecting("capabilities", List.of("size", "AUTH CRAM-MD5")), good("capability")),
        CAPABILITIES_NOT_AS_EXPECTED(
                EXIM, expecting("capabilities", List.of("AUTH XOAUTH2")), bad("expectation-not-met", "capability", "")),
        TLS_AS_EXPECTED(MX, expecting("minimumTls", "1.3"), good("capability")),

        SLOW_GREETING_WARNS(MX_SLOW, thresholds("greeting", 2, 6), bad("slow", "greeting", "")),
        SLOW_GREETING_FAILS(MX_SLOW, thresholds("greeting", 1, 2), bad("slow", "greeting", "")),
        OTHER_PHASES_ARE_FAST(MX_SLOW, thresholds("tls", 2, 3), good("capability"));

        private final Listener listener;
        private final MonitorBody monitor;
        private final String username;
        private final String mechanism;
        private final End end;

        Case(Listener listener, MonitorBody monitor, End end) {
            this(listener, monitor, "", "", end);
        }

        Case(Listener listener, MonitorBody monitor, String username, String mechanism, End end) {
            this.listener = listener;
            this.monitor = monitor;
            this.username = username;
            this.mechanism = mechanism;
            this.end = end;
        }

        private static MonitorBody recipient(String security, String recipient) {
            return anSmtpMonitor(security).with("recipient", recipient);
        }

        private static MonitorBody expecting(String field, Object value) {
            return anSmtpMonitor("starttls").with("expectations", Map.of(field, value));
        }

        private static MonitorBody thresholds(String phase, int warningSeconds, int errorSeconds) {
            return anSmtpMonitor("starttls")
                    .with(
                            "thresholds",
                            Map.of(
                                    "phases",
                                    List.of(Map.of(
                                            "phase",
                                            phase,
                                            "warningSeconds",
                                            warningSeconds,
                                            "errorSeconds",
                                            errorSeconds))));
        }
    }

    /** One after the other; they run at once, but for those that log in: of these the next waits until the last has. */
    @BeforeAll
    void saveMonitors() {
        for (Case one : Case.values()) {
            MonitorBody monitor =
                    one.monitor.on(servers, one.listener).named(one.name()).everySeconds(SELDOM_SECONDS);
            if (one.mechanism.equals(OPEN)) {
                monitor.withOpenLogin(one.username, servers.password());
            } else if (!one.username.isEmpty()) {
                monitor.withLogin(one.username, servers.password(), one.mechanism);
            }
            String id = monitors.save(monitor);
            saved.put(one, id);
            if (!one.username.isEmpty()) {
                monitors.awaitRun(id, PATIENCE, any -> true);
            }
        }
    }

    @AfterAll
    void deleteMonitors() {
        saved.values().forEach(monitors::delete);
    }

    @ParameterizedTest
    @EnumSource
    void endsAsItShould(Case one) {
        Run run = monitors.awaitRun(Objects.requireNonNull(saved.get(one)), PATIENCE, any -> true);
        assertThat(run.failureCode()).as(run.sentence() + run.serverReply()).isEqualTo(one.end.code);
        if (one.end.code.isEmpty()) {
            assertThat(run.status()).isEqualTo("OK");
            List<String> phases = new ArrayList<>(run.phases());
            assertThat(phases.removeLast()).isEqualTo("quit");
            assertThat(phases.getLast()).isEqualTo(one.end.phase);
        } else {
            assertThat(run.status()).isEqualTo(one == Case.SLOW_GREETING_WARNS ? "WARNING" : "ERROR");
            assertThat(run.failurePhase()).isEqualTo(one.end.phase);
            assertThat(run.serverReply()).contains(one.end.words);
        }
        if (!one.username.isEmpty() && one.end.code.isEmpty() && !one.mechanism.equals(AUTO)) {
            assertThat(run.authMechanism()).isEqualTo(one.mechanism);
        }
    }
}
