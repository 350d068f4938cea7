package io.postwatch.controller.assignment.placement;

import io.postwatch.controller.check.MonitorSettings;
import io.postwatch.controller.fleet.PlacedAgent;
import io.postwatch.controller.shared.AddressFamily;
import io.postwatch.controller.shared.Digests;
import io.postwatch.controller.shared.id.AgentId;
import io.postwatch.controller.shared.id.MonitorId;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Which agent of a location runs a series of a monitor: rendezvous hashing, weighted by capacity, over the agents that
 * are connected, not in maintenance, and can do the work. Each agent draws a number for each monitor, the highest wins: so
 * when one comes, goes or grows, only the monitors that it wins or held move. Where none can take it the last one keeps
 * it, since an agent that the controller does not hear goes on probing; unless it is in maintenance. Pure.
 */
public final class Placement {
    /** As many as a double tells apart. */
    private static final int DRAW_BITS = 52;

    private static final long HALF_OF_DRAWS = 1L << (DRAW_BITS - 1);

    private Placement() {}

    /** Of the agents of a location that are not revoked. */
    public static Optional<PlacedAgent> choose(
            MonitorId monitor,
            MonitorSettings settings,
            AddressFamily target,
            Collection<PlacedAgent> here,
            @Nullable AgentId current,
            Instant now) {
        List<Candidate> candidates = here.stream()
                .map(agent ->
                        new Candidate(agent.id(), standing(agent, now), agent.capacity(), AgentAbilities.of(agent)))
                .toList();
        return choose(monitor, Needs.of(settings, target), candidates, current)
                .flatMap(id ->
                        here.stream().filter(agent -> agent.id().equals(id)).findFirst());
    }

    private static Standing standing(PlacedAgent agent, Instant now) {
        if (agent.inMaintenance()) {
            return Standing.IN_MAINTENANCE;
        }
        if (!agent.connected()) {
            return Standing.SILENT;
        }
        return HoldDown.applies(agent.lostAt(), agent.connectedAt(), now) ? Standing.UNSETTLED : Standing.AT_WORK;
    }

    /** Whether an agent may be given something. */
    enum Standing {
        AT_WORK,
        /**
         * Connected, and lost too often lately: it keeps what it has, and gets more only where no able agent is at work;
         * there it draws as one that is, since of several such none is the better one.
         */
        UNSETTLED,
        /** Without a session: it keeps what it has where nobody else can take it. */
        SILENT,
        /** It loses what it has. */
        IN_MAINTENANCE
    }

    /**
     * An agent of the location that is not revoked.
     *
     * @param capacity its weight, at least 1: of two agents the one with twice the capacity gets twice the monitors
     */
    record Candidate(AgentId agent, Standing standing, int capacity, AgentAbilities abilities) {
        Candidate {
            if (capacity < 1) {
                throw new IllegalArgumentException("An agent without capacity can't be weighed");
            }
        }
    }

    static Optional<AgentId> choose(
            MonitorId monitor, Needs needs, Collection<Candidate> candidates, @Nullable AgentId current) {
        Optional<AgentId> chosen = chooseAble(monitor, needs, candidates, current);
        // Where nobody offers the secret, somebody who rejects it says so, which is read at the monitor.
        return needs.localSecret() == null
                ? chosen
                : chosen.or(() -> chooseAble(monitor, needs.withoutLocalSecret(), candidates, current));
    }

    private static Optional<AgentId> chooseAble(
            MonitorId monitor, Needs needs, Collection<Candidate> candidates, @Nullable AgentId current) {
        List<Candidate> able = candidates.stream()
                .filter(candidate -> candidate.abilities().cover(needs))
                .toList();
        boolean oneIsAtWork = able.stream().anyMatch(candidate -> candidate.standing() == Standing.AT_WORK);
        return winner(
                        monitor,
                        able,
                        candidate -> candidate.standing() == Standing.AT_WORK
                                || (candidate.standing() == Standing.UNSETTLED
                                        && (!oneIsAtWork || candidate.agent().equals(current))))
                .or(() -> kept(able, current));
    }

    private static Optional<AgentId> winner(
            MonitorId monitor, Collection<Candidate> able, Predicate<Candidate> mayTakeIt) {
        return able.stream()
                .filter(mayTakeIt)
                .max(Comparator.comparingDouble((Candidate candidate) -> draw(monitor, candidate))
                        .thenComparing(candidate -> candidate.agent().value()))
                .map(Candidate::agent);
    }

    /** Nobody can take it: it stays with one that is silent. */
    private static Optional<AgentId> kept(Collection<Candidate> able, @Nullable AgentId current) {
        return able.stream()
                .filter(candidate -> candidate.agent().equals(current))
                .filter(candidate -> candidate.standing() == Standing.SILENT)
                .map(Candidate::agent)
                .findFirst();
    }

    /**
     * ln(u) / capacity, u being evenly spread over (0, 1): the highest of such numbers is an agent's with the probability
     * of its part of all capacity (the logarithmic method of weighted rendezvous hashing). The same on every controller,
     * whatever machine it runs on.
     */
    private static double draw(MonitorId monitor, Candidate candidate) {
        long hash = hash(monitor.value(), candidate.agent().value()) >> (Long.SIZE - DRAW_BITS);
        double even = (hash + HALF_OF_DRAWS + 0.5) / (2.0 * HALF_OF_DRAWS);
        return StrictMath.log(even) / candidate.capacity();
    }

    private static long hash(UUID monitor, UUID agent) {
        return Digests.first8Bytes(ByteBuffer.allocate(32)
                .putLong(monitor.getMostSignificantBits())
                .putLong(monitor.getLeastSignificantBits())
                .putLong(agent.getMostSignificantBits())
                .putLong(agent.getLeastSignificantBits())
                .array());
    }
}
