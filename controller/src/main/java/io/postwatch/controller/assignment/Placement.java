package io.postwatch.controller.assignment;

import io.postwatch.controller.check.MonitorSettings;
import io.postwatch.controller.fleet.PlacedAgent;
import io.postwatch.controller.shared.AddressFamily;
import io.postwatch.controller.shared.AgentId;
import io.postwatch.controller.shared.Digests;
import io.postwatch.controller.shared.MonitorId;
import java.nio.ByteBuffer;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Which agent of a location runs a series of a monitor: rendezvous hashing over the agents that are connected and can do the work.
 * When one comes or goes only the monitors that it wins or held move. Where none is connected the last one keeps it: an
 * agent that the controller does not hear goes on probing.
 */
public final class Placement {
    private Placement() {}

    /** Of the agents of a location that are not revoked. */
    public static Optional<PlacedAgent> choose(
            MonitorId monitor,
            MonitorSettings settings,
            AddressFamily target,
            Collection<PlacedAgent> here,
            @Nullable AgentId current) {
        List<Candidate> candidates = here.stream()
                .map(agent -> new Candidate(agent.id(), agent.connected(), AgentAbilities.of(agent)))
                .toList();
        return choose(monitor, Needs.of(settings, target), candidates, current)
                .flatMap(id ->
                        here.stream().filter(agent -> agent.id().equals(id)).findFirst());
    }

    /** An agent of the location that is not revoked. */
    record Candidate(AgentId agent, boolean connected, AgentAbilities abilities) {}

    static Optional<AgentId> choose(
            MonitorId monitor, Needs needs, Collection<Candidate> candidates, @Nullable AgentId current) {
        Optional<AgentId> winner = candidates.stream()
                .filter(Candidate::connected)
                .filter(candidate -> candidate.abilities().cover(needs))
                .map(Candidate::agent)
                .max(Comparator.comparingLong((AgentId agent) -> weight(monitor.value(), agent.value()))
                        .thenComparing(AgentId::value));
        if (winner.isPresent()) {
            return winner;
        }
        return candidates.stream()
                .filter(candidate -> candidate.agent().equals(current))
                .filter(candidate -> candidate.abilities().cover(needs))
                .map(Candidate::agent)
                .findFirst();
    }

    private static long weight(UUID monitor, UUID agent) {
        return Digests.first8Bytes(ByteBuffer.allocate(32)
                .putLong(monitor.getMostSignificantBits())
                .putLong(monitor.getLeastSignificantBits())
                .putLong(agent.getMostSignificantBits())
                .putLong(agent.getLeastSignificantBits())
                .array());
    }
}
