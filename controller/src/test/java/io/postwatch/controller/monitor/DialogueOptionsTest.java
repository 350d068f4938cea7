package io.postwatch.controller.monitor;

import static io.postwatch.controller.monitor.MonitorRequests.aMonitor;
import static io.postwatch.controller.monitor.MonitorRequests.good;
import static io.postwatch.controller.monitor.MonitorRequests.refuses;
import static org.assertj.core.api.Assertions.assertThat;

import io.postwatch.controller.check.Expectations;
import io.postwatch.controller.check.MailAddress;
import io.postwatch.controller.shared.Phase;
import io.postwatch.controller.shared.TlsVersion;
import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What is expected of the server, how far a run goes, whom and what it asks for. */
class DialogueOptionsTest {
    @Test
    void theServerIsExpectedToSayThings() {
        assertThat(good(aMonitor().greetingContains("g".repeat(200))).settings().expectations())
                .isEqualTo(new Expectations("g".repeat(200), List.of(), null));
        refuses(aMonitor().greetingContains(""), "expectations.greetingContains", "required");
        refuses(aMonitor().greetingContains("g".repeat(201)), "expectations.greetingContains", "too-long");
        refuses(aMonitor().greetingContains("a\rb"), "expectations.greetingContains", "control-characters");

        assertThat(good(aMonitor().capabilities("SIZE", " AUTH PLAIN ", "size", "X".repeat(100)))
                        .settings()
                        .expectations()
                        .capabilities())
                .containsExactly("SIZE", "AUTH PLAIN", "X".repeat(100));
        refuses(aMonitor().capabilities("SIZE", null), "expectations.capabilities[1]", "required");
        refuses(aMonitor().capabilities("X".repeat(101)), "expectations.capabilities[0]", "too-long");
        refuses(aMonitor().capabilities("AUTH  PLAIN"), "expectations.capabilities[0]", "bad-capability");
        refuses(aMonitor().capabilities("GRÖSSE"), "expectations.capabilities[0]", "bad-capability");
        refuses(
                aMonitor().capabilities(Collections.nCopies(21, "X").toArray(String[]::new)),
                "expectations.capabilities",
                "too-many");

        assertThat(good(aMonitor().minimumTls("1.2")).settings().expectations().minimumTls())
                .isEqualTo(TlsVersion.TLS_1_2);
        assertThat(good(aMonitor().security("starttls").minimumTls("1.3"))
                        .settings()
                        .expectations()
                        .minimumTls())
                .isEqualTo(TlsVersion.TLS_1_3);
        refuses(aMonitor().minimumTls("1.1"), "expectations.minimumTls", "unknown-value");
        refuses(aMonitor().security("none").minimumTls("1.2"), "expectations.minimumTls", "contradiction");
    }

    @Test
    void anSmtpServerIsAskedAboutARecipient() {
        MonitorRequests smtp = aMonitor().type("smtp");
        for (String address : List.of("postmaster@example.org", "a.b+c=d@example.org", "x".repeat(64) + "@a.example")) {
            assertThat(good(smtp.recipient(address)).settings().recipient()).isEqualTo(new MailAddress(address));
        }
        assertThat(good(smtp.recipient("Post.Master@MÜLLER.example")).settings().recipient())
                .isEqualTo(new MailAddress("Post.Master@xn--mller-kva.example"));
        for (String address : List.of(
                "",
                "postmaster",
                "@example.org",
                "a@",
                "a b@example.org",
                "a@b@example.org",
                ".a@example.org",
                "a..b@example.org",
                "ä@example.org",
                "a>\r\nDATA@example.org",
                "<a@example.org>",
                "a@example.org> NOTIFY=SUCCESS",
                "a@192.0.2.1",
                "x".repeat(65) + "@a.example")) {
            refuses(aMonitor().type("smtp").recipient(address), "recipient", "bad-address");
        }
        refuses(aMonitor().type("imap").recipient("a@example.org"), "recipient", "contradiction");
        refuses(aMonitor().type("pop3").recipient("a@example.org"), "recipient", "contradiction");
    }

