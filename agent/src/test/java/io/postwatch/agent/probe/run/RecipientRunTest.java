package io.postwatch.agent.probe.run;

import static io.postwatch.agent.probe.run.ARun.aRun;
import static io.postwatch.agent.probe.run.ProbeResultAssert.assertThat;

import io.postwatch.agent.probe.failure.FailureCode;
import io.postwatch.agent.probe.time.Phase;
import io.postwatch.testserver.Reply;
import io.postwatch.testserver.TestServer;
import java.io.IOException;
import org.assertj.core.api.Assertions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Whether a server takes mail for somebody. */
@Timeout(20)
class RecipientRunTest {

    private static final String RECIPIENT = "postmaster@example.org";

    @Test
    void asksFromTheEmptySenderAndTakesTheQuestionBack() throws IOException {
        try (TestServer server = TestServer.smtp().recipients(RECIPIENT).start()) {
            assertThat(aRun().smtp(server).to(RECIPIENT).run())
                    .isOk()
                    .wentThrough(
                            Phase.RESOLVE,
                            Phase.CONNECT,
                            Phase.GREETING,
                            Phase.CAPABILITY,
                            Phase.MAIL,
                            Phase.RCPT,
                            Phase.QUIT);
            Assertions.assertThat(server.received())
                    .containsExactly(
                            "EHLO prober.example.net", "MAIL FROM:<>", "RCPT TO:<" + RECIPIENT + ">", "RSET", "QUIT");
        }
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            450 4.2.0 Greylisted, see http://postgrey          | GREYLISTED
            451 4.7.1 Please try again later                   | GREYLISTED
            450 Try again in five minutes                      | GREYLISTED
            451 Temporarily deferred                           | GREYLISTED
            451 Temporary local problem - please try later     | TEMPORARILY_UNAVAILABLE
            451 4.7.1 Service unavailable - try again later    | TEMPORARILY_UNAVAILABLE
            450 4.7.1 Client host rejected: cannot find your hostname | TEMPORARILY_UNAVAILABLE
            450 4.7.1 <prober>: Helo command rejected: Host not found | TEMPORARILY_UNAVAILABLE
            451 4.7.1 Service unavailable, greylisted          | GREYLISTED
            451 Temporary lookup failure                       | TEMPORARILY_UNAVAILABLE
            450 Local error in processing                      | TEMPORARILY_UNAVAILABLE
            530 5.7.0 Authentication required                  | LOGIN_REFUSED
            421 4.7.0 Greylisting in action                    | GREYLISTED
            450 4.1.1 Unverified address                       | TEMPORARILY_UNAVAILABLE
            451 4.3.0 Local error in processing                | TEMPORARILY_UNAVAILABLE
            452 4.2.2 Mailbox full                             | TEMPORARILY_UNAVAILABLE
            450 4.7.28 Our system has detected a rate          | RATE_LIMITED
            451 4.7.500 Server busy                            | RATE_LIMITED
            450 4.2.1 The user is receiving mail at a rate that prevents | RATE_LIMITED
            450 Too many connections                           | RATE_LIMITED
            550 5.1.1 No such user                             | PERMANENTLY_REFUSED
            554 5.7.1 Relay access denied                      | PERMANENTLY_REFUSED
            354 Go ahead                                       | BAD_REPLY
            """)
    void tellsRefusalsApart(String reply, FailureCode code) throws IOException {
        try (TestServer server =
                TestServer.smtp().onCommand("RCPT", Reply.lines(reply)).start()) {
            assertThat(aRun().smtp(server).to(RECIPIENT).run())
                    .failsWith(code, Phase.RCPT)
                    .tellsThatServerSaid(reply);
            Assertions.assertThat(server.received()).endsWith("RSET", "QUIT");
        }
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            451 4.3.0 Not now      | TEMPORARILY_UNAVAILABLE
            550 5.7.1 No           | PERMANENTLY_REFUSED
            530 5.7.0 Authentication required            | LOGIN_REFUSED
            530 5.7.0 Must issue a STARTTLS command first | AUTH_NEEDS_TLS
            """)
    void aRefusedSenderIsNoGreylistingAndLeavesNothingToTakeBack(String reply, FailureCode code) throws IOException {
        try (TestServer server =
                TestServer.smtp().onCommand("MAIL", Reply.lines(reply)).start()) {
            assertThat(aRun().smtp(server).to(RECIPIENT).run()).failsWith(code, Phase.MAIL);
            Assertions.assertThat(server.received()).containsExactly("EHLO prober.example.net", "MAIL FROM:<>", "QUIT");
        }
    }
}
