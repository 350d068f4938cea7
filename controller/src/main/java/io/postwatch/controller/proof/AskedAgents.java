package io.postwatch.controller.proof;

import io.postwatch.controller.shared.id.AgentId;
import io.postwatch.controller.shared.id.LocationId;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.random.RandomGenerator;

/**
 * Which agents are asked: a few, at as many locations as there are, drawn anew each time, so that nobody knows before whose
 * resolvers it would take to fool. Pure, but for the draw.
 */
final class AskedAgents {
    /** One that lies and one that sees an older state of the DNS are outvoted. */
    static final int MOST = 5;

    private AskedAgents() {}

    /** An agent of a public location that is connected. */
    record Candidate(AgentId agent, LocationId location, String locationName) {}

    static List<Candidate> choose(Collection<Candidate> candidates, RandomGenerator random) {
        List<Candidate> drawn = new ArrayList<>(candidates);
        for (int i = drawn.size(); i > 1; i--) {
            Collections.swap(drawn, i - 1, random.nextInt(i));
        }
        Map<LocationId, Deque<Candidate>> byLocation = new LinkedHashMap<>();
        drawn.forEach(candidate -> byLocation
                .computeIfAbsent(candidate.location(), _ -> new ArrayDeque<>())
                .add(candidate));
        List<Candidate> chosen = new ArrayList<>();
        while (chosen.size() < MOST && !byLocation.isEmpty()) {
            byLocation.values().removeIf(Deque::isEmpty);
            for (Deque<Candidate> here : byLocation.values()) {
                if (chosen.size() < MOST && !here.isEmpty()) {
                    chosen.add(here.remove());
                }
            }
        }
        return chosen;
    }
}
