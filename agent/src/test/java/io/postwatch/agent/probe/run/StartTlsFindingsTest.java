package io.postwatch.agent.probe.run;

import static io.postwatch.agent.probe.run.ARun.AUTHORITY;
import static io.postwatch.agent.probe.run.ARun.GOOD;
import static io.postwatch.agent.probe.run.ARun.PASSWORD;
import static io.postwatch.agent.probe.run.ARun.USER;
import static io.postwatch.agent.probe.run.ARun.aRun;
import static io.postwatch.agent.probe.run.ProbeResultAssert.assertThat;

import io.postwatch.agent.probe.ProbeResult;
import io.postwatch.agent.probe.failure.FailureCode;
import io.postwatch.agent.probe.sasl.AuthMechanism;
import io.postwatch.agent.probe.time.Phase;
import io.postwatch.testserver.Reply;
import io.postwatch.testserver.Script;
import io.postwatch.testserver.TestServer;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import org.assertj.core.api.Assertions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * What somebody between a client and a server can do before TLS, as it has been published of mail clients (CVE-2011-0411,
 * CVE-2021-38370 and the like): take the offer away, say more than the server did, say it before it was asked for, say what
 * is true of a logged-in session. In every protocol it fails the run or changes nothing, and the password never travels.
 */
@Timeout(30)
class StartTlsFindingsTest {

    @ParameterizedTest
    @EnumSource
    void anOfferTakenAwayIsNoLeaveToGoOnWithout(MailProtocol protocol) throws IOException {
        Script<?> stripped = protocol.script().login(USER, PASSWORD).plaintextLogin();
        try (TestServer server = stripped.start()) {
            assertThat(run(protocol, server)).failsWith(FailureCode.STARTTLS_NOT_OFFERED, Phase.STARTTLS);
            withheld(server);
        }
    }

    @ParameterizedTest
    @EnumSource
    void aRefusalIsNoLeaveToGoOnWithout(MailProtocol protocol) throws IOException {
        Script<?> refusing = script(protocol).plaintextLogin().onCommand(protocol.startTlsCommand(), refusal(protocol));
        try (TestServer server = refusing.start()) {
            assertThat(run(protocol, server)).failsWith(FailureCode.STARTTLS_REFUSED, Phase.STARTTLS);
            withheld(server);
        }
    }

    /** In one packet with the agreement. */
    @ParameterizedTest
    @EnumSource
    void whatStandsBehindTheAgreementIsAnInjection(MailProtocol protocol) throws IOException {
        for (String injected : injected(protocol)) {
            Script<?> script = script(protocol)
                    .onCommand(protocol.startTlsCommand(), Reply.lines(agreed(protocol) + "\r\n" + injected));
            try (TestServer server = script.start()) {
                assertThat(run(protocol, server)).failsWith(FailureCode.STARTTLS_INJECTION, Phase.STARTTLS);
                withheld(server);
            }
        }
    }

    /** Be it no more than the beginning of a line. */
    @ParameterizedTest
    @EnumSource
    void aSingleByteBehindTheAgreementIsAnInjection(MailProtocol protocol) throws IOException {
        Script<?> script = script(protocol)
                .onCommand(
                        protocol.startTlsCommand(),
                        Reply.raw(agreed(protocol) + "\r\n2").thenSilence());
        try (TestServer server = script.start()) {
            assertThat(run(protocol, server)).failsWith(FailureCode.STARTTLS_INJECTION, Phase.STARTTLS);
        }
    }

    /** It comes in place of the handshake then, which reads nothing but TLS. */
    @ParameterizedTest
    @EnumSource
    void whatComesLaterInTheClearIsNoTls(MailProtocol protocol) throws IOException {
        Reply later = Reply.lines(agreed(protocol))
                .thenPause(Duration.ofMillis(100))
                .thenLines(injected(protocol).getFirst())
                .thenSilence();
        for (ARun.Library library : ARun.Library.values()) {
            try (TestServer server = script(protocol)
                    .onCommand(protocol.startTlsCommand(), later)
                    .start()) {
                ProbeResult result = aRun().of(protocol, server)
                        .startTls()
                        .loggingIn()
                        .by(library)
                        .run();
                Assertions.assertThat(Objects.requireNonNull(result.failure()).code())
                        .isIn(FailureCode.HANDSHAKE_FAILED, FailureCode.STARTTLS_INJECTION);
                withheld(server);
            }
        }
    }

