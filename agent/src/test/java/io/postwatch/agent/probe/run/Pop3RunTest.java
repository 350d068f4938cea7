package io.postwatch.agent.probe.run;

import static io.postwatch.agent.probe.run.ARun.GOOD;
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
import io.postwatch.testserver.Pop3Script;
import io.postwatch.testserver.Reply;
import io.postwatch.testserver.TestServer;
import java.io.IOException;
import java.util.List;
import org.assertj.core.api.Assertions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@Timeout(20)
class Pop3RunTest {

    @Test
    void goesThroughAPlainSession() throws IOException {
        try (TestServer server = TestServer.pop3().start()) {
            ProbeResult result = aRun().pop3(server).run();

            assertThat(result)
                    .isOk()
                    .wentThrough(Phase.RESOLVE, Phase.CONNECT, Phase.GREETING, Phase.CAPABILITY, Phase.QUIT)
                    .hasConsistentTimes();
            Assertions.assertThat(result.greeting()).isEqualTo("+OK POP3 ready");
            Assertions.assertThat(result.capabilities()).contains("TOP", "UIDL", "RESP-CODES");
            Assertions.assertThat(server.received()).containsExactly("CAPA", "QUIT");
        }
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            -ERR No                             | TEMPORARILY_UNAVAILABLE
            -ERR [SYS/TEMP] Later               | TEMPORARILY_UNAVAILABLE
            -ERR [SYS/PERM] Never               | PERMANENTLY_REFUSED
            -ERR [LOGIN-DELAY] Not so often     | RATE_LIMITED
            + go on                             | BAD_GREETING
            220 mail.example.org ESMTP          | BAD_GREETING
            * OK IMAP4rev1                      | BAD_GREETING
            """)
    void tellsAGreetingThatIsNone(String greeting, FailureCode code) throws IOException {
        try (TestServer server = TestServer.pop3().greeting(greeting).start()) {
            assertThat(aRun().pop3(server).run())
                    .failsWith(code, Phase.GREETING)
                    .tellsThatServerSaid(greeting);
        }
    }

    @Test
    void toleratesAServerOlderThanCapa() throws IOException {
        Pop3Script script = TestServer.pop3()
                .tls(GOOD)
                .login(USER, PASSWORD)
                .onCommand("CAPA", Reply.lines("-ERR Unknown command"));
        try (TestServer server = script.start()) {
            ProbeResult result = aRun().pop3(server).tls().loggingIn().run();

            assertThat(result)
                    .isOk()
                    .hasTranscriptLine(Direction.NOTE, "does not know CAPA")
                    .hasTranscriptLine(Direction.CLIENT, "USER [username]")
                    .hasTranscriptLine(Direction.CLIENT, "PASS [password]")
                    .mentionsNowhere(PASSWORD);
            Assertions.assertThat(result.authMechanism()).isEqualTo(AuthMechanism.USER_PASS);
            Assertions.assertThat(server.received()).contains("USER " + USER, "PASS " + PASSWORD);
        }
    }

    @Test
    void startsTlsEvenWhereCapaIsUnknown() throws IOException {
        Pop3Script script = TestServer.pop3().startTls(GOOD).onCommand("CAPA", Reply.lines("-ERR Unknown command"));
        try (TestServer server = script.start()) {
            assertThat(aRun().pop3(server).startTls().run()).isOk();
        }
        try (TestServer server = TestServer.pop3()
                .onCommand("CAPA", Reply.lines("-ERR Unknown command"))
                .start()) {
            assertThat(aRun().pop3(server).startTls().run())
                    .failsWith(FailureCode.STARTTLS_NOT_OFFERED, Phase.STARTTLS);
        }
    }

    @Test
    void aMechanismThatIsAskedForIsNotReplacedByUserAndPass() throws IOException {
        try (TestServer server =
                TestServer.pop3().tls(GOOD).login(USER, PASSWORD).mechanisms().start()) {
            assertThat(aRun().pop3(server)
                            .tls()
                            .loggingInBy(AuthMechanism.PLAIN)
                            .run())
                    .failsWith(FailureCode.MECHANISM_NOT_OFFERED, Phase.AUTH);
            assertThat(aRun().pop3(server).tls().loggingIn().run()).isOk();
        }
    }

    @Test
    void aServerWithoutAnyLoginSaysSo() throws IOException {
        Pop3Script script =
                TestServer.pop3().tls(GOOD).login(USER, PASSWORD).mechanisms().userDisabled();
        try (TestServer server = script.start()) {
            assertThat(aRun().pop3(server).tls().loggingIn().run())
                    .failsWith(FailureCode.MECHANISM_NOT_OFFERED, Phase.AUTH);
        }
    }

    @ParameterizedTest
    @CsvSource({"PLAIN", "LOGIN", "CRAM_MD5", "SCRAM_SHA_1", "SCRAM_SHA_256"})
    void logsInBySasl(AuthMechanism mechanism) throws IOException {
        try (TestServer server = TestServer.pop3()
                .tls(GOOD)
                .login(USER, PASSWORD)
                .mechanisms(mechanism.saslName())
                .start()) {
            ProbeResult result =
                    aRun().pop3(server).tls().loggingInBy(mechanism).run();

            assertThat(result).isOk().mentionsNowhere(PASSWORD);
            Assertions.assertThat(result.authMechanism()).isEqualTo(mechanism);
        }
    }

    @Test
    void aPasswordTooLongForTheCommandWaitsForThePrompt() throws IOException {
        String password = "x".repeat(300);
        try (TestServer server =
                TestServer.pop3().tls(GOOD).login(USER, password).start()) {
            assertThat(aRun().pop3(server)
                            .tls()
                            .loggingIn(new Login(USER, password, AuthMechanism.PLAIN, false))
                            .run())
                    .isOk()
                    .hasTranscriptLine(Direction.CLIENT, "AUTH PLAIN");
            Assertions.assertThat(server.received()).contains("AUTH PLAIN");
        }
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            -ERR [AUTH] Invalid login                       | LOGIN_REFUSED
            -ERR Logon failure: unknown user name           | LOGIN_REFUSED
            -ERR [AUTH] Application-specific password required | BASIC_AUTH_DISABLED
            -ERR Temporary authentication failure           | AUTH_UNAVAILABLE
            -ERR [SYS/TEMP] Not now                         | AUTH_UNAVAILABLE
            -ERR [SYS/PERM] Mailbox is broken               | PERMANENTLY_REFUSED
            -ERR [IN-USE] Mailbox is locked                 | TEMPORARILY_UNAVAILABLE
            -ERR [LOGIN-DELAY] Wait a little                | RATE_LIMITED
            -ERR unknown command                            | MECHANISM_NOT_OFFERED
            """)
    void tellsRefusedLoginsApart(String reply, FailureCode code) throws IOException {
        for (String command : List.of("PASS", "AUTH")) {
            Pop3Script script =
                    TestServer.pop3().tls(GOOD).login(USER, PASSWORD).onCommand(command, Reply.lines(reply));
            if (command.equals("PASS")) {
                script.mechanisms();
            }
            try (TestServer server = script.start()) {
                assertThat(aRun().pop3(server).tls().loggingIn().run())
                        .failsWith(code, Phase.AUTH)
                        .tellsThatServerSaid(reply)
                        .mentionsNowhere(PASSWORD);
                Assertions.assertThat(server.received()).last().isEqualTo("QUIT");
            }
        }
    }

