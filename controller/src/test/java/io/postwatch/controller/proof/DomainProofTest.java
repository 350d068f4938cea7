package io.postwatch.controller.proof;

import static io.postwatch.controller.proof.ChallengeVerdict.ABSENT;
import static io.postwatch.controller.proof.ChallengeVerdict.PRESENT;
import static io.postwatch.controller.proof.ChallengeVerdict.UNDECIDED;
import static io.postwatch.controller.proof.DomainProof.GRACE;
import static org.assertj.core.api.Assertions.assertThat;

import io.postwatch.controller.shared.id.DomainProofId;
import io.postwatch.controller.shared.id.TenantId;
import java.time.Duration;
import java.time.Instant;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DomainProofTest {
    private static final Instant START = Instant.parse("2026-11-23T02:00:00Z");
    private static final Duration DAY = Duration.ofDays(1);

    private final DomainProof claimed = DomainProof.claimed(
            new DomainProofId(new UUID(2, 2)),
            new TenantId(new UUID(1, 1)),
            new MailDomain("example.org"),
            "text",
            START);

    @ParameterizedTest
    @CsvSource({
        "CLAIMED, PROVEN, true",
        "PROVEN, LAPSED, true",
        "LAPSED, PROVEN, true",
        "CLAIMED, CLAIMED, false",
        "CLAIMED, LAPSED, false",
        "PROVEN, PROVEN, false",
        "PROVEN, CLAIMED, false",
        "LAPSED, LAPSED, false",
        "LAPSED, CLAIMED, false"
    })
    void aProofLivesLikeThis(ProofState from, ProofState to, boolean possible) {
        assertThat(from.canBecome(to)).isEqualTo(possible);
    }

    @Test
    void aClaimProvesNothing() {
        assertThat(claimed.state(START)).isEqualTo(ProofState.CLAIMED);
        assertThat(claimed.after(ABSENT, START.plus(DAY)).state(START.plus(DAY.multipliedBy(90))))
                .isEqualTo(ProofState.CLAIMED);
        assertThat(claimed.after(UNDECIDED, START.plus(DAY)).checkedAt()).isEqualTo(START.plus(DAY));
    }

    @Test
    void whatWasSeenIsProvenFromThenOn() {
        DomainProof proven = claimed.after(PRESENT, START.plus(DAY));

        assertThat(proven.state(START.plus(DAY))).isEqualTo(ProofState.PROVEN);
        DomainProof again = proven.after(PRESENT, START.plus(DAY.multipliedBy(2)));
        assertThat(again.provenAt()).isEqualTo(START.plus(DAY));
        assertThat(again.seenAt()).isEqualTo(START.plus(DAY.multipliedBy(2)));
    }

    @Test
    void whatIsGoneLapsesAfterAWhileAndNotBefore() {
        Instant gone = START.plus(DAY.multipliedBy(2));
        DomainProof missing = claimed.after(PRESENT, START.plus(DAY)).after(ABSENT, gone);
        DomainProof still = missing.after(ABSENT, gone.plus(DAY)).after(UNDECIDED, gone.plus(DAY));

        assertThat(still.missingSince()).isEqualTo(gone);
        assertThat(still.state(gone.plus(GRACE).minusNanos(1))).isEqualTo(ProofState.PROVEN);
        assertThat(still.state(gone.plus(GRACE))).isEqualTo(ProofState.LAPSED);
        assertThat(still.after(PRESENT, gone.plus(DAY)).missingSince()).isNull();
    }

    @Test
    void whatLapsedIsProvenAnewWhenItIsSeenAgain() {
        Instant gone = START.plus(DAY.multipliedBy(2));
        Instant back = gone.plus(GRACE).plus(DAY);
        DomainProof proven =
                claimed.after(PRESENT, START.plus(DAY)).after(ABSENT, gone).after(PRESENT, back);

        assertThat(proven.state(back)).isEqualTo(ProofState.PROVEN);
        assertThat(proven.provenAt()).isEqualTo(back);
    }

    @Test
    void whereAgentsCanNotTellItDoesNotLapse() {
        DomainProof unknown = claimed.after(PRESENT, START).after(UNDECIDED, START.plus(DAY));

        assertThat(unknown.state(START.plus(DAY.multipliedBy(365)))).isEqualTo(ProofState.PROVEN);
    }
}
