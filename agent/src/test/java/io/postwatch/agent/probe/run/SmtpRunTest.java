package io.postwatch.agent.probe.run;

import static io.postwatch.agent.probe.run.ARun.GOOD;
import static io.postwatch.agent.probe.run.ARun.PASSWORD;
import static io.postwatch.agent.probe.run.ARun.USER;
import static io.postwatch.agent.probe.run.ARun.aRun;
import static io.postwatch.agent.probe.run.ProbeResultAssert.assertThat;

import io.postwatch.agent.probe.ProbeResult;
import io.postwatch.agent.probe.Transcript.Direction;
import io.postwatch.agent.probe.failure.FailureCode;
import io.postwatch.agent.probe.time.Phase;
import io.postwatch.testserver.Reply;
import io.postwatch.testserver.SmtpScript;
import io.postwatch.testserver.TestServer;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import org.assertj.core.api.Assertions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(20)
class SmtpRunTest {

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
    void fallsBackToHelo() throws IOException {
        SmtpScript script = TestServer.smtp().onCommand("EHLO", Reply.lines("502 5.5.1 Unknown"));
        try (TestServer server = script.start()) {
            assertThat(aRun().smtp(server).run()).isOk();
            Assertions.assertThat(server.received())
                    .containsExactly("EHLO prober.example.net", "HELO prober.example.net", "QUIT");
        }
    }

    /** Whom it blocks a server may tell in its reply to EHLO, and then close: nothing but that reply says why. */
    @ParameterizedTest
    @ValueSource(strings = {"554 5.7.1 Your address is blocked", "521 5.3.2 No mail here"})
    void aRefusalOfEhloIsToldAlsoWhereTheServerCloses(String refusal) throws IOException {
        for (Reply reply :
                List.of(Reply.lines(refusal).thenClose(), Reply.lines(refusal).thenReset())) {
            try (TestServer server = TestServer.smtp().onCommand("EHLO", reply).start()) {
                assertThat(aRun().smtp(server).run())
                        .failsWith(FailureCode.PERMANENTLY_REFUSED, Phase.CAPABILITY)
                        .tellsThatServerSaid(refusal);
            }
        }
    }

    @Test
    void whoTakesNoMailIsNotAskedAgain() throws IOException {
        SmtpScript script = TestServer.smtp().onCommand("EHLO", Reply.lines("521 5.3.2 No mail here"));
        try (TestServer server = script.start()) {
            assertThat(aRun().smtp(server).run()).failsWith(FailureCode.PERMANENTLY_REFUSED, Phase.CAPABILITY);
            Assertions.assertThat(server.received()).containsExactly("EHLO prober.example.net", "QUIT");
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

    /** What begins with a 2 is no yes to every question: behind a second greeting may stand a refusal. */
    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            220 mail.test again     | BAD_REPLY
            221 2.0.0 Bye, closing  | BAD_REPLY
            252 2.1.5 Perhaps       | BAD_REPLY
            354 Go ahead            | BAD_REPLY
            """)
    void onlyCode250IsAYesToEhlo(String reply, FailureCode code) throws IOException {
        SmtpScript script = TestServer.smtp().onCommand("EHLO", Reply.lines(reply));
        try (TestServer server = script.start()) {
            assertThat(aRun().smtp(server).run())
                    .failsWith(code, Phase.CAPABILITY)
                    .tellsThatServerSaid(reply);
        }
    }

    @Test
    void whatIsSaidBeforeTheCommandIsNotTheReplyToIt() throws IOException {
        SmtpScript script = TestServer.smtp()
                .greeting(Reply.raw("220 hi\r\n220 again\r\n"))
                .onCommand("EHLO", Reply.lines("421 4.3.2 Too busy"));
        try (TestServer server = script.start()) {
            assertThat(aRun().smtp(server).run())
                    .failsWith(FailureCode.BAD_REPLY, Phase.CAPABILITY)
                    .tellsThatServerSaid("220 again");
            Assertions.assertThat(server.received()).containsExactly("QUIT");
        }
    }

    @Test
    void aServerThatShutsDownBeforeTheCommandIsUnavailable() throws IOException {
        SmtpScript script = TestServer.smtp().greeting(Reply.raw("220 hi\r\n421 4.3.2 Shutting down\r\n"));
        try (TestServer server = script.start()) {
            assertThat(aRun().smtp(server).run())
                    .failsWith(FailureCode.TEMPORARILY_UNAVAILABLE, Phase.CAPABILITY)
                    .tellsThatServerSaid("421 4.3.2");
        }
    }

    @Test
    void aServerThatShutsDownDoesNotRefuseTls() throws IOException {
        SmtpScript script =
                TestServer.smtp().startTls(GOOD).onCommand("STARTTLS", Reply.lines("421 4.3.2 Shutting down"));
        try (TestServer server = script.start()) {
            assertThat(aRun().smtp(server).startTls().run())
                    .failsWith(FailureCode.TEMPORARILY_UNAVAILABLE, Phase.STARTTLS);
        }
    }

    @Test
    void aNameWithTheWordsOfALimitInItIsNoLimit() throws IOException {
        try (TestServer server = TestServer.smtp()
                .greeting("421 mx.acme.test Acme Corporate Limited, not now")
                .start()) {
            assertThat(aRun().smtp(server).run()).failsWith(FailureCode.TEMPORARILY_UNAVAILABLE, Phase.GREETING);
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

    private static SmtpScript refusing(String moment, Reply reply) {
        SmtpScript script = TestServer.smtp();
        return switch (moment) {
            case "GREETING" -> script.greeting(reply);
            case "HELO" -> script.onCommand("EHLO", Reply.lines("500 What?")).onCommand("HELO", reply);
            default -> script.onCommand(moment, reply);
        };
    }
}
