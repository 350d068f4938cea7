package io.postwatch.controller.enrolment;

import static org.assertj.core.api.Assertions.assertThat;

import io.postwatch.controller.enrolment.CertificateSlots.Finding;
import io.postwatch.controller.enrolment.CertificateSlots.HeldCertificate;
import io.postwatch.controller.enrolment.CertificateSlots.Slot;
import io.postwatch.controller.shared.Bytes;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * The rules by which copies of an agent's state are found. A certificate is written as its generation, its serial and its
 * key: {@code 4/a/A}.
 */
class CertificateSlotsTest {
    private static final Instant USED = Instant.parse("2026-11-22T12:00:00Z");
    private static final Instant SINCE = USED.plus(Duration.ofMinutes(1));
    private static final Instant BEFORE = USED.minus(Duration.ofMinutes(1));

    @ParameterizedTest
    @CsvSource({
        // Where nothing is under way.
        "4/a/A, ,      4/a/A, CURRENT",
        "4/a/A, ,      3/z/Z, OLDER_COPY",
        "4/a/A, ,      1/z/Z, OLDER_COPY",
        "4/a/A, ,      4/b/B, OTHER_COPY",
        "4/a/A, ,      4/b/A, CURRENT",
        "4/a/A, ,      5/b/B, AHEAD",
        "4/a/A, ,      9/b/B, AHEAD",
        "4/a/A, ,      9223372036854775807/b/B, MADE_UP",
        // A renewal that was cut off at any point: asked, committed, answered, kept.
        "4/a/A, 5/b/B, 4/a/A, CURRENT",
        "4/a/A, 5/b/B, 5/b/B, NEXT",
        "4/a/A, 5/c/B, 5/b/B, NEXT",
        "4/a/A, 5/b/B, 5/c/C, OTHER_COPY",
        "4/a/A, 5/b/B, 3/z/Z, OLDER_COPY",
        "4/a/A, 6/b/B, 5/c/C, AHEAD",
        // Before the first session.
        ",      1/a/A, 1/a/A, NEXT",
        ",      1/b/A, 1/a/A, NEXT",
        ",      1/a/A, 1/b/B, OTHER_COPY",
        ",      2/a/A, 1/b/B, AHEAD",
        // An agent or a certificate of a release that didn't count.
        "4/a/A, ,      0/a/A, CURRENT",
        "4/a/A, 5/b/B, 0/b/B, NEXT",
        "4/a/A, ,      0/z/Z, OUTDATED",
        "0/a/A, ,      0/z/Z, OUTDATED",
        "0/a/A, ,      0/a/A, CURRENT",
        "0/a/A, 1/b/B, 1/b/B, NEXT",
        "0/a/A, ,      3/b/B, AHEAD"
    })
    void whatAnAgentShowsTellsWhetherThereIsACopyOfIt(
            @Nullable String current, @Nullable String next, String held, Finding finding) {
        Slot shown = slot(held);
        assertThat(new CertificateSlots(slotOrNull(current), slotOrNull(next), USED)
                        .judge(new HeldCertificate(shown.generation(), shown.serial(), key(held)), SINCE))
                .isEqualTo(finding);
    }

    @ParameterizedTest
    @CsvSource({"3/z/Z", "4/b/B"})
    void whoWasChallengedBeforeTheCurrentOneCameIntoUseProvesNothing(String held) {
        Slot shown = slot(held);
        CertificateSlots slots = new CertificateSlots(slot("4/a/A"), null, USED);
        HeldCertificate certificate = new HeldCertificate(shown.generation(), shown.serial(), key(held));
        assertThat(slots.judge(certificate, BEFORE)).isEqualTo(Finding.LATE);
        assertThat(slots.judge(certificate, USED.plus(CertificateSlots.TOLERANCE)))
                .as("clocks may differ")
                .isEqualTo(Finding.LATE);
    }

    @ParameterizedTest
    @CsvSource({
        "0, CURRENT",
        "4, CURRENT",
        "5, AHEAD",
        "6, AHEAD",
        "3, OLDER_COPY",
        "4294967300, AHEAD",
        "4294967301, MADE_UP",
        "9223372036854775807, MADE_UP"
    })
    void aRenewalIsJudgedByItsGenerationAlone(long held, Finding finding) {
        assertThat(new CertificateSlots(slot("4/a/A"), slot("5/b/B"), USED).judge(held, SINCE))
                .isEqualTo(finding);
    }

    @Test
    void generationsNeverCountBack() {
        CertificateSlots slots = new CertificateSlots(slot("4/a/A"), slot("5/b/B"), USED);
        assertThat(slots.following(0)).isEqualTo(5);
        assertThat(slots.following(4)).isEqualTo(5);
        assertThat(slots.following(5)).isEqualTo(6);
        assertThat(slots.following(9)).isEqualTo(10);
        assertThat(slots.knows(5)).isTrue();
        assertThat(slots.knows(6)).isFalse();
        assertThat(new CertificateSlots(null, null, null).following(0)).isOne();
    }

    private static @Nullable Slot slotOrNull(@Nullable String text) {
        return text == null ? null : slot(text);
    }

    private static Slot slot(String text) {
        String[] parts = text.split("/", -1);
        long generation = Long.parseLong(parts[0]);
        return new Slot(generation, parts[1], generation == 0 ? null : key(text), USED.plus(Duration.ofDays(7)));
    }

    private static Bytes key(String text) {
        byte[] key = new byte[32];
        Arrays.fill(key, (byte) text.charAt(text.length() - 1));
        return Bytes.of(key);
    }
}