    @Test
    void aFolderIsOpenedAfterAnImapLogin() {
        assertThat(good(aMonitor().login("user", "x").folder("f".repeat(200)))
                        .settings()
                        .folder())
                .isEqualTo("f".repeat(200));
        refuses(aMonitor().login("user", "x").folder("f".repeat(201)), "folder", "too-long");
        refuses(aMonitor().login("user", "x").folder(""), "folder", "required");
        refuses(aMonitor().login("user", "x").folder("a\r\nb"), "folder", "control-characters");
        refuses(aMonitor().folder("INBOX"), "folder", "contradiction");
        refuses(aMonitor().type("pop3").login("user", "x").folder("INBOX"), "folder", "contradiction");
    }

    @Test
    void aRunStopsWhereItIsTold() {
        assertThat(stop(aMonitor().stopAfter("greeting"))).isEqualTo(Phase.GREETING);
        assertThat(stop(aMonitor().stopAfter("capability"))).isEqualTo(Phase.CAPABILITY);
        assertThat(stop(aMonitor().security("starttls").stopAfter("starttls"))).isEqualTo(Phase.STARTTLS);
        assertThat(stop(aMonitor().type("smtp").port(587).stopAfter("starttls")))
                .isEqualTo(Phase.STARTTLS);
        assertThat(stop(aMonitor().login("user", "x").stopAfter("auth"))).isEqualTo(Phase.AUTH);
        assertThat(stop(aMonitor().login("user", "x").folder("INBOX").stopAfter("select")))
                .isEqualTo(Phase.SELECT);
        assertThat(stop(aMonitor().type("smtp").recipient("a@example.org").stopAfter("rcpt")))
                .isEqualTo(Phase.RCPT);
        refuses(aMonitor().stopAfter("tls"), "stopAfter", "unknown-value");
        refuses(aMonitor().stopAfter("ehlo"), "stopAfter", "unknown-value");
    }

    @ParameterizedTest
    @ValueSource(strings = {"greeting", "capability", "starttls"})
    void aRunThatStopsBeforeTheLoginHasNone(String stop) {
        refuses(aMonitor().security("starttls").login("user", "x").stopAfter(stop), "stopAfter", "contradiction");
        refuses(
                aMonitor()
                        .type("smtp")
                        .security("starttls")
                        .recipient("a@example.org")
                        .stopAfter(stop),
                "stopAfter",
                "contradiction");
    }

    @Test
    void aRunDoesNotStopWhereItNeverComesOrBeforeWhatItIsAskedFor() {
        refuses(aMonitor().security("tls").stopAfter("starttls"), "stopAfter", "contradiction");
        refuses(aMonitor().security("none").stopAfter("starttls"), "stopAfter", "contradiction");
        refuses(aMonitor().stopAfter("auth"), "stopAfter", "contradiction");
        refuses(aMonitor().type("smtp").stopAfter("rcpt"), "stopAfter", "contradiction");
        refuses(aMonitor().login("user", "x").stopAfter("select"), "stopAfter", "contradiction");
        refuses(
                aMonitor()
                        .type("smtp")
                        .login("user", "x")
                        .recipient("a@example.org")
                        .stopAfter("auth"),
                "stopAfter",
                "contradiction");
        refuses(aMonitor().login("user", "x").folder("INBOX").stopAfter("auth"), "stopAfter", "contradiction");
        refuses(aMonitor().capabilities("SIZE").stopAfter("greeting"), "stopAfter", "contradiction");
        refuses(aMonitor().security("starttls").minimumTls("1.2").stopAfter("greeting"), "stopAfter", "contradiction");
        refuses(
                aMonitor().security("starttls").minimumTls("1.2").stopAfter("capability"),
                "stopAfter",
                "contradiction");
        assertThat(stop(aMonitor().security("tls").minimumTls("1.2").stopAfter("greeting")))
                .isEqualTo(Phase.GREETING);
        MonitorRequests named = aMonitor().security("starttls").expectedName("mail.example.org");
        refuses(named.stopAfter("greeting"), "stopAfter", "contradiction");
        refuses(named.stopAfter("capability"), "stopAfter", "contradiction");
        assertThat(stop(named.stopAfter("starttls"))).isEqualTo(Phase.STARTTLS);
        assertThat(stop(named.security("tls").stopAfter("greeting"))).isEqualTo(Phase.GREETING);
        refuses(
                aMonitor().security("starttls").pin("0".repeat(64)).stopAfter("capability"),
                "stopAfter",
                "contradiction");
    }

    private static @Nullable Phase stop(MonitorRequests request) {
        return good(request).settings().stopAfter();
    }
}
