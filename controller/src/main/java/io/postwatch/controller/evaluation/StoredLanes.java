package io.postwatch.controller.evaluation;

import io.postwatch.controller.liveness.AgentSession;
import java.util.Map;
import java.util.UUID;

/** How far the lanes of an agent's spool are stored, as a session of it was told. Lanes that never had a record are absent. */
public record StoredLanes(AgentSession session, UUID spool, Map<Lane, Long> through) {
    public StoredLanes {
        through = Map.copyOf(through);
    }
}
