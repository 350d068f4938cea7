package io.postwatch.controller.proof;

import static org.assertj.core.api.Assertions.assertThat;

import io.postwatch.controller.shared.id.AgentId;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ChallengeVerdictTest {
    private static final String TEXT = "postwatch-domain-verification=abc";

    /** Y: sees the text, N: sees none or another, -: gets no answer. */
    @ParameterizedTest
    @CsvSource(quoteCharacter = '"', textBlock = """
            "",     UNDECIDED
            Y,      UNDECIDED
            N,      UNDECIDED
            YY,     PRESENT
            NN,     ABSENT
            YN,     UNDECIDED
            YYN,    PRESENT
            YNN,    ABSENT
            YY-,    PRESENT
            Y--,    UNDECIDED
            YY--,   UNDECIDED
            YY---,  UNDECIDED
            YYY--,  PRESENT
            YYNN,   UNDECIDED
            --,     UNDECIDED
            """)
    void severalAgreeOrNothingIsDecided(String answers, ChallengeVerdict verdict) {
        List<ChallengeAnswer> told = new ArrayList<>();
        for (int i = 0; i < answers.length(); i++) {
            AgentId agent = new AgentId(new UUID(0, i));
            told.add(
                    switch (answers.charAt(i)) {
                        case 'Y' -> new ChallengeAnswer.Told(agent, List.of("v=spf1 -all", " " + TEXT + " "));
                        case 'N' -> new ChallengeAnswer.Told(agent, i % 2 == 0 ? List.of() : List.of(TEXT + "d"));
                        default -> new ChallengeAnswer.Unanswered(agent);
                    });
        }

        assertThat(ChallengeVerdict.of(TEXT, told)).isEqualTo(verdict);
    }

    @Test
    void oneAgentCountsOnceHoweverOftenItAnswers() {
        AgentId agent = new AgentId(new UUID(0, 1));
        ChallengeAnswer seen = new ChallengeAnswer.Told(agent, List.of(TEXT));

        assertThat(ChallengeVerdict.of(TEXT, List.of(seen, seen, seen))).isEqualTo(ChallengeVerdict.UNDECIDED);
    }
}
