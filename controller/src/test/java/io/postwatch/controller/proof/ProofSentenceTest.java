package io.postwatch.controller.proof;

import static io.postwatch.controller.proof.ChallengeVerdict.ABSENT;
import static io.postwatch.controller.proof.ChallengeVerdict.PRESENT;
import static io.postwatch.controller.proof.ChallengeVerdict.UNDECIDED;
import static org.assertj.core.api.Assertions.assertThat;

import io.postwatch.controller.shared.id.AgentId;
import io.postwatch.controller.shared.id.DomainProofId;
import io.postwatch.controller.shared.id.LocationId;
import io.postwatch.controller.shared.id.TenantId;
import io.postwatch.controller.shared.id.TextLookupId;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class ProofSentenceTest {
    private static final Instant NOW = Instant.parse("2026-11-23T02:00:00Z");
    private static final PlaceAnswer HERE = new PlaceAnswer.Told(List.of("text"), false, null);
    private static final PlaceAnswer NONE = new PlaceAnswer.Told(List.of(), false, null);
    private static final PlaceAnswer OTHER = new PlaceAnswer.Told(List.of("v=spf1 -all"), false, null);
    private static final PlaceAnswer ALIAS = new PlaceAnswer.Told(List.of("text"), false, "host.example.net");
    private static final PlaceAnswer SILENT = new PlaceAnswer.Unknown("127.0.0.1 answered SERVFAIL (2)");

    private final DomainProof claimed = DomainProof.claimed(
            new DomainProofId(new UUID(2, 2)),
            new TenantId(new UUID(1, 1)),
            new MailDomain("example.org"),
            "text",
            NOW);

    @Test
    void aClaimSaysWhatToDoFirst() {
        assertThat(ProofSentence.of(claimed, false, List.of(), NOW)).contains("publish it, then check");
        assertThat(ProofSentence.of(claimed, true, List.of(), NOW))
                .isEqualTo("Public agents are looking for the record.");
    }

    @Test
    void aLookThatProvedNothingSaysWhy() {
        assertThat(why()).contains("No public agent is connected");
        assertThat(why(HERE)).contains("only one is connected");
        assertThat(why(NONE, NONE, NONE)).contains("was not found");
        assertThat(why(HERE, NONE, NONE)).contains("at 1 of 3 places, and more than half");
        assertThat(why(SILENT, SILENT, NONE)).contains("no answer at 2 of 3 places, which proves nothing");
        assertThat(why(OTHER, OTHER, NONE)).contains("another value");
        assertThat(why(ALIAS, ALIAS, ALIAS)).contains("alias (CNAME) of host.example.net");
    }

    @Test
    void aProofSaysWhatItIsGoodForAndWhenItIsAboutToEnd() {
        DomainProof proven = claimed.after(PRESENT, NOW);
        DomainProof missing = proven.after(ABSENT, NOW);

        assertThat(ProofSentence.of(proven.after(UNDECIDED, NOW), false, places(SILENT, SILENT), NOW))
                .startsWith("Proven: public locations log in");
        assertThat(ProofSentence.of(missing, false, places(NONE, NONE), NOW))
                .isEqualTo(
                        "Still proven, but not for long: the record was not found: DNS servers may remember for an hour"
                                + " or more that it was not there.");
        assertThat(ProofSentence.of(missing, false, places(NONE, NONE), NOW.plus(Duration.ofDays(7))))
                .startsWith("No longer proven, since the record was gone for 7 days");
    }

    /** Whoever owns where an alias leads says what stands there: a wildcard alias must not prove a domain to its target. */
    @Test
    void whatStandsBehindAnAliasProvesNothing() {
        assertThat(places(ALIAS, ALIAS))
                .extracting(place -> place.verdict("text"))
                .containsOnly(ABSENT);
    }

    @Test
    void whateverAgentsSayIsPrintableAndBounded() {
        PlaceAnswer.Told told = new PlaceAnswer.Told(
                java.util.Collections.nCopies(1_000, "a\u0000\u202e<b>" + "x".repeat(1_000)), false, null);

        assertThat(told.texts()).hasSize(PlaceAnswer.MAX_TEXTS).allMatch(text -> text.matches("[ -~]{255}"));
        assertThat(told.more()).isTrue();
        assertThat(new PlaceAnswer.Unknown("\n".repeat(5_000)).reason()).matches("[?]{500}");
    }

    private String why(PlaceAnswer... answers) {
        return ProofSentence.of(claimed.after(UNDECIDED, NOW), false, places(answers), NOW);
    }

    private static List<PlaceLookup> places(PlaceAnswer... answers) {
        List<PlaceLookup> places = new ArrayList<>();
        for (PlaceAnswer answer : answers) {
            places.add(new PlaceLookup(
                    new TextLookupId(UUID.randomUUID()),
                    new AgentId(UUID.randomUUID()),
                    new LocationId(UUID.randomUUID()),
                    "Paris",
                    answer));
        }
        return places;
    }
}
