package io.postwatch.controller.proof;

import io.postwatch.controller.shared.id.AgentId;
import io.postwatch.controller.shared.id.LocationId;
import io.postwatch.controller.shared.id.TextLookupId;

/** One agent's part of a look for a text. */
record PlaceLookup(TextLookupId id, AgentId agent, LocationId location, String locationName, PlaceAnswer answer) {
    boolean isOpen() {
        return answer instanceof PlaceAnswer.Awaited;
    }

    /** As the agents' verdict takes it. */
    ChallengeAnswer vote() {
        return switch (answer) {
            case PlaceAnswer.Told(var texts, var _, var _) -> new ChallengeAnswer.Told(agent, texts);
            case PlaceAnswer.Awaited _, PlaceAnswer.Unknown _ -> new ChallengeAnswer.Unanswered(agent);
        };
    }

    ChallengeVerdict verdict(String expected) {
        return ChallengeVerdict.vote(expected, vote());
    }
}