    /** An answer to the command comes before the command: the server's own comes in place of its handshake. */
    @ParameterizedTest
    @EnumSource
    void anAnswerBeforeTheQuestionLeadsToNoLogin(MailProtocol protocol) throws IOException {
        String before = agreed(protocol).replace("{tag}", "p2");
        Script<?> script = script(protocol)
                .onCommand(protocol.capabilityCommand(), Reply.usual().thenLines(before));
        try (TestServer server = script.start()) {
            ProbeResult result = run(protocol, server);
            Assertions.assertThat(Objects.requireNonNull(result.failure()).code())
                    .isIn(FailureCode.HANDSHAKE_FAILED, FailureCode.STARTTLS_INJECTION);
            withheld(server);
        }
    }

    /** What it offers in the clear, in its greeting, in its reply and in its agreement, is asked again inside TLS. */
    @ParameterizedTest
    @EnumSource
    void whatWasOfferedBeforeTlsCountsForNothing(MailProtocol protocol) throws IOException {
        Script<?> script = script(protocol)
                .mechanisms("SCRAM-SHA-256")
                .greeting(
                        protocol == MailProtocol.IMAP
                                ? "* OK [CAPABILITY IMAP4rev1 STARTTLS AUTH=PLAIN X-CLEAR] ready"
                                : protocol.greeting() + "ready")
                .onCommand(protocol.capabilityCommand(), Reply.lines(offerInTheClear(protocol)), Reply.usual())
                .onCommand(
                        protocol.startTlsCommand(),
                        Reply.lines(agreement(protocol)).thenStartTls());
        try (TestServer server = script.start()) {
            ProbeResult result = run(protocol, server);

            assertThat(result).isOk();
            Assertions.assertThat(result.authMechanism()).isEqualTo(AuthMechanism.SCRAM_SHA_256);
            Assertions.assertThat(result.capabilities()).noneMatch(line -> line.contains("X-CLEAR"));
        }
    }

    /** Where nothing is offered inside TLS, the offer of before does not stand in for it. */
    @ParameterizedTest
    @EnumSource
    void aLoginOfferedBeforeTlsOnlyIsNone(MailProtocol protocol) throws IOException {
        Script<?> script = protocol.script()
                .startTls(GOOD)
                .onCommand(protocol.capabilityCommand(), Reply.lines(offerInTheClear(protocol)), Reply.usual());
        if (protocol == MailProtocol.IMAP) {
            script = TestServer.imap()
                    .startTls(GOOD)
                    .loginDisabled()
                    .onCommand("CAPABILITY", Reply.lines(offerInTheClear(protocol)), Reply.usual());
        }
        try (TestServer server = script.start()) {
            ProbeResult result = run(protocol, server);
            assertThat(result).failsWith(FailureCode.MECHANISM_NOT_OFFERED, Phase.AUTH);
            withheld(server);
        }
    }

    @ParameterizedTest
    @EnumSource
    void whoeverStandsInTheMiddleGetsNoPasswordByHisOwnCertificate(MailProtocol protocol) throws IOException {
        Script<?> script = protocol.script()
                .startTls(AUTHORITY.leaf("127.0.0.1").selfSigned().issue())
                .login(USER, PASSWORD);
        try (TestServer server = script.start()) {
            assertThat(run(protocol, server)).failsWith(FailureCode.SELF_SIGNED, Phase.TLS);
            withheld(server);
        }
    }

    @Test
    void aSessionThatIsLoggedInAlreadyIsRefusedBeforeTls() throws IOException {
        Script<?> script = TestServer.imap()
                .startTls(GOOD)
                .login(USER, PASSWORD)
                .greeting("* PREAUTH [CAPABILITY IMAP4rev1 AUTH=PLAIN] welcome back");
        try (TestServer server = script.start()) {
            assertThat(run(MailProtocol.IMAP, server)).failsWith(FailureCode.PREAUTH, Phase.GREETING);
            Assertions.assertThat(server.received()).containsExactly("p1 LOGOUT");
        }
    }

