package io.postwatch.agent.probe.run;

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
import io.postwatch.testserver.TestServer;
import java.io.IOException;
import java.time.Duration;
import org.assertj.core.api.Assertions;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Whatever a server says, or not, to the end of an exchange that it broke: why it was ended is what the run tells. */
@Timeout(30)
class CancelledLoginRunTest {

    private static final String BROKEN = "The server's challenge is not one of CRAM-MD5.";

    @ParameterizedTest
    @EnumSource
    void theReasonIsToldWhereTheServerHangsUp(MailProtocol protocol) throws IOException {
        assertThat(run(protocol, brokenChallenge(protocol).thenAwaitLine().thenClose()))
                .failsWith(FailureCode.BAD_REPLY, Phase.AUTH)
                .says(BROKEN);
    }

    @ParameterizedTest
    @EnumSource
    void theReasonIsToldWhereTheServerFallsSilentAndTheRunDoesNotWaitForItsDeadline(MailProtocol protocol)
            throws IOException {
        assertThat(run(protocol, brokenChallenge(protocol).thenAwaitLine().thenAwaitLine()))
                .failsWith(FailureCode.BAD_REPLY, Phase.AUTH)
                .says(BROKEN)
                .tookLessThan(Duration.ofSeconds(15));
    }

    @ParameterizedTest
    @EnumSource
    void theGoodByeIsSaidWhereTheServerUnderstood(MailProtocol protocol) throws IOException {
        Reply understood = brokenChallenge(protocol)
                .thenAwaitLine()
                .thenLines(
                        switch (protocol) {
                            case SMTP -> "501 5.7.0 Cancelled";
                            case IMAP -> "{tag} BAD Cancelled";
                            case POP3 -> "-ERR Cancelled";
                        });
        try (TestServer server = server(protocol, understood)) {
            aRun().of(protocol, server)
                    .tls()
                    .loggingInBy(AuthMechanism.CRAM_MD5)
                    .run();

            Assertions.assertThat(server.received()).last().asString().endsWith(protocol.goodbye());
        }
    }

    private static ProbeResult run(MailProtocol protocol, Reply reply) throws IOException {
        try (TestServer server = server(protocol, reply)) {
            return aRun().of(protocol, server)
                    .tls()
                    .loggingInBy(AuthMechanism.CRAM_MD5)
                    .within(Duration.ofSeconds(20))
                    .run();
        }
    }

    private static TestServer server(MailProtocol protocol, Reply reply) throws IOException {
        return protocol.script()
                .tls(GOOD)
                .login(USER, PASSWORD)
                .mechanisms("CRAM-MD5")
                .onCommand(protocol == MailProtocol.IMAP ? "AUTHENTICATE" : "AUTH", reply)
                .start();
    }

    private static Reply brokenChallenge(MailProtocol protocol) {
        return Reply.lines((protocol == MailProtocol.SMTP ? "334 " : "+ ") + "no base64");
    }
}
