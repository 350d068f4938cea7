package io.postwatch.agent.probe.run;

import static io.postwatch.agent.probe.run.ARun.AUTHORITY;
import static io.postwatch.agent.probe.run.ARun.PASSWORD;
import static io.postwatch.agent.probe.run.ARun.USER;
import static io.postwatch.agent.probe.run.ARun.aRun;
import static io.postwatch.agent.probe.run.ProbeResultAssert.assertThat;

import io.postwatch.agent.probe.ProbeResult;
import io.postwatch.agent.probe.Transcript.Direction;
import io.postwatch.agent.probe.failure.FailureCode;
import io.postwatch.agent.probe.sasl.AuthMechanism;
import io.postwatch.agent.probe.sasl.Login;
import io.postwatch.agent.probe.time.Phase;
import io.postwatch.testserver.Reply;
import io.postwatch.testserver.ServerIdentity;
import io.postwatch.testserver.SmtpScript;
import io.postwatch.testserver.TestServer;
import java.io.IOException;
import java.time.Duration;
import org.assertj.core.api.Assertions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(20)
class SmtpRunTest {

    private static final ServerIdentity GOOD =
            AUTHORITY.leaf("127.0.0.1", "localhost").issue();

    @Test
    void goesThroughAPlainSession() throws IOException {
        try (TestServer server = TestServer.smtp().start()) {
            ProbeResult result = aRun().smtp(server).run();

            assertThat(result)
                    .isOk()
                    .wentThrough(Phase.RESOLVE, Phase.CONNECT, Phase.GREETING, Phase.CAPABILITY, Phase.QUIT)
                    .hasConsistentTimes();
            Assertions.assertThat(result.greeting()).isEqualTo("220 mail.test ESMTP");
            Assertions.assertThat(result.capabilities()).containsExactly("PIPELINING", "SIZE 10240000", "8BITMIME");
            Assertions.assertThat(server.received()).containsExactly("EHLO prober.example.net", "QUIT");
        }
    }

    @Test
    void goesThroughStartTlsAndAsksAgainWhatTheServerCan() throws IOException {
        try (TestServer server =
                TestServer.smtp().startTls(GOOD).login(USER, PASSWORD).start()) {
            ProbeResult result = aRun().smtp(server).startTls().loggingIn().run();

            assertThat(result)
                    .isOk()
                    .wentThrough(
                            Phase.RESOLVE,
                            Phase.CONNECT,
                            Phase.GREETING,
                            Phase.CAPABILITY,
                            Phase.STARTTLS,
                            Phase.TLS,
                            Phase.CAPABILITY,
                            Phase.AUTH,
                            Phase.QUIT)
                    .hasConsistentTimes()
                    .hasCertificateVerdicts();
            Assertions.assertThat(result.capabilities())
                    .contains("AUTH PLAIN LOGIN")
                    .doesNotContain("STARTTLS");
            Assertions.assertThat(result.authMechanism()).isEqualTo(AuthMechanism.PLAIN);
            Assertions.assertThat(result.tls()).isNotNull();
        }
    }

    @Test
    void goesThroughTlsFromTheFirstByte() throws IOException {
        try (TestServer server = TestServer.smtp().tls(GOOD).start()) {
            assertThat(aRun().smtp(server).tls().run())
                    .isOk()
                    .wentThrough(Phase.RESOLVE, Phase.CONNECT, Phase.TLS, Phase.GREETING, Phase.CAPABILITY, Phase.QUIT);
        }
    }

