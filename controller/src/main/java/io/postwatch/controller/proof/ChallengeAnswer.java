package io.postwatch.controller.proof;

import io.postwatch.controller.shared.id.AgentId;
import java.util.List;

/** What one agent found at the name that proves a domain. */
public sealed interface ChallengeAnswer {
    AgentId agent();

    /** Its resolvers answered; without a text where there is none, or no such name. */
    record Told(AgentId agent, List<String> texts) implements ChallengeAnswer {
        public Told {
            texts = List.copyOf(texts);
        }
    }

    /** No resolver answered in time, or only with a failure of its own. */
    record Unanswered(AgentId agent) implements ChallengeAnswer {}
}
