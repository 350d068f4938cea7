package io.postwatch.agent.probe.run;

import io.postwatch.agent.probe.ProbeResult;
import io.postwatch.agent.probe.Status;
import io.postwatch.agent.probe.Transcript;
import io.postwatch.agent.probe.certificate.CertificateFindings;
import io.postwatch.agent.probe.certificate.CertificateVerdict;
import io.postwatch.agent.probe.failure.Failure;
import io.postwatch.agent.probe.failure.FailureCode;
import io.postwatch.agent.probe.time.Phase;
import io.postwatch.agent.probe.time.PhaseTiming;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.assertj.core.api.AbstractAssert;
import org.assertj.core.api.Assertions;
import org.jspecify.annotations.Nullable;

/** What tests ask of a result. */
final class ProbeResultAssert extends AbstractAssert<ProbeResultAssert, ProbeResult> {

    private static final Pattern BASE64 = Pattern.compile("[A-Za-z0-9+/]{4,}");

    private ProbeResultAssert(ProbeResult result) {
        super(result, ProbeResultAssert.class);
    }

    static ProbeResultAssert assertThat(ProbeResult result) {
        return new ProbeResultAssert(result);
    }

    ProbeResultAssert isOk() {
        return has(Status.OK, null, null);
    }

    ProbeResultAssert failsWith(FailureCode code, @Nullable Phase phase) {
        return has(Status.ERROR, code, phase);
    }

    ProbeResultAssert warnsOf(FailureCode code, @Nullable Phase phase) {
        return has(Status.WARNING, code, phase);
    }

    ProbeResultAssert learnsNothing(FailureCode code, @Nullable Phase phase) {
        return has(Status.NO_DATA, code, phase);
    }

    ProbeResultAssert wentThrough(Phase... phases) {
        Assertions.assertThat(actual.phases())
                .extracting(PhaseTiming::phase)
                .as(said())
                .containsExactly(phases);
        return this;
    }

    /** Every phase lies within the run, and none begins before the one before ended. */
    ProbeResultAssert hasConsistentTimes() {
        Duration end = Duration.ZERO;
        for (PhaseTiming timing : actual.phases()) {
            Assertions.assertThat(timing.start()).isGreaterThanOrEqualTo(end);
            end = timing.start().plus(timing.duration());
        }
        Assertions.assertThat(end).isLessThanOrEqualTo(actual.total());
        return this;
    }

    ProbeResultAssert spentInPhase(Phase phase, Duration atLeast) {
        Duration spent = actual.phases().stream()
                .filter(timing -> timing.phase() == phase)
                .map(PhaseTiming::duration)
                .reduce(Duration.ZERO, Duration::plus);
        Assertions.assertThat(spent).as("time in " + phase).isGreaterThanOrEqualTo(atLeast);
        return this;
    }

    ProbeResultAssert tookLessThan(Duration limit) {
        Assertions.assertThat(actual.total()).isLessThan(limit);
        return this;
    }

    ProbeResultAssert says(String sentence) {
        Assertions.assertThat(failure().message()).isEqualTo(sentence);
        return this;
    }

    ProbeResultAssert tellsThatServerSaid(String text) {
        Assertions.assertThat(failure().serverReply()).contains(text);
        return this;
    }

    ProbeResultAssert hasCertificateVerdicts(FailureCode... codes) {
        CertificateFindings certificate = actual.certificate();
        Assertions.assertThat(certificate == null ? List.<CertificateVerdict>of() : certificate.verdicts())
                .extracting(CertificateVerdict::code)
                .containsExactly(codes);
        return this;
    }

    ProbeResultAssert hasTranscriptLine(Transcript.Direction direction, String text) {
        Assertions.assertThat(actual.transcript().lines())
                .as(said())
                .anyMatch(line -> line.direction() == direction && line.text().contains(text));
        return this;
    }

    /** Neither as it is nor in base64, alone or inside of a longer message, nowhere in the result. */
    ProbeResultAssert mentionsNowhere(String secret) {
        String everything = actual + said();
        String base64 = Base64.getEncoder().encodeToString(secret.getBytes(StandardCharsets.UTF_8));
        Assertions.assertThat(everything).doesNotContain(secret).doesNotContain(base64);
        // A word may begin anywhere in the four characters that belong together.
        BASE64.matcher(everything).results().map(MatchResult::group).forEach(word -> {
            for (int from = 0; from < 4 && from < word.length(); from++) {
                Assertions.assertThat(decoded(word.substring(from))).as(word).doesNotContain(secret);
            }
        });
        return this;
    }

    /** As far as it is base64. */
    private static String decoded(String word) {
        String whole = word.length() % 4 == 1 ? word.substring(0, word.length() - 1) : word;
        return new String(Base64.getDecoder().decode(whole), StandardCharsets.UTF_8);
    }

    private ProbeResultAssert has(Status status, @Nullable FailureCode code, @Nullable Phase phase) {
        isNotNull();
        Failure failure = actual.failure();
        Assertions.assertThat(actual.status())
                .as("failure %s%n%s", failure, said())
                .isEqualTo(status);
        Assertions.assertThat(failure == null ? null : failure.code())
                .as(said())
                .isEqualTo(code);
        Assertions.assertThat(failure == null ? null : failure.phase())
                .as(said())
                .isEqualTo(phase);
        return this;
    }

    private Failure failure() {
        Failure failure = actual.failure();
        if (failure == null) {
            throw new AssertionError("the run did not fail");
        }
        return failure;
    }

    private String said() {
        return actual.transcript().lines().stream()
                .map(line -> line.direction() + " " + line.text())
                .collect(Collectors.joining("\n"));
    }
}