    /** Folders, messages and warnings that somebody puts before TLS. */
    @Test
    void aMailboxToldBeforeTlsIsNotSeen() throws IOException {
        Script<?> script = script(MailProtocol.IMAP)
                .onCommand(
                        "CAPABILITY",
                        Reply.lines("* LIST () \"/\" X-CLEAR", "* 3 EXISTS", "* FLAGS (X-CLEAR)")
                                .thenUsual(),
                        Reply.usual())
                .onCommand(
                        "STARTTLS",
                        Reply.lines(
                                        "* CAPABILITY IMAP4rev1 AUTH=XOAUTH2 X-CLEAR",
                                        "* 1 FETCH (BODY[] {7}",
                                        "X-CLEAR)",
                                        "* OK [ALERT] Update your password at example.net",
                                        "{tag} OK [CAPABILITY IMAP4rev1 LOGINDISABLED X-CLEAR] Go")
                                .thenStartTls());
        try (TestServer server = script.start()) {
            ProbeResult result = run(MailProtocol.IMAP, server);
            assertThat(result).isOk();
            Assertions.assertThat(result.capabilities()).doesNotContain("X-CLEAR", "LOGINDISABLED", "AUTH=XOAUTH2");
        }
    }

    /** RFC 2221 lets a server send its clients elsewhere, password and all. */
    @Test
    void aReferralIsNotFollowed() throws IOException {
        try (TestServer elsewhere = TestServer.imap().start()) {
            String referral = "[REFERRAL imap://user;AUTH=PLAIN@127.0.0.1:" + elsewhere.port() + "/] Try there";
            Script<?> script = script(MailProtocol.IMAP).onCommand("STARTTLS", Reply.lines("{tag} NO " + referral));
            try (TestServer server = script.start();
                    TestServer greeting =
                            TestServer.imap().greeting("* BYE " + referral).start()) {
                assertThat(run(MailProtocol.IMAP, server)).failsWith(FailureCode.STARTTLS_REFUSED, Phase.STARTTLS);
                assertThat(run(MailProtocol.IMAP, greeting))
                        .failsWith(FailureCode.TEMPORARILY_UNAVAILABLE, Phase.GREETING);
            }
            Assertions.assertThat(elsewhere.connections()).isZero();
        }
    }

    private static Script<?> script(MailProtocol protocol) {
        return protocol.script().startTls(GOOD).login(USER, PASSWORD);
    }

    private static ProbeResult run(MailProtocol protocol, TestServer server) {
        return aRun().of(protocol, server).startTls().loggingInUnencrypted().run();
    }

    private static void withheld(TestServer server) {
        Assertions.assertThat(server.received())
                .noneMatch(line -> line.matches("(?:p\\d+ )?(?:AUTH|AUTHENTICATE|LOGIN|USER|PASS)\\b.*"));
    }

    private static String agreed(MailProtocol protocol) {
        return switch (protocol) {
            case SMTP -> "220 Go";
            case IMAP -> "{tag} OK Go";
            case POP3 -> "+OK Go";
        };
    }

    private static Reply refusal(MailProtocol protocol) {
        return Reply.lines(
                switch (protocol) {
                    case SMTP -> "454 4.7.0 Not now";
                    case IMAP -> "{tag} BAD Not now";
                    case POP3 -> "-ERR Not now";
                });
    }

    /** The answer to what a client would ask next, or news. */
    private static List<String> injected(MailProtocol protocol) {
        return switch (protocol) {
            case SMTP -> List.of("250 AUTH PLAIN", "250-mail\r\n250 AUTH PLAIN\r\n235 In");
            case IMAP ->
                List.of(
                        "* CAPABILITY IMAP4rev1 AUTH=PLAIN",
                        "* CAPABILITY IMAP4rev1\r\np3 OK\r\np4 OK Logged in",
                        "* 3 EXISTS");
            case POP3 -> List.of("+OK", "+OK\r\nSASL PLAIN\r\n.\r\n+OK Logged in");
        };
    }

    private static String[] offerInTheClear(MailProtocol protocol) {
        return switch (protocol) {
            case SMTP -> new String[] {"250-mail.test", "250-X-CLEAR", "250-AUTH PLAIN LOGIN", "250 STARTTLS"};
            case IMAP -> new String[] {"* CAPABILITY IMAP4rev1 STARTTLS AUTH=PLAIN X-CLEAR", "{tag} OK"};
            case POP3 -> new String[] {"+OK", "X-CLEAR", "STLS", "SASL PLAIN LOGIN", "USER", "."};
        };
    }

    /** With an offer in it, where the protocol has a place for one. */
    private static String agreement(MailProtocol protocol) {
        return protocol == MailProtocol.IMAP
                ? "{tag} OK [CAPABILITY IMAP4rev1 AUTH=PLAIN X-CLEAR] Go"
                : agreed(protocol) + " AUTH PLAIN X-CLEAR";
    }
}
