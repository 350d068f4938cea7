package io.postwatch.agent.probe.run;

import static io.postwatch.agent.probe.run.ARun.GOOD;
import static io.postwatch.agent.probe.run.ARun.PASSWORD;
import static io.postwatch.agent.probe.run.ARun.USER;
import static io.postwatch.agent.probe.run.ARun.aRun;
import static io.postwatch.agent.probe.run.ProbeResultAssert.assertThat;

import io.postwatch.agent.probe.ProbeResult;
import io.postwatch.agent.probe.failure.FailureCode;
import io.postwatch.agent.probe.sasl.AuthMechanism;
import io.postwatch.agent.probe.sasl.Login;
import io.postwatch.agent.probe.time.Phase;
import io.postwatch.testserver.Reply;
import io.postwatch.testserver.SmtpScript;
import io.postwatch.testserver.TestServer;
import java.io.IOException;
import org.assertj.core.api.Assertions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

@Timeout(20)
class SmtpLoginRunTest {

    @ParameterizedTest
    @EnumSource(names = {"PLAIN", "LOGIN"})
    void logsInByEveryMechanismAndShowsNoPassword(AuthMechanism mechanism) throws IOException {
        try (TestServer server =
                TestServer.smtp().tls(GOOD).login(USER, PASSWORD).start()) {
            ProbeResult result =
                    aRun().smtp(server).tls().loggingInBy(mechanism).run();

            assertThat(result).isOk().mentionsNowhere(PASSWORD);
            Assertions.assertThat(result.authMechanism()).isEqualTo(mechanism);
        }
    }

    @Test
    void waitsForThePromptWhereTheCredentialsAreTooLongForACommand() throws IOException {
        String longPassword = "p".repeat(600);
        try (TestServer server =
                TestServer.smtp().tls(GOOD).login(USER, longPassword).start()) {
            ProbeResult result = aRun().smtp(server)
                    .tls()
                    .loggingIn(new Login(USER, longPassword, AuthMechanism.PLAIN, false))
                    .run();

            assertThat(result).isOk().mentionsNowhere(longPassword);
            Assertions.assertThat(server.received()).contains("AUTH PLAIN");
        }
    }

    @Test
    void saysTheCredentialsAgainToAServerThatOverlookedThem() throws IOException {
        SmtpScript script = TestServer.smtp()
                .tls(GOOD)
                .login(USER, PASSWORD)
                .onCommand("AUTH", Reply.lines("334 ").thenAwaitLine().thenLines("235 2.7.0 OK"));
        try (TestServer server = script.start()) {
            assertThat(aRun().smtp(server)
                            .tls()
                            .loggingInBy(AuthMechanism.PLAIN)
                            .run())
                    .isOk()
                    .mentionsNowhere(PASSWORD);
        }
    }

    @Test
    void saysThePasswordOnceToAServerThatAnswersItWithAChallenge() throws IOException {
        SmtpScript script = TestServer.smtp()
                .tls(GOOD)
                .login(USER, PASSWORD)
                .onCommand(
                        "AUTH", Reply.lines("334 VXNlcm5hbWU6").thenAwaitLine().thenLines("501 5.7.0 Cancelled"));
        try (TestServer server = script.start()) {
            assertThat(aRun().smtp(server)
                            .tls()
                            .loggingInBy(AuthMechanism.PLAIN)
                            .run())
                    .failsWith(FailureCode.BAD_REPLY, Phase.AUTH)
                    .tellsThatServerSaid("334");
            Assertions.assertThat(server.received()).endsWith("*", "QUIT");
        }
    }

    @Test
    void endsAnExchangeInWhichTheServerWantsEverMore() throws IOException {
        SmtpScript script = TestServer.smtp()
                .tls(GOOD)
                .login(USER, PASSWORD)
                .onCommand(
                        "AUTH",
                        Reply.lines("334 ")
                                .thenAwaitLine()
                                .thenLines("334 ")
                                .thenAwaitLine()
                                .thenLines("501 5.7.0 Cancelled"));
        try (TestServer server = script.start()) {
            assertThat(aRun().smtp(server).tls().loggingIn().run()).failsWith(FailureCode.BAD_REPLY, Phase.AUTH);
            Assertions.assertThat(server.received()).containsSubsequence("*", "QUIT");
        }
    }

