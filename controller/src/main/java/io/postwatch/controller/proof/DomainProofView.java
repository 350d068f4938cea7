package io.postwatch.controller.proof;

import io.postwatch.controller.proof.DomainProofs.Watched;
import io.swagger.v3.oas.annotations.media.Schema;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A claim to a mail domain as it is shown.
 *
 * @param recordName where the text has to stand in the DNS, as a TXT record
 * @param recordValue the text; it proves the domain to this tenant alone
 * @param sentence how it stands, and why it is not proven
 * @param lapsesAt when the proof ends unless the record is seen again
 * @param nextCheckAt when agents look by themselves; absent: when somebody asks
 * @param monitors how many monitors need this domain to run at public locations
 * @param places what was found at each place in the last check, or in the one under way
 */
@Schema(name = "DomainProof")
record DomainProofView(
        UUID id,
        String domain,
        String recordName,
        String recordValue,

        @Schema(allowableValues = {"claimed", "proven", "lapsed"})
        String state,

        boolean checking,
        String sentence,
        Instant claimedAt,
        @Nullable Instant provenAt,
        @Nullable Instant checkedAt,
        @Nullable Instant seenAt,
        @Nullable Instant missingSince,
        @Nullable Instant lapsesAt,
        @Nullable Instant nextCheckAt,
        int monitors,
        List<PlaceView> places) {

    static DomainProofView of(Watched watched, List<PlaceLookup> places, int monitors, Instant now) {
        DomainProof proof = watched.proof();
        return new DomainProofView(
                proof.id().value(),
                proof.domain().value(),
                proof.domain().challengeName(),
                proof.text(),
                proof.state(now).code(),
                watched.looking(),
                ProofSentence.of(proof, watched.looking(), places, now),
                proof.claimedAt(),
                proof.provenAt(),
                proof.checkedAt(),
                proof.seenAt(),
                proof.missingSince(),
                proof.lapsesAt(),
                watched.nextLookAt(),
                monitors,
                places.stream().map(place -> PlaceView.of(place, proof.text())).toList());
    }

    /**
     * What one place saw.
     *
     * @param answer waiting; present: the record; other: records with other values; absent: none; alias: the name leads
     *     elsewhere; unknown: its DNS servers gave no answer
     * @param more whether there are other texts than these
     */
    @Schema(name = "DomainProofPlace")
    record PlaceView(
            UUID locationId,
            String locationName,

            @Schema(allowableValues = {"waiting", "present", "other", "absent", "alias", "unknown"})
            String answer,

            List<String> texts,
            boolean more,
            @Nullable String aliasOf,
            @Nullable String message) {

        static PlaceView of(PlaceLookup place, String expected) {
            return switch (place.answer()) {
                case PlaceAnswer.Awaited _ -> of(place, "waiting", List.of(), false, null, null);
                case PlaceAnswer.Unknown(var reason) -> of(place, "unknown", List.of(), false, null, reason);
                case PlaceAnswer.Told(var texts, var more, var aliasOf) ->
                    of(place, word(place, expected), texts, more, aliasOf, null);
            };
        }

        private static String word(PlaceLookup place, String expected) {
            if (place.verdict(expected) == ChallengeVerdict.PRESENT) {
                return "present";
            }
            return place.answer() instanceof PlaceAnswer.Told(var texts, var _, var aliasOf)
                    ? aliasOf != null ? "alias" : texts.isEmpty() ? "absent" : "other"
                    : "unknown";
        }

        private static PlaceView of(
                PlaceLookup place,
                String answer,
                List<String> texts,
                boolean more,
                @Nullable String aliasOf,
                @Nullable String message) {
            return new PlaceView(place.location().value(), place.locationName(), answer, texts, more, aliasOf, message);
        }
    }
}
