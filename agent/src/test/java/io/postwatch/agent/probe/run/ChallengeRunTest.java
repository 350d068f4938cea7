package io.postwatch.agent.probe.run;

import static io.postwatch.agent.probe.run.ARun.GOOD;
import static io.postwatch.agent.probe.run.ARun.PASSWORD;
import static io.postwatch.agent.probe.run.ARun.USER;
import static io.postwatch.agent.probe.run.ARun.aRun;
import static io.postwatch.agent.probe.run.ProbeResultAssert.assertThat;
import static java.nio.charset.StandardCharsets.UTF_8;

import io.postwatch.agent.probe.ProbeResult;
import io.postwatch.agent.probe.Transcript.Direction;
import io.postwatch.agent.probe.sasl.AuthMechanism;
import io.postwatch.testserver.Reply;
import io.postwatch.testserver.TestServer;
import java.io.IOException;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import java.util.stream.Stream;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** What a server says as a challenge is nowhere shown: in it, anything may stand in any form. */
@Timeout(20)
class ChallengeRunTest {

    @ParameterizedTest
    @MethodSource("challenges")
    void aChallengeIsHiddenWhateverStandsInIt(MailProtocol protocol, String challenge) throws IOException {
        String sign = protocol == MailProtocol.SMTP ? "334 " : "+ ";
        Reply reply = Reply.lines(sign + challenge)
                .thenAwaitLine()
                .thenLines(sign + challenge)
                .thenAwaitLine()
                .thenLines(sign + challenge)
                .thenAwaitLine()
                .thenClose();
        try (TestServer server = protocol.script()
                .tls(GOOD)
                .login(USER, PASSWORD)
                .mechanisms("LOGIN")
                .onCommand(protocol == MailProtocol.IMAP ? "AUTHENTICATE" : "AUTH", reply)
                .start()) {
            ProbeResult result = aRun().of(protocol, server)
                    .tls()
                    .loggingInBy(AuthMechanism.LOGIN)
                    .run();

            assertThat(result)
                    .mentionsNowhere(PASSWORD)
                    .mentionsNowhere(challenge)
                    .hasTranscriptLine(Direction.SERVER, sign + "[challenge]")
                    .tellsThatServerSaid(sign + "[challenge]");
        }
    }

    static Stream<Arguments> challenges() {
        return Arrays.stream(MailProtocol.values())
                .flatMap(protocol -> Stream.of(
                                base64("x" + PASSWORD + "yz"),
                                base64("xy" + PASSWORD),
                                HexFormat.of().formatHex(PASSWORD.getBytes(UTF_8)),
                                base64(new StringBuilder(PASSWORD).reverse().toString()))
                        .map(challenge -> Arguments.of(protocol, challenge)));
    }

    private static String base64(String text) {
        return Base64.getEncoder().encodeToString(text.getBytes(UTF_8));
    }
}
