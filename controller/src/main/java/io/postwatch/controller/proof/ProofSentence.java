package io.postwatch.controller.proof;

import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** How it stands with a proof, and why it is not proven, in one sentence for people. Pure. */
final class ProofSentence {
    private ProofSentence() {}

    /** @param places what was found in the last look, or in the one under way */
    static String of(DomainProof proof, boolean looking, List<PlaceLookup> places, Instant now) {
        if (looking) {
            return "Public agents are looking for the record.";
        }
        return switch (proof.state(now)) {
            case CLAIMED ->
                proof.checkedAt() == null
                        ? "Nobody has looked for the record yet: publish it, then check."
                        : why(proof, places);
            case PROVEN ->
                proof.missingSince() == null
                        ? "Proven: public locations log in to its mailboxes and ask for its recipients."
                        : "Still proven, but not for long: " + continued(why(proof, places));
            case LAPSED ->
                "No longer proven, since the record was gone for " + DomainProof.GRACE.toDays() + " days: "
                        + continued(why(proof, places));
        };
    }

    private static String continued(String sentence) {
        return Character.toLowerCase(sentence.charAt(0)) + sentence.substring(1);
    }

    private static String why(DomainProof proof, List<PlaceLookup> places) {
        int asked = places.size();
        if (asked < ChallengeVerdict.LEAST_AGENTS) {
            return asked == 0
                    ? "No public agent is connected that could look for the record."
                    : "At least two public agents have to see the record, and only one is connected.";
        }
        long present = count(places, proof, ChallengeVerdict.PRESENT);
        long silent = count(places, proof, ChallengeVerdict.UNDECIDED);
        if (2 * present > asked) {
            return "The record is there.";
        }
        if (present > 0) {
            return "The record was seen at " + present + " of " + asked
                    + " places, and more than half have to: a change takes a while to reach all DNS servers.";
        }
        if (2 * silent >= asked) {
            return "The DNS servers of the domain gave no answer at " + silent + " of " + asked
                    + " places, which proves nothing.";
        }
        Optional<String> alias = aliases(places);
        if (alias.isPresent()) {
            return "The name is an alias (CNAME) of " + alias.get() + ": the record has to stand at the name itself.";
        }
        return places.stream()
                        .anyMatch(place -> place.answer() instanceof PlaceAnswer.Told told
                                && !told.texts().isEmpty())
                ? "There is a record with another value: it has to be exactly the one shown here."
                : "The record was not found: DNS servers may remember for an hour or more that it was not there.";
    }

    private static long count(List<PlaceLookup> places, DomainProof proof, ChallengeVerdict verdict) {
        return places.stream()
                .filter(place -> place.verdict(proof.text()) == verdict)
                .count();
    }

    private static Optional<String> aliases(List<PlaceLookup> places) {
        for (PlaceLookup place : places) {
            if (place.answer() instanceof PlaceAnswer.Told told && told.aliasOf() != null) {
                return Optional.of(told.aliasOf());
            }
        }
        return Optional.empty();
    }
}
