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
import io.postwatch.agent.probe.time.Phase;
import io.postwatch.testserver.Reply;
import io.postwatch.testserver.Script;
import io.postwatch.testserver.TestServer;
import java.io.IOException;
import org.assertj.core.api.Assertions;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What runs do alike, whatever they speak. */
@Timeout(20)
class EveryProtocolRunTest {

    @ParameterizedTest
    @EnumSource
    void goesThroughStartTlsAndAsksAgainWhatTheServerCan(MailProtocol protocol) throws IOException {
        try (TestServer server =
                protocol.script().startTls(GOOD).login(USER, PASSWORD).start()) {
            ProbeResult result =
                    aRun().of(protocol, server).startTls().loggingIn().run();

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
                    .hasCertificateVerdicts()
                    .mentionsNowhere(PASSWORD);
            Assertions.assertThat(result.capabilities())
                    .contains(protocol.offer())
                    .doesNotContain(protocol.startTlsCommand());
            Assertions.assertThat(result.authMechanism()).isEqualTo(AuthMechanism.PLAIN);
            Assertions.assertThat(result.tls()).isNotNull();
        }
    }

    @ParameterizedTest
    @EnumSource
    void goesThroughTlsFromTheFirstByte(MailProtocol protocol) throws IOException {
        try (TestServer server = protocol.script().tls(GOOD).start()) {
            assertThat(aRun().of(protocol, server).tls().run())
                    .isOk()
                    .wentThrough(Phase.RESOLVE, Phase.CONNECT, Phase.TLS, Phase.GREETING, Phase.CAPABILITY, Phase.QUIT);
        }
    }

    @ParameterizedTest
    @EnumSource
    void tellsAWrongPasswordWithWhatTheServerSaid(MailProtocol protocol) throws IOException {
        try (TestServer server =
                protocol.script().tls(GOOD).login(USER, "another").start()) {
            assertThat(aRun().of(protocol, server).tls().loggingIn().run())
                    .failsWith(FailureCode.LOGIN_REFUSED, Phase.AUTH)
                    .tellsThatServerSaid(protocol.refusal())
                    .mentionsNowhere(PASSWORD);
            Assertions.assertThat(server.received()).last().asString().endsWith(protocol.goodbye());
        }
    }

    @ParameterizedTest
    @EnumSource
    void sendsNoPasswordUnencryptedUnlessTold(MailProtocol protocol) throws IOException {
        Script<?> script = protocol.script().login(USER, PASSWORD).plaintextLogin();
        try (TestServer server = script.start()) {
            assertThat(aRun().of(protocol, server).loggingIn().run()).failsWith(FailureCode.AUTH_NEEDS_TLS, Phase.AUTH);
            Assertions.assertThat(server.received()).isEqualTo(protocol.plainSession());

            assertThat(aRun().of(protocol, server).loggingInUnencrypted().run())
                    .isOk()
                    .mentionsNowhere(PASSWORD);
        }
    }

    @ParameterizedTest
    @EnumSource
    void tellsWhereALoginIsOfferedOnlyAfterStartTls(MailProtocol protocol) throws IOException {
        try (TestServer server =
                protocol.script().startTls(GOOD).login(USER, PASSWORD).start()) {
            assertThat(aRun().of(protocol, server).loggingInUnencrypted().run())
                    .failsWith(FailureCode.AUTH_NEEDS_TLS, Phase.AUTH);
        }
    }

    @ParameterizedTest
    @EnumSource
    void showsNoPasswordThatTheServerKnowsBeforeTheLogin(MailProtocol protocol) throws IOException {
        try (TestServer server = protocol.script()
                .greeting(protocol.greeting() + PASSWORD)
                .startTls(GOOD)
                .login(USER, PASSWORD)
                .start()) {
            assertThat(aRun().of(protocol, server).startTls().loggingIn().run())
                    .isOk()
                    .mentionsNowhere(PASSWORD);
        }
    }

    @ParameterizedTest
    @EnumSource
    void readsWhateverPacketsTheServerSends(MailProtocol protocol) throws IOException {
        Script<?> script =
                protocol.script().startTls(GOOD).login(USER, PASSWORD).sliced();
        try (TestServer server = script.start()) {
            assertThat(aRun().of(protocol, server).startTls().loggingIn().run()).isOk();
        }
    }

    @ParameterizedTest
    @EnumSource
    void toleratesAndTellsLinesThatEndWithLfAlone(MailProtocol protocol) throws IOException {
        Script<?> script = protocol.script().tls(GOOD).login(USER, PASSWORD).bareLf();
        try (TestServer server = script.start()) {
            assertThat(aRun().of(protocol, server).tls().loggingIn().run())
                    .isOk()
                    .hasTranscriptLine(Direction.NOTE, "LF alone");
        }
    }

    @ParameterizedTest
    @EnumSource
    void toleratesAServerThatHangsUpOnGoodbye(MailProtocol protocol) throws IOException {
        try (TestServer server =
                protocol.script().onCommand(protocol.goodbye(), Reply.close()).start()) {
            assertThat(aRun().of(protocol, server).run()).isOk();
        }
    }
}