    @Test
    void tellsThatStartTlsIsNotOfferedOrRefused() throws IOException {
        try (TestServer server = TestServer.pop3().start()) {
            assertThat(aRun().pop3(server).startTls().run())
                    .failsWith(FailureCode.STARTTLS_NOT_OFFERED, Phase.STARTTLS);
            Assertions.assertThat(server.received()).containsExactly("CAPA", "QUIT");
        }
        try (TestServer server = TestServer.pop3()
                .startTls(GOOD)
                .onCommand("STLS", Reply.lines("-ERR No certificate"))
                .start()) {
            assertThat(aRun().pop3(server).startTls().run())
                    .failsWith(FailureCode.STARTTLS_REFUSED, Phase.STARTTLS)
                    .tellsThatServerSaid("-ERR No certificate");
        }
    }

    @Test
    void textBehindTheReplyToStlsIsAnInjection() throws IOException {
        Pop3Script script = TestServer.pop3()
                .startTls(GOOD)
                .login(USER, PASSWORD)
                .onCommand("STLS", Reply.raw("+OK Begin\r\n+OK injected\r\n"));
        try (TestServer server = script.start()) {
            assertThat(aRun().pop3(server).startTls().loggingIn().run())
                    .failsWith(FailureCode.STARTTLS_INJECTION, Phase.STARTTLS);
            Assertions.assertThat(server.received()).containsExactly("CAPA", "STLS");
        }
    }

