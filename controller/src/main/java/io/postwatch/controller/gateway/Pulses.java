package io.postwatch.controller.gateway;

import io.postwatch.controller.liveness.AgentPulse;
import io.postwatch.controller.liveness.SessionLedger;
import io.postwatch.controller.shared.id.AgentId;
import java.util.HashMap;
import java.util.Map;
import org.springframework.stereotype.Component;

/** The last heartbeat of each agent, kept in memory until all are written by one statement. Safe for all threads. */
@Component
class Pulses {
    private final SessionLedger ledger;
    private Map<AgentId, AgentPulse> unwritten = new HashMap<>();

    Pulses(SessionLedger ledger) {
        this.ledger = ledger;
    }

    synchronized void put(AgentPulse pulse) {
        unwritten.put(pulse.session().agent(), pulse);
    }

    void write() {
        Map<AgentId, AgentPulse> taken;
        synchronized (this) {
            taken = unwritten;
            unwritten = new HashMap<>();
        }
        ledger.record(taken.values());
    }
}
