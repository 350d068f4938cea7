package io.postwatch.controller.run;

import static io.postwatch.controller.run.RunBuilder.aRun;
import static org.assertj.core.api.Assertions.assertThat;

import io.postwatch.controller.shared.FailureCode;
import io.postwatch.controller.shared.Status;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class RunSentenceTest {
    @Test
    void saysHowLongAGoodRunTook() {
        assertThat(RunSentence.of(aRun().build())).isEqualTo("OK in 184 ms");
        assertThat(RunSentence.of(aRun().taking(Duration.ofMillis(12_340)).build()))
                .isEqualTo("OK in 12.3 s");
        assertThat(RunSentence.of(aRun().taking(Duration.ofNanos(35_500_000)).build()))
                .isEqualTo("OK in 36 ms");
        assertThat(RunSentence.of(aRun().taking(Duration.ofMillis(2_749)).build()))
                .isEqualTo("OK in 2.7 s");
    }

    @Test
    void quotesTheFirstLineOfWhatTheServerSaid() {
        assertThat(RunSentence.of(aRun().refusedLogin().build()))
                .isEqualTo("Login refused: the server said “535 5.7.8 authentication failed”");
        RunRecord wordy = aRun().failing(
                        Status.ERROR,
                        FailureCode.BAD_GREETING,
                        null,
                        "",
                        "554 no\n554 really not\n" + "x".repeat(2_000))
                .build();
        assertThat(RunSentence.of(wordy)).isEqualTo("Unexpected greeting: the server said “554 no”");
        RunRecord endless = aRun().failing(Status.ERROR, FailureCode.BAD_GREETING, null, "", "𝒳".repeat(2_000))
                .build();
        assertThat(RunSentence.of(endless)).endsWith("𝒳…”").hasSizeLessThan(500);
    }

    @Test
    void tellsWhatTheProberFoundWhereTheServerSaidNothing() {
        RunRecord refused = aRun().failing(
                        Status.ERROR,
                        FailureCode.CONNECTION_REFUSED,
                        null,
                        "Port 993 of 192.0.2.1 refused the connection",
                        "")
                .build();
        assertThat(RunSentence.of(refused)).isEqualTo("Port 993 of 192.0.2.1 refused the connection");
        assertThat(RunSentence.of(aRun().failing(FailureCode.CONNECTION_REFUSED).build()))
                .isEqualTo("Connection refused");
    }

    @ParameterizedTest
    @EnumSource(FailureCode.class)
    void hasAHeadlineForEveryCode(FailureCode code) {
        assertThat(RunSentence.headline(code)).matches("[A-Z].*[A-Za-z]");
    }
}
