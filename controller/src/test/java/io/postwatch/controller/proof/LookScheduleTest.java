package io.postwatch.controller.proof;

import static io.postwatch.controller.proof.ChallengeVerdict.ABSENT;
import static io.postwatch.controller.proof.ChallengeVerdict.PRESENT;
import static io.postwatch.controller.proof.ChallengeVerdict.UNDECIDED;
import static org.assertj.core.api.Assertions.assertThat;

import io.postwatch.controller.shared.id.DomainProofId;
import io.postwatch.controller.shared.id.TenantId;
import java.time.Duration;
import java.time.Instant;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class LookScheduleTest {
    private static final Instant START = Instant.parse("2026-11-23T02:00:00Z");
    private static final Duration DAY = Duration.ofDays(1);

    private final DomainProof claimed = DomainProof.claimed(
            new DomainProofId(new UUID(2, 2)),
            new TenantId(new UUID(1, 1)),
            new MailDomain("example.org"),
            "text",
            START);

    @Test
    void aClaimIsLookedAfterOftenAtFirstAndNotForEver() {
        assertThat(LookSchedule.next(claimed, START)).isEqualTo(START.plus(LookSchedule.FRESH));
        Instant later = START.plus(DAY);
        assertThat(LookSchedule.next(claimed.after(ABSENT, later), later)).isEqualTo(later.plus(LookSchedule.SOON));
        Instant abandoned = START.plus(DAY.multipliedBy(7));
        assertThat(LookSchedule.next(claimed.after(ABSENT, abandoned), abandoned))
                .isNull();
    }

    @Test
    void whatIsProvenIsLookedForDaily() {
        assertThat(LookSchedule.next(claimed.after(PRESENT, START), START)).isEqualTo(START.plus(DAY));
    }

    @Test
    void whatIsMissingOrNotKnownIsLookedForSoon() {
        DomainProof proven = claimed.after(PRESENT, START);
        Instant now = START.plus(DAY);

        assertThat(LookSchedule.next(proven.after(ABSENT, now), now)).isEqualTo(now.plus(LookSchedule.SOON));
        assertThat(LookSchedule.next(proven.after(UNDECIDED, now), now)).isEqualTo(now.plus(LookSchedule.SOON));
    }

    @Test
    void whatHasLapsedMayComeBackForAWhile() {
        DomainProof missing = claimed.after(PRESENT, START).after(ABSENT, START.plus(DAY));
        Instant lapsed = START.plus(DAY).plus(DomainProof.GRACE);

        assertThat(LookSchedule.next(missing, lapsed)).isEqualTo(lapsed.plus(DAY));
        assertThat(LookSchedule.next(missing, lapsed.plus(DAY.multipliedBy(30))))
                .isNull();
    }
}
