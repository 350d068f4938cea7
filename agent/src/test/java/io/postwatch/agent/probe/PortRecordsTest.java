package io.postwatch.agent.probe;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.postwatch.agent.probe.address.AddressFamily;
import io.postwatch.agent.probe.address.MailHost;
import io.postwatch.agent.probe.failure.Failure;
import io.postwatch.agent.probe.failure.FailureCode;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PortRecordsTest {

    @ParameterizedTest
    @ValueSource(ints = {Integer.MIN_VALUE, -1, 0, 65_536})
    void aTargetHasARealPort(int port) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new Target(new MailHost("a"), port, Security.TLS, AddressFamily.ANY));
    }

    @Test
    void theErrorThresholdIsNotBelowTheWarning() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new Thresholds(Duration.ofSeconds(2), Duration.ofSeconds(1)));
    }

    @Test
    void aResultIsEitherOkOrHasAFailure() {
        Failure slow = new Failure(FailureCode.SLOW, null, "Slow.", "");
        assertThatIllegalArgumentException().isThrownBy(() -> result(Status.OK, slow));
        assertThatIllegalArgumentException().isThrownBy(() -> result(Status.NO_DATA, slow));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> result(Status.ERROR, new Failure(FailureCode.SKIPPED, null, "Skipped.", "")));
        assertThat(ProbeResult.notRun(FailureCode.SKIPPED, "Skipped.").status()).isEqualTo(Status.NO_DATA);
    }

    @Test
    void aTranscriptIsBounded() {
        Transcript.Line line = new Transcript.Line(Duration.ZERO, Transcript.Direction.NOTE, "x".repeat(1024));
        assertThatIllegalArgumentException().isThrownBy(() -> new Transcript(Collections.nCopies(17, line), 0));
        Transcript.Line empty = new Transcript.Line(Duration.ZERO, Transcript.Direction.NOTE, "");
        assertThatIllegalArgumentException().isThrownBy(() -> new Transcript(Collections.nCopies(65, empty), 0));
    }

    private static ProbeResult result(Status status, Failure failure) {
        return new ProbeResult(
                status, failure, Duration.ZERO, List.of(), null, null, null, "", List.of(), null, Transcript.EMPTY);
    }
}
