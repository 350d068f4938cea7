package io.postwatch.agent.probe.run;

import static io.postwatch.agent.probe.run.ARun.GOOD;
import static io.postwatch.agent.probe.run.ARun.aRun;
import static io.postwatch.agent.probe.run.ProbeResultAssert.assertThat;

import io.postwatch.agent.probe.failure.FailureCode;
import io.postwatch.agent.probe.time.Phase;
import io.postwatch.testserver.Recording;
import io.postwatch.testserver.TestServer;
import java.io.IOException;
import java.nio.file.Path;
import org.assertj.core.api.Assertions;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What real servers say to the test of a recipient. */
@Timeout(20)
class RecordedRecipientRunTest {

    @ParameterizedTest
    @CsvSource({
        "gmail-smtp-starttls-rate-limited, RATE_LIMITED",
        "gmail-smtp-starttls-recipient-refused, PERMANENTLY_REFUSED",
        "microsoft365-smtp-starttls-server-busy, RATE_LIMITED",
        "microsoft365-smtp-starttls-recipient-refused, PERMANENTLY_REFUSED",
        "exchange-smtp-starttls-recipient-refused, PERMANENTLY_REFUSED"
    })
    void isTakenForWhatItMeans(String dialogue, FailureCode code) throws IOException {
        Recording recording = Recording.read(Path.of("src/test/resources/dialogues/" + dialogue + ".txt"));
        try (TestServer server = TestServer.replay(recording, GOOD).start()) {
            assertThat(aRun().smtp(server).startTls().to("someone@example.org").run())
                    .failsWith(code, Phase.RCPT);
            Assertions.assertThat(server.failures()).isEmpty();
        }
    }
}
