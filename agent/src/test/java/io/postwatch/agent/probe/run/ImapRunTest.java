package io.postwatch.agent.probe.run;

import static io.postwatch.agent.probe.run.ARun.GOOD;
import static io.postwatch.agent.probe.run.ARun.PASSWORD;
import static io.postwatch.agent.probe.run.ARun.USER;
import static io.postwatch.agent.probe.run.ARun.aRun;
import static io.postwatch.agent.probe.run.ProbeResultAssert.assertThat;

import io.postwatch.agent.probe.ProbeResult;
import io.postwatch.agent.probe.failure.FailureCode;
import io.postwatch.agent.probe.time.Phase;
import io.postwatch.testserver.ImapScript;
import io.postwatch.testserver.Reply;
import io.postwatch.testserver.TestServer;
import java.io.IOException;
import org.assertj.core.api.Assertions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@Timeout(20)
class ImapRunTest {

    @Test
    void goesThroughAPlainSession() throws IOException {
        try (TestServer server = TestServer.imap().start()) {
            ProbeResult result = aRun().imap(server).run();

            assertThat(result)
                    .isOk()
                    .wentThrough(Phase.RESOLVE, Phase.CONNECT, Phase.GREETING, Phase.CAPABILITY, Phase.QUIT)
                    .hasConsistentTimes();
            Assertions.assertThat(result.greeting()).isEqualTo("* OK IMAP4rev1 ready");
            Assertions.assertThat(result.capabilities())
                    .containsExactly("IMAP4rev1", "SASL-IR", "IDLE", "LOGINDISABLED");
            Assertions.assertThat(server.received()).containsExactly("p1 CAPABILITY", "p2 LOGOUT");
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "* BYE Too busy | TEMPORARILY_UNAVAILABLE",
                "* BYE Too many connections from your address | RATE_LIMITED",
                "* NO what | BAD_GREETING",
                "220 mail.test ESMTP | BAD_GREETING",
                "HTTP/1.1 400 Bad Request | BAD_GREETING",
                "+ OK | BAD_GREETING",
                "a1 OK early | BAD_GREETING",
                "'' | BAD_GREETING"
            })
    void tellsAGreetingThatIsNone(String greeting, FailureCode code) throws IOException {
        try (TestServer server = TestServer.imap().greeting(greeting).start()) {
            assertThat(aRun().imap(server).run()).failsWith(code, Phase.GREETING);
        }
    }

    @Test
    void refusesPreauthBeforeTls() throws IOException {
        ImapScript script = TestServer.imap().startTls(GOOD).greeting("* PREAUTH welcome back");
        try (TestServer server = script.start();
                TestServer plain =
                        TestServer.imap().greeting("* PREAUTH welcome back").start()) {
            assertThat(aRun().imap(server).startTls().loggingIn().run())
                    .failsWith(FailureCode.PREAUTH, Phase.GREETING)
                    .tellsThatServerSaid("PREAUTH");
            Assertions.assertThat(server.received()).containsExactly("p1 LOGOUT");
            assertThat(aRun().imap(plain).run()).isOk();
        }
    }

    @Test
    void requiresStartTls() throws IOException {
        ImapScript refusing = TestServer.imap().startTls(GOOD).onCommand("STARTTLS", Reply.lines("{tag} NO not now"));
        try (TestServer without = TestServer.imap().start();
                TestServer server = refusing.start()) {
            assertThat(aRun().imap(without).startTls().run())
                    .failsWith(FailureCode.STARTTLS_NOT_OFFERED, Phase.STARTTLS);
            assertThat(aRun().imap(server).startTls().run())
                    .failsWith(FailureCode.STARTTLS_REFUSED, Phase.STARTTLS)
                    .tellsThatServerSaid("NO not now");
        }
    }

    @Test
    void refusesWhatSomebodyPutBehindTheReplyToStartTls() throws IOException {
        Reply injected = Reply.lines("{tag} OK Begin TLS", "* CAPABILITY IMAP4rev1 AUTH=PLAIN")
                .thenStartTls();
        ImapScript script =
                TestServer.imap().startTls(GOOD).login(USER, PASSWORD).onCommand("STARTTLS", injected);
        try (TestServer server = script.start()) {
            assertThat(aRun().imap(server).startTls().loggingIn().run())
                    .failsWith(FailureCode.STARTTLS_INJECTION, Phase.STARTTLS);
            Assertions.assertThat(server.received()).last().isEqualTo("p2 STARTTLS");
        }
    }

