package io.postwatch.controller.gateway;

import io.postwatch.controller.liveness.AgentSession;
import io.postwatch.controller.liveness.SessionLedger.Standing;
import io.postwatch.controller.shared.id.AgentId;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * Looks for sessions of a controller that go on though a newer one of their agent took their place: here, where the
 * registry holds the newer one, or elsewhere, as the database says. Two looks in a row are one too many.
 */
final class OvertakenSessions {

    private record Open(SessionCall call, SimulatedStream stream) {}

    private final List<Open> opened = new ArrayList<>();
    private Set<SessionCall> overtakenHere = Set.of();
    private Set<SessionCall> overtakenElsewhere = Set.of();

    void opened(SessionCall call, SimulatedStream stream) {
        opened.add(new Open(call, stream));
    }

    /** Those that the registry does not hold, and did not at the look before. */
    List<AgentSession> stillOpenHere(Collection<SessionCall> held) {
        opened.removeIf(open -> open.stream().isOver());
        Set<SessionCall> now = opened.stream()
                .map(Open::call)
                .filter(call -> call.session() != null && !held.contains(call))
                .collect(Collectors.toCollection(LinkedHashSet::new));
        List<AgentSession> twice = inBoth(overtakenHere, now);
        overtakenHere = now;
        return twice;
    }

    /** Those that the registry holds although the database has another session, now and at the look before. */
    List<AgentSession> stillHeld(Collection<SessionCall> held, List<Standing> standing) {
        Map<AgentId, Standing> byAgent =
                standing.stream().collect(Collectors.toMap(Standing::agent, Function.identity()));
        Set<SessionCall> now = new LinkedHashSet<>();
        for (SessionCall call : held) {
            AgentSession session = call.session();
            Standing known = session == null ? null : byAgent.get(session.agent());
            if (session != null && known != null && !session.id().equals(known.session())) {
                now.add(call);
            }
        }
        List<AgentSession> twice = inBoth(overtakenElsewhere, now);
        overtakenElsewhere = now;
        return twice;
    }

    private static List<AgentSession> inBoth(Set<SessionCall> before, Set<SessionCall> now) {
        return now.stream()
                .filter(before::contains)
                .map(SessionCall::session)
                .filter(java.util.Objects::nonNull)
                .toList();
    }
}
