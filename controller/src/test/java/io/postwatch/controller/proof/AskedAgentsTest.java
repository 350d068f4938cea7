package io.postwatch.controller.proof;

import static org.assertj.core.api.Assertions.assertThat;

import io.postwatch.controller.proof.AskedAgents.Candidate;
import io.postwatch.controller.shared.id.AgentId;
import io.postwatch.controller.shared.id.LocationId;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class AskedAgentsTest {

    @Test
    void nobodyIsThereNobodyIsAsked() {
        assertThat(AskedAgents.choose(List.of(), new Random(1))).isEmpty();
    }

    @Test
    void aFewAreAskedAtAsManyPlacesAsThereAre() {
        List<Candidate> candidates = new ArrayList<>(at(1, 20));
        candidates.addAll(at(2, 1));
        candidates.addAll(at(3, 1));
        for (int seed = 0; seed < 50; seed++) {
            List<Candidate> asked = AskedAgents.choose(candidates, new Random(seed));

            assertThat(asked).hasSize(AskedAgents.MOST).doesNotHaveDuplicates();
            assertThat(asked).extracting(Candidate::location).contains(place(1), place(2), place(3));
        }
    }

    @Test
    void ofManyPlacesOtherOnesEachTime() {
        List<Candidate> candidates = new ArrayList<>();
        for (int place = 0; place < 20; place++) {
            candidates.addAll(at(place, 2));
        }
        Set<AgentId> ever = new HashSet<>();
        for (int seed = 0; seed < 200; seed++) {
            List<Candidate> asked = AskedAgents.choose(candidates, new Random(seed));
            assertThat(asked)
                    .extracting(Candidate::location)
                    .hasSize(AskedAgents.MOST)
                    .doesNotHaveDuplicates();
            asked.forEach(candidate -> ever.add(candidate.agent()));
        }
        assertThat(ever).as("nobody is left out for ever").hasSize(40);
    }

    private static List<Candidate> at(int place, int agents) {
        List<Candidate> candidates = new ArrayList<>();
        for (int i = 0; i < agents; i++) {
            candidates.add(new Candidate(new AgentId(new UUID(place, i)), place(place), "Place " + place));
        }
        return candidates;
    }

    private static LocationId place(int number) {
        return new LocationId(new UUID(0, number));
    }
}