    @ParameterizedTest
    @CsvSource({
        "{tag} NO [UNAVAILABLE] later, TEMPORARILY_UNAVAILABLE",
        "{tag} NO never, PERMANENTLY_REFUSED",
        "{tag} BAD what, PERMANENTLY_REFUSED",
        "{tag} OK but nothing to tell, BAD_REPLY",
        "+ go on, BAD_REPLY",
        "* BYE bye, TEMPORARILY_UNAVAILABLE",
        "* BYE Too many connections, RATE_LIMITED"
    })
    void readsWhatTheServerSaysToCapability(String reply, FailureCode code) throws IOException {
        try (TestServer server =
                TestServer.imap().onCommand("CAPABILITY", Reply.lines(reply)).start()) {
            assertThat(aRun().imap(server).run()).failsWith(code, Phase.CAPABILITY);
        }
    }

    @Test
    void readsPastNewsAndLiteralsNobodyAskedFor() throws IOException {
        Reply chatty = Reply.lines(
                "* OK [ALERT] hello",
                "* LIST () \"/\" {12}",
                "line\r\nline\r\n",
                "* CAPABILITY IMAP4rev1",
                "* 3 EXISTS",
                "{tag} OK done");
        try (TestServer server =
                TestServer.imap().onCommand("CAPABILITY", chatty).sliced().start()) {
            ProbeResult result = aRun().imap(server).run();
            assertThat(result).isOk();
            Assertions.assertThat(result.capabilities()).containsExactly("IMAP4rev1");
        }
    }

    @Test
    void refusesWhatIsTooLong() throws IOException {
        Reply[] tooLong = {
            Reply.raw("* OK " + "x".repeat(17_000) + "\r\n"),
            Reply.raw("* OK {65537}\r\n"),
            Reply.raw("* OK {99999999999999999999}\r\n"),
            Reply.raw("x".repeat(100_000)),
        };
        for (Reply greeting : tooLong) {
            try (TestServer server = TestServer.imap().greeting(greeting).start()) {
                assertThat(aRun().imap(server).run()).failsWith(FailureCode.REPLY_TOO_LONG, Phase.GREETING);
            }
        }
        Reply[] tooMany = {
            Reply.raw("* 1 EXISTS\r\n".repeat(1001)),
            Reply.raw("* OK {60000}\r\n".repeat(1) + ("x".repeat(60_000) + "\r\n* OK {60000}\r\n").repeat(20)),
            Reply.raw(("* X " + "x".repeat(16_000) + " {1}\r\n").repeat(5)),
        };
        for (Reply reply : tooMany) {
            try (TestServer server =
                    TestServer.imap().onCommand("CAPABILITY", reply).start()) {
                assertThat(aRun().imap(server).run()).failsWith(FailureCode.REPLY_TOO_LONG, Phase.CAPABILITY);
            }
        }
    }

    @Test
    void refusesCapabilitiesWithoutEndButReadsPastAsMuchNews() throws IOException {
        String filler = "X".repeat(15 * 1024);

        for (String keyword : new String[] {"CAPABILITY", "FLAGS"}) {
            Reply reply = Reply.lines(
                    "* " + keyword + " " + filler,
                    "* " + keyword + " " + filler,
                    "* " + keyword + " " + filler,
                    "* CAPABILITY IMAP4rev1",
                    "{tag} OK");
            try (TestServer server =
                    TestServer.imap().onCommand("CAPABILITY", reply).start()) {
                ProbeResult result = aRun().imap(server).run();
                if (keyword.equals("CAPABILITY")) {
                    assertThat(result).failsWith(FailureCode.REPLY_TOO_LONG, Phase.CAPABILITY);
                } else {
                    assertThat(result).isOk();
                }
            }
        }
    }

    @Test
    void toleratesAServerThatHangsUpOnLogout() throws IOException {
        try (TestServer bye = TestServer.imap()
                        .onCommand("LOGOUT", Reply.lines("* BYE").thenClose())
                        .start();
                TestServer nothing =
                        TestServer.imap().onCommand("LOGOUT", Reply.close()).start()) {
            assertThat(aRun().imap(bye).run()).isOk();
            assertThat(aRun().imap(nothing).run()).isOk();
        }
    }
}
