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
import io.postwatch.testserver.ImapScript;
import io.postwatch.testserver.Reply;
import io.postwatch.testserver.TestServer;
import java.io.IOException;
import org.assertj.core.api.Assertions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(20)
class ImapLoginRunTest {

    private static final String ASCII = "canary \"quoted\" \\back";

    @Test
    void sendsTheCredentialsAtOnceOrAfterThePrompt() throws IOException {
        ImapScript atOnce = TestServer.imap().tls(GOOD).login(USER, PASSWORD).capabilities("IMAP4rev1", "sasl-ir");
        ImapScript asked = TestServer.imap().tls(GOOD).login(USER, PASSWORD).capabilities("IMAP4rev1");
        try (TestServer first = atOnce.start();
                TestServer second = asked.start()) {
            assertThat(aRun().imap(first).tls().loggingIn().run()).isOk().mentionsNowhere(PASSWORD);
            assertThat(aRun().imap(second).tls().loggingIn().run()).isOk().mentionsNowhere(PASSWORD);
            Assertions.assertThat(first.received()).anyMatch(line -> line.startsWith("p2 AUTHENTICATE PLAIN "));
            Assertions.assertThat(second.received()).contains("p2 AUTHENTICATE PLAIN");
        }
    }

    @Test
    void logsInByAuthenticateLogin() throws IOException {
        ImapScript script = TestServer.imap().tls(GOOD).login(USER, PASSWORD).loginDisabled();
        try (TestServer server = script.start()) {
            ProbeResult result =
                    aRun().imap(server).tls().loggingInBy(AuthMechanism.LOGIN).run();
            assertThat(result).isOk().mentionsNowhere(PASSWORD);
            Assertions.assertThat(result.authMechanism()).isEqualTo(AuthMechanism.LOGIN);
            Assertions.assertThat(server.received()).contains("p2 AUTHENTICATE LOGIN");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {ASCII, PASSWORD})
    void logsInByTheLoginCommandInQuotesOrLiterals(String password) throws IOException {
        ImapScript script = TestServer.imap().tls(GOOD).login(USER, password).mechanisms();
        try (TestServer server = script.start()) {
            ProbeResult result = aRun().imap(server)
                    .tls()
                    .loggingIn(new Login(USER, password, null, false))
                    .run();
            assertThat(result).isOk().mentionsNowhere(password);
            Assertions.assertThat(result.authMechanism()).isEqualTo(AuthMechanism.LOGIN);
            Assertions.assertThat(server.received()).anyMatch(line -> line.startsWith("p2 LOGIN "));
        }
    }

    @Test
    void showsNoPasswordThatTheServerRepeats() throws IOException {
        ImapScript script = TestServer.imap()
                .tls(GOOD)
                .login(USER, PASSWORD)
                .onCommand("AUTHENTICATE", Reply.lines("* OK [ALERT] " + PASSWORD, "{tag} NO not " + PASSWORD));
        try (TestServer server = script.start()) {
            assertThat(aRun().imap(server).tls().loggingIn().run())
                    .failsWith(FailureCode.LOGIN_REFUSED, Phase.AUTH)
                    .mentionsNowhere(PASSWORD);
        }
    }

    @Test
    void showsNoPasswordThatTheServerRepeatsAsItStoodInQuotes() throws IOException {
        String escaped = "canary \\\"quoted\\\" \\\\back";
        ImapScript script = TestServer.imap()
                .tls(GOOD)
                .login(USER, ASCII)
                .mechanisms()
                .onCommand("LOGIN", Reply.lines("{tag} NO not LOGIN \"" + escaped + "\""));
        try (TestServer server = script.start()) {
            assertThat(aRun().imap(server)
                            .tls()
                            .loggingIn(new Login(USER, ASCII, null, false))
                            .run())
                    .failsWith(FailureCode.LOGIN_REFUSED, Phase.AUTH)
                    .tellsThatServerSaid("NO not LOGIN")
                    .mentionsNowhere(escaped);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"canary \\\"quoted\\\" \\\\back", "\"canary \\\"quoted\\\" \\\\back\""})
    void showsNoPasswordInQuotesThatNeverStoodThere(String quoted) throws IOException {
        ImapScript script = TestServer.imap()
                .tls(GOOD)
                .login(USER, ASCII)
                .greeting("* OK LOGIN u " + quoted)
                .onCommand("AUTHENTICATE", Reply.lines("* OK [ALERT] " + quoted, "{tag} NO not " + quoted));
        try (TestServer server = script.start()) {
            assertThat(aRun().imap(server)
                            .tls()
                            .loggingIn(new Login(USER, ASCII, null, false))
                            .run())
                    .failsWith(FailureCode.LOGIN_REFUSED, Phase.AUTH)
                    .tellsThatServerSaid("NO not")
                    .mentionsNowhere("canary")
                    .mentionsNowhere("back");
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{tag} NO [UNAVAILABLE] LDAP is down | AUTH_UNAVAILABLE",
                "{tag} NO [LIMIT] Too many sessions | RATE_LIMITED",
                "{tag} NO [PRIVACYREQUIRED] TLS first | AUTH_NEEDS_TLS",
                "{tag} NO [AUTHORIZATIONFAILED] no | LOGIN_REFUSED",
                "{tag} NO [ALERT] Application-specific password required | BASIC_AUTH_DISABLED",
                "{tag} no just no | LOGIN_REFUSED",
                "{tag} BAD what? | PERMANENTLY_REFUSED",
                "* BYE restarting | TEMPORARILY_UNAVAILABLE",
                "p77 OK whose? | BAD_REPLY",
                "nonsense | BAD_REPLY"
            })
    void readsWhatTheServerSaysToTheLogin(String reply, FailureCode code) throws IOException {
        ImapScript script =
                TestServer.imap().tls(GOOD).login(USER, PASSWORD).onCommand("AUTHENTICATE", Reply.lines(reply));
        try (TestServer server = script.start()) {
            assertThat(aRun().imap(server).tls().loggingIn().run()).failsWith(code, Phase.AUTH);
        }
    }

    @Test
    void endsAnExchangeInWhichTheServerWantsEverMore() throws IOException {
        Reply more = Reply.lines("+ more").thenAwaitLine().thenLines("{tag} BAD Cancelled");
        ImapScript script = TestServer.imap().tls(GOOD).login(USER, PASSWORD).onCommand("AUTHENTICATE", more);
        try (TestServer server = script.start()) {
            assertThat(aRun().imap(server).tls().loggingIn().run()).failsWith(FailureCode.BAD_REPLY, Phase.AUTH);
            Assertions.assertThat(server.received()).containsSubsequence("*", "p3 LOGOUT");
        }
    }

    @Test
    void tellsThatTheMechanismIsNotOffered() throws IOException {
        ImapScript script = TestServer.imap()
                .tls(GOOD)
                .login(USER, PASSWORD)
                .mechanisms("XOAUTH2")
                .loginDisabled();
        try (TestServer server = script.start()) {
            assertThat(aRun().imap(server).tls().loggingIn().run())
                    .failsWith(FailureCode.MECHANISM_NOT_OFFERED, Phase.AUTH);
        }
    }

    @Test
    void tellsThatAPasswordCannotBeCheckedAfterPreauth() throws IOException {
        ImapScript script = TestServer.imap().tls(GOOD).login(USER, PASSWORD).greeting("* PREAUTH welcome back");
        try (TestServer server = script.start()) {
            assertThat(aRun().imap(server).tls().loggingIn().run()).failsWith(FailureCode.PREAUTH, Phase.AUTH);
        }
    }
}
