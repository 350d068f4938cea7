package io.postwatch.agent.probe;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.postwatch.agent.probe.address.AddressFamily;
import io.postwatch.agent.probe.address.MailHost;
import io.postwatch.agent.probe.bounds.ServerText;
import io.postwatch.agent.probe.certificate.CapturedCertificate;
import io.postwatch.agent.probe.certificate.Fingerprint;
import io.postwatch.agent.probe.failure.Failure;
import io.postwatch.agent.probe.failure.FailureCategory;
import io.postwatch.agent.probe.failure.FailureCode;
import io.postwatch.agent.probe.failure.FaultOwner;
import io.postwatch.agent.probe.sasl.Login;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class PortRecordsTest {

    @Test
    void aLoginTellsNothingWhenPrinted() {
        assertThat(new Login("someone", "canary-7f3a", null, false).toString())
                .doesNotContain("someone")
                .doesNotContain("canary-7f3a");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "canary\r", "canary\nQUIT", "can\0ary"})
    void aLoginRefusesWhatWouldBreakALineAndDoesNotRepeatIt(String password) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new Login("someone", password, null, false))
                .satisfies(refusal -> assertThat(refusal.getMessage()).doesNotContain("ary"));
    }

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

    @ParameterizedTest
    @EnumSource
    void everyCodeIsKebabCaseAndHasAFaultOwnerThatFitsItsCategory(FailureCode code) {
        assertThat(code.code()).matches("[a-z]+(-[a-z]+)*");
        assertThat(code.owner() == FaultOwner.AGENT).isEqualTo(code.category() == FailureCategory.AGENT);
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

    @Test
    void serverTextLosesControlCharactersAndWhatDoesNotFit() {
        assertThat(ServerText.clean("a\u0000b\u001b[31m\tc\u202e\n", 100))
                .isEqualTo("a\uFFFDb\uFFFD[31m c\uFFFD\uFFFD");
        assertThat(ServerText.clean("ää", 3)).isEqualTo("ä");
        assertThat(ServerText.clean(new byte[] {'a', (byte) 0xff, 'b'}, 100)).isEqualTo("a\uFFFDb");
        assertThat(ServerText.clean("\ud83d", 100)).isEqualTo("\uFFFD");
        assertThat(ServerText.clean("\ud83d\udce7", 3)).isEmpty();
    }

    @Test
    void aCertificateIsItsBytes() {
        byte[] der = {1, 2, 3};
        CapturedCertificate captured = CapturedCertificate.of(der);
        der[0] = 9;
        assertThat(captured).isEqualTo(CapturedCertificate.of(new byte[] {1, 2, 3}));
        assertThat(captured.fingerprint().hex())
                .isEqualTo("039058c6f2c0cb492c533b0a4d14ef77cc0f78abccced5287d84a1a2011cfb81");
        assertThat(new Fingerprint(captured.fingerprint().hex()).bytes()).hasSize(32);
    }

    private static ProbeResult result(Status status, Failure failure) {
        return new ProbeResult(
                status, failure, Duration.ZERO, List.of(), null, null, null, "", List.of(), null, Transcript.EMPTY);
    }
}
