package io.postwatch.controller.proof;

import io.postwatch.controller.shared.id.AgentId;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;

/** What the answers of several agents come to. No single agent, and no resolver near it, can prove or deny a domain. */
public enum ChallengeVerdict {
    /** The expected text is there. */
    PRESENT,
    /** It is not. */
    ABSENT,
    /** Too few answered, or they don't agree. */
    UNDECIDED;

    /** Of these, and of more than half of all that were asked. */
    static final int LEAST_AGENTS = 2;

    /**
     * Each agent counts once, however often it answered: with what it said last.
     *
     * @param expected the text that proves the domain, as it was shown
     */
    public static ChallengeVerdict of(String expected, Collection<ChallengeAnswer> answers) {
        Map<AgentId, ChallengeVerdict> votes = new HashMap<>();
        answers.forEach(answer -> votes.put(answer.agent(), vote(expected, answer)));
        if (agree(votes, PRESENT)) {
            return PRESENT;
        }
        return agree(votes, ABSENT) ? ABSENT : UNDECIDED;
    }

    /** What one agent says. */
    static ChallengeVerdict vote(String expected, ChallengeAnswer answer) {
        return switch (answer) {
            case ChallengeAnswer.Told(var _, var texts) ->
                texts.stream().anyMatch(text -> text.strip().equals(expected)) ? PRESENT : ABSENT;
            case ChallengeAnswer.Unanswered _ -> UNDECIDED;
        };
    }

    private static boolean agree(Map<AgentId, ChallengeVerdict> votes, ChallengeVerdict verdict) {
        long count = votes.values().stream().filter(verdict::equals).count();
        return count >= LEAST_AGENTS && 2 * count > votes.size();
    }
}
