package io.postwatch.controller.enrolment;

import io.postwatch.controller.audit.Act;
import io.postwatch.controller.audit.Actor;
import io.postwatch.controller.audit.Audit;
import io.postwatch.controller.audit.AuditEntry;
import io.postwatch.controller.enrolment.AgentIdentities.Identity;
import io.postwatch.controller.fleet.AgentSessions;
import io.postwatch.controller.fleet.news.AgentLost;
import java.sql.Timestamp;
import java.time.InstantSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.ApplicationEventPublisher;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/**
 * Locks agents of which there are two copies: nobody can tell which of them is the one that is meant, so neither is let in
 * until an administrator has replaced or revoked the agent.
 */
@Component
public class Clones {
    private static final Logger LOG = LoggerFactory.getLogger(Clones.class);

    private final JdbcClient jdbc;
    private final Audit audit;
    private final InstantSource clock;
    private final AgentSessions sessions;
    private final ApplicationEventPublisher events;

    Clones(
            JdbcClient jdbc,
            Audit audit,
            InstantSource clock,
            AgentSessions sessions,
            ApplicationEventPublisher events) {
        this.jdbc = jdbc;
        this.audit = audit;
        this.clock = clock;
        this.sessions = sessions;
        this.events = events;
    }

    /** An agent that was locked. */
    public record LockedClone(Identity agent, CloneSign sign, String address, long epoch) {}

    /** Part of the caller's system transaction, which has locked the agent's row. {@code address}: of whom it was told by. */
    public LockedClone lock(Identity agent, CloneSign sign, String address) {
        Timestamp now = Timestamp.from(clock.instant());
        long epoch = jdbc.sql("""
                UPDATE agent SET cloned_at = ?, clone_sign = ?,
                    clone_addresses = ARRAY(
                        SELECT DISTINCT a FROM unnest(ARRAY[session_address, ?::text]) AS a WHERE a IS NOT NULL ORDER BY a),
                    session_id = NULL, session_controller = NULL, session_epoch = session_epoch + 1, ended_at = ?,
                    revision = revision + 1, updated_at = ?
                WHERE tenant_id = ? AND agent_id = ?
                RETURNING session_epoch
                """)
                .params(
                        now,
                        sign.code(),
                        address,
                        now,
                        now,
                        agent.tenant().value(),
                        agent.id().value())
                .query(Long.class)
                .single();
        audit.record(AuditEntry.by(
                        Actor.SYSTEM,
                        agent.tenant(),
                        Act.AGENT_CLONED,
                        agent.id().value(),
                        agent.agentName())
                .with("location", agent.locationName())
                .with("sign", sign.code())
                .from(address));
        return new LockedClone(agent, sign, address, epoch);
    }

    /** After the commit: ends the session that stands, and tells everybody. */
    public void tell(LockedClone locked) {
        Identity agent = locked.agent();
        LOG.warn(
                "Agent {} ({} of {}) is locked, because there are two copies of it: {}; the last one came from {}",
                agent.id(),
                agent.agentName(),
                agent.locationName(),
                locked.sign().sentence(),
                locked.address());
        sessions.ended(agent.id(), locked.epoch(), AgentSessions.Why.CLONED);
        events.publishEvent(new AgentLost(agent.tenant(), agent.id(), agent.location()));
    }
}
