package io.postwatch.controller.proof;

import io.postwatch.controller.shared.id.DomainProofId;
import io.postwatch.controller.shared.id.TenantId;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * What is known of a tenant and a domain. Two tenants may both prove one: each by a text of its own.
 *
 * @param text what has to stand in the DNS; nobody else's proves anything to this tenant
 * @param checkedAt when agents were asked the last time, whatever came of it
 * @param seenAt when several agents saw the text the last time; null: never
 * @param missingSince since when they say that it is gone; null: they don't, or it was never there
 */
public record DomainProof(
        DomainProofId id,
        TenantId tenant,
        MailDomain domain,
        String text,
        Instant claimedAt,
        @Nullable Instant provenAt,
        @Nullable Instant checkedAt,
        @Nullable Instant seenAt,
        @Nullable Instant missingSince) {
    /** A zone that is moved to other servers may lose a text for days; monitors shall not stop for that. */
    public static final Duration GRACE = Duration.ofDays(7);

    public DomainProof {
        if ((provenAt == null) != (seenAt == null)) {
            throw new IllegalArgumentException("It is proven by being seen");
        }
        if (missingSince != null && seenAt == null) {
            throw new IllegalArgumentException("What was never seen is not missing");
        }
    }

    static DomainProof claimed(DomainProofId id, TenantId tenant, MailDomain domain, String text, Instant now) {
        return new DomainProof(id, tenant, domain, text, now, null, null, null, null);
    }

    public ProofState state(Instant now) {
        if (provenAt == null) {
            return ProofState.CLAIMED;
        }
        Instant lapsesAt = lapsesAt();
        return lapsesAt != null && !now.isBefore(lapsesAt) ? ProofState.LAPSED : ProofState.PROVEN;
    }

    /** When the text was looked for the last time. */
    ProofState lastKnownState() {
        return state(checkedAt == null ? claimedAt : checkedAt);
    }

    /** When it lapses unless the text is seen again; null: nobody says that it is gone. */
    @Nullable
    Instant lapsesAt() {
        return missingSince == null ? null : missingSince.plus(GRACE);
    }

    /** After agents were asked again. Where they can't tell, what was known stays. */
    DomainProof after(ChallengeVerdict verdict, Instant now) {
        return switch (verdict) {
            case PRESENT ->
                new DomainProof(
                        id,
                        tenant,
                        domain,
                        text,
                        claimedAt,
                        state(now) == ProofState.PROVEN ? provenAt : now,
                        now,
                        now,
                        null);
            case ABSENT ->
                new DomainProof(
                        id,
                        tenant,
                        domain,
                        text,
                        claimedAt,
                        provenAt,
                        now,
                        seenAt,
                        seenAt == null ? null : goneSince(now));
            case UNDECIDED -> new DomainProof(id, tenant, domain, text, claimedAt, provenAt, now, seenAt, missingSince);
        };
    }

    private Instant goneSince(Instant now) {
        return missingSince == null ? now : missingSince;
    }
}