    @Test
    void toleratesAnotherCarriageReturnBeforeTheEndOfALine() throws IOException {
        try (TestServer server = TestServer.pop3()
                .greeting(Reply.raw("+OK hi\r\r\n"))
                .onCommand("CAPA", Reply.raw("+OK\r\r\nTOP\r\r\n.\r\r\n"))
                .start()) {
            ProbeResult result = aRun().pop3(server).run();

            assertThat(result).isOk();
            Assertions.assertThat(result.greeting()).isEqualTo("+OK hi");
            Assertions.assertThat(result.capabilities()).containsExactly("TOP");
        }
    }

    @Test
    void whatIsSaidBeforeTheCommandIsNotTheResponseToIt() throws IOException {
        try (TestServer server =
                TestServer.pop3().greeting(Reply.raw("+OK hi\r\n+OK again\r\n")).start()) {
            assertThat(aRun().pop3(server).run())
                    .failsWith(FailureCode.BAD_REPLY, Phase.CAPABILITY)
                    .tellsThatServerSaid("+OK again");
            Assertions.assertThat(server.received()).containsExactly("QUIT");
        }
    }

    @Test
    void listingsAreBoundedAndUnstuffed() throws IOException {
        try (TestServer server = TestServer.pop3()
                .onCommand("CAPA", Reply.lines("+OK", "..X-DOT", "TOP", "."))
                .start()) {
            Assertions.assertThat(aRun().pop3(server).run().capabilities()).containsExactly(".X-DOT", "TOP");
        }
        for (Reply tooLong : List.of(
                Reply.raw("+OK\r\n" + "X\r\n".repeat(101)),
                Reply.raw("+OK\r\n" + ("x".repeat(4000) + "\r\n").repeat(17)),
                Reply.raw("+OK\r\n" + "x".repeat(4097)))) {
            try (TestServer server =
                    TestServer.pop3().onCommand("CAPA", tooLong).start()) {
                assertThat(aRun().pop3(server).run()).failsWith(FailureCode.REPLY_TOO_LONG, Phase.CAPABILITY);
            }
        }
    }

    @Test
    void whatIsNoResponseIsABadReply() throws IOException {
        try (TestServer server =
                TestServer.pop3().onCommand("CAPA", Reply.lines("250 hello")).start()) {
            assertThat(aRun().pop3(server).run())
                    .failsWith(FailureCode.BAD_REPLY, Phase.CAPABILITY)
                    .tellsThatServerSaid("250 hello");
        }
        try (TestServer server =
                TestServer.pop3().onCommand("CAPA", Reply.lines("+ more?")).start()) {
            assertThat(aRun().pop3(server).run()).failsWith(FailureCode.BAD_REPLY, Phase.CAPABILITY);
        }
    }
}