    @ParameterizedTest
    @EnumSource
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
    void tellsAWrongPasswordWithWhatTheServerSaid() throws IOException {
        try (TestServer server =
                TestServer.smtp().tls(GOOD).login(USER, "another").start()) {
            assertThat(aRun().smtp(server).tls().loggingIn().run())
                    .failsWith(FailureCode.LOGIN_REFUSED, Phase.AUTH)
                    .tellsThatServerSaid("535 5.7.8 Authentication credentials invalid")
                    .mentionsNowhere(PASSWORD);
            Assertions.assertThat(server.received()).endsWith("QUIT");
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
                "534 5.7.9 Application-specific password required | LOGIN_REFUSED",
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
    void sendsNoPasswordUnencryptedUnlessTold() throws IOException {
        SmtpScript script = TestServer.smtp().login(USER, PASSWORD).plaintextLogin();
        try (TestServer server = script.start()) {
            assertThat(aRun().smtp(server).loggingIn().run()).failsWith(FailureCode.AUTH_NEEDS_TLS, Phase.AUTH);
            Assertions.assertThat(server.received()).noneMatch(line -> line.startsWith("AUTH"));

            assertThat(aRun().smtp(server).loggingInUnencrypted().run()).isOk().mentionsNowhere(PASSWORD);
        }
    }

    @Test
    void tellsWhereALoginIsOfferedOnlyAfterStartTls() throws IOException {
        try (TestServer server =
                TestServer.smtp().startTls(GOOD).login(USER, PASSWORD).start()) {
            assertThat(aRun().smtp(server).loggingInUnencrypted().run())
                    .failsWith(FailureCode.AUTH_NEEDS_TLS, Phase.AUTH);
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
    void fallsBackToHelo() throws IOException {
        SmtpScript script = TestServer.smtp().onCommand("EHLO", Reply.lines("502 5.5.1 Unknown"));
        try (TestServer server = script.start()) {
            assertThat(aRun().smtp(server).run()).isOk();
            Assertions.assertThat(server.received())
                    .containsExactly("EHLO prober.example.net", "HELO prober.example.net", "QUIT");
        }
    }

    @ParameterizedTest
    @CsvSource({"GREETING, GREETING", "EHLO, CAPABILITY", "HELO, CAPABILITY"})
    void readsEveryRefusal(String moment, Phase phase) throws IOException {
        for (String reply : new String[] {"421 4.3.2 No", "451 4.3.0 No", "550 5.7.1 No", "554 5.7.1 No"}) {
            SmtpScript script = refusing(moment, Reply.lines(reply));
            FailureCode code =
                    reply.startsWith("4") ? FailureCode.TEMPORARILY_UNAVAILABLE : FailureCode.PERMANENTLY_REFUSED;
            // A permanent refusal of EHLO is answered with HELO.
            if (moment.equals("EHLO") && code == FailureCode.PERMANENTLY_REFUSED) {
                script.onCommand("HELO", Reply.lines(reply));
            }
            try (TestServer server = script.start()) {
                assertThat(aRun().smtp(server).run()).failsWith(code, phase).tellsThatServerSaid(reply);
                Assertions.assertThat(server.received()).endsWith("QUIT");
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"421 Too many concurrent connections", "450 4.7.28 slow down", "421 Rate limit exceeded"})
    void tellsWhereItCameTooOften(String greeting) throws IOException {
        try (TestServer server = TestServer.smtp().greeting(greeting).start()) {
            assertThat(aRun().smtp(server).run()).failsWith(FailureCode.RATE_LIMITED, Phase.GREETING);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"HTTP/1.1 400 Bad Request", "* OK IMAP4rev1", "250 hello", "354 go", "22 x", "220", "220_x", ""})
    void tellsAGreetingThatIsNone(String greeting) throws IOException {
        try (TestServer server = TestServer.smtp().greeting(greeting).start()) {
            ProbeResult result = aRun().smtp(server).run();
            if (greeting.equals("220")) {
                assertThat(result).isOk();
            } else {
                assertThat(result).failsWith(FailureCode.BAD_GREETING, Phase.GREETING);
            }
        }
    }

    @Test
    void keepsATeaserAndWaitsForTheWholeGreeting() throws IOException {
        Reply slowly = Reply.lines("220-mail.test teaser")
                .thenPause(Duration.ofMillis(300))
                .thenLines("220 mail.test");
        try (TestServer server = TestServer.smtp().greeting(slowly).start()) {
            assertThat(aRun().smtp(server).run()).isOk().spentInPhase(Phase.GREETING, Duration.ofMillis(290));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"999 what", "hello", "25", "250*x", "250-a\r\n251 b"})
    void tellsAReplyThatIsNone(String reply) throws IOException {
        try (TestServer server =
                TestServer.smtp().onCommand("EHLO", Reply.raw(reply + "\r\n")).start()) {
            assertThat(aRun().smtp(server).run()).failsWith(FailureCode.BAD_REPLY, Phase.CAPABILITY);
        }
    }

    @Test
    void requiresStartTls() throws IOException {
        try (TestServer without = TestServer.smtp().start();
                TestServer refusing = TestServer.smtp()
                        .startTls(GOOD)
                        .onCommand("STARTTLS", Reply.lines("454 4.7.0 TLS not available"))
                        .start()) {
            assertThat(aRun().smtp(without).startTls().run())
                    .failsWith(FailureCode.STARTTLS_NOT_OFFERED, Phase.STARTTLS);
            assertThat(aRun().smtp(refusing).startTls().run())
                    .failsWith(FailureCode.STARTTLS_REFUSED, Phase.STARTTLS)
                    .tellsThatServerSaid("454");
        }
    }

    @Test
    void refusesWhatSomebodyPutBehindTheReplyToStartTls() throws IOException {
        Reply injected = Reply.lines("220 2.0.0 Ready", "250 injected").thenStartTls();
        SmtpScript script =
                TestServer.smtp().startTls(GOOD).login(USER, PASSWORD).onCommand("STARTTLS", injected);
        try (TestServer server = script.start()) {
            assertThat(aRun().smtp(server).startTls().loggingIn().run())
                    .failsWith(FailureCode.STARTTLS_INJECTION, Phase.STARTTLS);
            Assertions.assertThat(server.received()).last().isEqualTo("STARTTLS");
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

    @ParameterizedTest
    @CsvSource({
        "GREETING, 0, GREETING",
        "EHLO, 0, CAPABILITY",
        "STARTTLS, 0, STARTTLS",
        "EHLO, 1, CAPABILITY",
        "AUTH, 0, AUTH"
    })
    void tellsWhereTheServerHangsUp(String moment, int time, Phase phase) throws IOException {
        for (String half : new String[] {"", "25"}) {
            Reply cut = Reply.raw(half).thenClose();
            SmtpScript script = TestServer.smtp().startTls(GOOD).login(USER, PASSWORD);
            if (moment.equals("GREETING")) {
                script.greeting(cut);
            } else if (time == 0) {
                script.onCommand(moment, cut);
            } else {
                script.onCommand(moment, Reply.usual(), cut);
            }
            try (TestServer server = script.start()) {
                assertThat(aRun().smtp(server).startTls().loggingIn().run())
                        .failsWith(FailureCode.UNEXPECTED_CLOSE, phase)
                        .mentionsNowhere(PASSWORD);
            }
        }
    }

    @ParameterizedTest
    @CsvSource({"GREETING, GREETING", "EHLO, CAPABILITY", "STARTTLS, STARTTLS"})
    void tellsWhereTheConnectionIsReset(String moment, Phase phase) throws IOException {
        boolean greeting = moment.equals("GREETING");
        // The greeting over TLS: a handshake proves that the client knows of the connection before it is reset.
        SmtpScript script = greeting
                ? TestServer.smtp().tls(GOOD).greeting(Reply.reset())
                : TestServer.smtp().startTls(GOOD).onCommand(moment, Reply.reset());
        try (TestServer server = script.start()) {
            ARun run = aRun().smtp(server);
            assertThat((greeting ? run.tls() : run.startTls()).run()).failsWith(FailureCode.CONNECTION_RESET, phase);
        }
    }

    @ParameterizedTest
    @CsvSource({
        "GREETING, 0, GREETING",
        "EHLO, 0, CAPABILITY",
        "STARTTLS, 0, STARTTLS",
        "EHLO, 1, CAPABILITY",
        "AUTH, 0, AUTH"
    })
    void tellsWhereTheTimeEnded(String moment, int time, Phase phase) throws IOException {
        SmtpScript script = TestServer.smtp().startTls(GOOD).login(USER, PASSWORD);
        if (moment.equals("GREETING")) {
            script.greeting(Reply.silence());
        } else if (time == 0) {
            script.onCommand(moment, Reply.silence());
        } else {
            script.onCommand(moment, Reply.usual(), Reply.silence());
        }
        try (TestServer server = script.start()) {
            assertThat(aRun().smtp(server)
                            .startTls()
                            .loggingIn()
                            .within(Duration.ofMillis(1500))
                            .run())
                    .failsWith(FailureCode.TIMEOUT, phase)
                    .hasConsistentTimes()
                    .tookLessThan(Duration.ofSeconds(5));
        }
    }

    @Test
    void isNotHeldByAServerThatDrips() throws IOException {
        Reply dripping = Reply.dripping("220 " + "x".repeat(2000) + "\r\n", Duration.ofMillis(20));
        try (TestServer server = TestServer.smtp().greeting(dripping).start()) {
            assertThat(aRun().smtp(server).within(Duration.ofMillis(500)).run())
                    .failsWith(FailureCode.TIMEOUT, Phase.GREETING)
                    .tookLessThan(Duration.ofSeconds(5));
        }
    }

    @Test
    void isNotHeldByAServerThatNeverSaysGoodbye() throws IOException {
        try (TestServer server =
                TestServer.smtp().onCommand("QUIT", Reply.silence()).start()) {
            assertThat(aRun().smtp(server).run())
                    .isOk()
                    .spentInPhase(Phase.QUIT, Duration.ofSeconds(2))
                    .hasTranscriptLine(Direction.NOTE, "did not answer the good-bye");
        }
    }

    @Test
    void toleratesAServerThatHangsUpOnQuit() throws IOException {
        try (TestServer server =
                TestServer.smtp().onCommand("QUIT", Reply.close()).start()) {
            assertThat(aRun().smtp(server).run()).isOk();
        }
    }

    @Test
    void readsWhateverPacketsTheServerSends() throws IOException {
        SmtpScript script =
                TestServer.smtp().startTls(GOOD).login(USER, PASSWORD).sliced();
        try (TestServer server = script.start()) {
            assertThat(aRun().smtp(server).startTls().loggingIn().run()).isOk();
        }
    }

    @Test
    void toleratesAndTellsLinesThatEndWithLfAlone() throws IOException {
        SmtpScript script = TestServer.smtp().tls(GOOD).login(USER, PASSWORD).bareLf();
        try (TestServer server = script.start()) {
            assertThat(aRun().smtp(server).tls().loggingIn().run())
                    .isOk()
                    .hasTranscriptLine(Direction.NOTE, "LF alone");
        }
    }

    @Test
    void refusesWhatIsTooLong() throws IOException {
        String line = "250-" + "x".repeat(60) + "\r\n";
        Reply[] tooLong = {
            Reply.raw("220 " + "x".repeat(5000) + "\r\n"),
            Reply.raw(("220-" + "x".repeat(60) + "\r\n").repeat(101)),
            Reply.raw("220-" + "x".repeat(4000) + "\r\n" + ("220-" + "x".repeat(4000) + "\r\n").repeat(16)),
            Reply.raw("x".repeat(100_000))
        };
        for (Reply greeting : tooLong) {
            try (TestServer server = TestServer.smtp().greeting(greeting).start()) {
                assertThat(aRun().smtp(server).run())
                        .failsWith(FailureCode.REPLY_TOO_LONG, Phase.GREETING)
                        .tookLessThan(Duration.ofSeconds(5));
            }
        }
        try (TestServer server = TestServer.smtp()
                .onCommand("EHLO", Reply.raw(line.repeat(99) + "250 end\r\n"))
                .start()) {
            ProbeResult result = aRun().smtp(server).run();
            assertThat(result).isOk();
            Assertions.assertThat(result.capabilities()).hasSize(99);
            Assertions.assertThat(result.transcript().discardedBytes()).isPositive();
        }
    }

    @Test
    void storesNoControlCharacters() throws IOException {
        try (TestServer server =
                TestServer.smtp().greeting("554 \u001b[31mred\u0000\u202e").start()) {
            ProbeResult result = aRun().smtp(server).run();
            assertThat(result)
                    .failsWith(FailureCode.PERMANENTLY_REFUSED, Phase.GREETING)
                    .tellsThatServerSaid("554 \uFFFD[31mred\uFFFD\uFFFD");
            Assertions.assertThat(result.greeting()).isEqualTo("554 \uFFFD[31mred\uFFFD\uFFFD");
        }
    }

    @Test
    void tellsASlowServer() throws IOException {
        SmtpScript script = TestServer.smtp().delayed("EHLO", Duration.ofMillis(400));
        try (TestServer server = script.start()) {
            assertThat(aRun().smtp(server)
                            .slowFrom(Duration.ofMillis(300), Duration.ofSeconds(9))
                            .run())
                    .warnsOf(FailureCode.SLOW, null)
                    .spentInPhase(Phase.CAPABILITY, Duration.ofMillis(390));
            assertThat(aRun().smtp(server)
                            .slowFrom(Duration.ofMillis(200), Duration.ofMillis(300))
                            .run())
                    .failsWith(FailureCode.SLOW, null);
            assertThat(aRun().smtp(server)
                            .slowFrom(Duration.ofSeconds(8), Duration.ofSeconds(9))
                            .run())
                    .isOk();
        }
    }

    @Test
    void doesNotJudgeHowLongTheGoodByeTakes() throws IOException {
        try (TestServer server =
                TestServer.smtp().onCommand("QUIT", Reply.silence()).start()) {
            // The wait for the answer to QUIT alone takes longer.
            assertThat(aRun().smtp(server)
                            .slowFrom(Duration.ofMillis(1900), Duration.ofSeconds(9))
                            .run())
                    .isOk();
        }
    }

    @Test
    void showsNoPasswordThatTheServerKnowsBeforeTheLogin() throws IOException {
        try (TestServer server = TestServer.smtp()
                .greeting("220 " + PASSWORD)
                .startTls(GOOD)
                .login(USER, PASSWORD)
                .start()) {
            assertThat(aRun().smtp(server).startTls().loggingIn().run()).isOk().mentionsNowhere(PASSWORD);
        }
    }

    private static SmtpScript refusing(String moment, Reply reply) {
        SmtpScript script = TestServer.smtp();
        return switch (moment) {
            case "GREETING" -> script.greeting(reply);
            case "HELO" -> script.onCommand("EHLO", Reply.lines("500 What?")).onCommand("HELO", reply);
            default -> script.onCommand(moment, reply);
        };
    }
}