    @Test
    void showsNoPasswordThatTheServerRepeats() throws IOException {
        SmtpScript script = TestServer.smtp()
                .tls(GOOD)
                .login(USER, PASSWORD)
                .onCommand("AUTH", Reply.lines("535-5.7.8 Not " + PASSWORD, "535 5.7.8 really"));
        try (TestServer server = script.start()) {
            assertThat(aRun().smtp(server).tls().loggingIn().run())
                    .failsWith(FailureCode.LOGIN_REFUSED, Phase.AUTH)
                    .tellsThatServerSaid("Not [hidden]")
                    .mentionsNowhere(PASSWORD);
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "454 4.7.0 Temporary authentication failure | AUTH_UNAVAILABLE",
                "504 5.5.4 Unrecognized | MECHANISM_NOT_OFFERED",
                "530 5.7.0 Must issue STARTTLS | AUTH_NEEDS_TLS",
                "538 5.7.11 Encryption required | AUTH_NEEDS_TLS",
                "534 5.7.9 Application-specific password required | BASIC_AUTH_DISABLED",
                "535 5.7.139 basic authentication is disabled | BASIC_AUTH_DISABLED",
                "421 4.3.2 Shutting down | TEMPORARILY_UNAVAILABLE",
                "451 4.3.0 Try later | TEMPORARILY_UNAVAILABLE",
                "421 4.7.28 Rate limited | RATE_LIMITED",
                "500 5.5.2 Syntax error | PERMANENTLY_REFUSED",
                "250 OK | BAD_REPLY"
            })
    void readsWhatTheServerSaysToTheLogin(String reply, FailureCode code) throws IOException {
        SmtpScript script = TestServer.smtp().tls(GOOD).login(USER, PASSWORD).onCommand("AUTH", Reply.lines(reply));
        try (TestServer server = script.start()) {
            assertThat(aRun().smtp(server).tls().loggingIn().run())
                    .failsWith(code, Phase.AUTH)
                    .tellsThatServerSaid(reply.substring(0, 3));
        }
    }

    @Test
    void tellsThatTheMechanismIsNotOffered() throws IOException {
        SmtpScript script = TestServer.smtp().tls(GOOD).login(USER, PASSWORD).mechanisms("XOAUTH2");
        try (TestServer server = script.start();
                TestServer without = TestServer.smtp().tls(GOOD).start()) {
            assertThat(aRun().smtp(server).tls().loggingIn().run())
                    .failsWith(FailureCode.MECHANISM_NOT_OFFERED, Phase.AUTH);
            assertThat(aRun().smtp(without).tls().loggingIn().run())
                    .failsWith(FailureCode.MECHANISM_NOT_OFFERED, Phase.AUTH);
        }
    }

    @Test
    void understandsKeywordsInAnyCaseOrderAndOldForm() throws IOException {
        SmtpScript script = TestServer.smtp()
                .startTls(GOOD)
                .login(USER, PASSWORD)
                .onCommand(
                        "EHLO",
                        Reply.lines("250-mail.test hello", "250-auth=login", "250 StartTLS"),
                        Reply.lines("250-mail.test hello", "250 Auth=Login"));
        try (TestServer server = script.start()) {
            ProbeResult result = aRun().smtp(server).startTls().loggingIn().run();
            assertThat(result).isOk();
            Assertions.assertThat(result.authMechanism()).isEqualTo(AuthMechanism.LOGIN);
        }
    }

    @Test
    void forgetsWhatTheServerSaidBeforeTls() throws IOException {
        SmtpScript script = TestServer.smtp()
                .startTls(GOOD)
                .onCommand(
                        "EHLO",
                        Reply.lines("250-mail.test", "250-AUTH PLAIN", "250 STARTTLS"),
                        Reply.lines("250 mail.test"));
        try (TestServer server = script.start()) {
            ProbeResult result = aRun().smtp(server).startTls().loggingIn().run();
            assertThat(result).failsWith(FailureCode.MECHANISM_NOT_OFFERED, Phase.AUTH);
            Assertions.assertThat(result.capabilities()).isEmpty();
        }
    }
}
