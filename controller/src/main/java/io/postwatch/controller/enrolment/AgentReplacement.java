package io.postwatch.controller.enrolment;

import io.postwatch.controller.audit.Act;
import io.postwatch.controller.audit.Actor;
import io.postwatch.controller.audit.Audit;
import io.postwatch.controller.audit.AuditEntry;
import io.postwatch.controller.enrolment.AgentIdentities.Identity;
import io.postwatch.controller.enrolment.FormerKeys.FormerKey;
import io.postwatch.controller.fleet.AgentSessions;
import io.postwatch.controller.fleet.KeyFingerprint;
import io.postwatch.controller.fleet.news.AgentEnrolled;
import io.postwatch.controller.fleet.news.AgentLost;
import java.security.PublicKey;
import java.sql.Timestamp;
import java.time.Instant;
import java.time.InstantSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.ApplicationEventPublisher;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/**
 * Puts a new host in the place of a lost one: the agent keeps its id, name, history and checks, and everything that the
 * old host had proven itself with is the newcomer's from one transaction on.
 */
@Component
class AgentReplacement {
    private static final Logger LOG = LoggerFactory.getLogger(AgentReplacement.class);

    private final JdbcClient jdbc;
    private final AgentIdentities identities;
    private final FormerKeys formerKeys;
    private final AgentSessions sessions;
    private final Audit audit;
    private final InstantSource clock;
    private final ApplicationEventPublisher events;

    AgentReplacement(
            JdbcClient jdbc,
            AgentIdentities identities,
            FormerKeys formerKeys,
            AgentSessions sessions,
            Audit audit,
            InstantSource clock,
            ApplicationEventPublisher events) {
        this.jdbc = jdbc;
        this.identities = identities;
        this.formerKeys = formerKeys;
        this.sessions = sessions;
        this.audit = audit;
        this.clock = clock;
        this.events = events;
    }

    /** An agent with its new host. Sessions below the epoch are the old one's. */
    record Replaced(Identity agent, IssuedCertificate certificate, long epoch) {}

    /**
     * Part of the caller's system transaction, which has locked the agent's row. Raising the epoch fences what the old
     * host's session still sends; raising the wanted revision has everything sealed to the new key.
     *
     * @param token the beginning of the one that the newcomer brought, as lists show it
     */
    Replaced replace(Identity agent, String token, IdentityKey key, PublicKey tlsKey, Enrolment.Application newcomer) {
        Instant now = clock.instant();
        Timestamp at = Timestamp.from(now);
        formerKeys.insert(new FormerKey(agent.tenant(), agent.id(), agent.key(), now));
        jdbc.sql("UPDATE agent_directory SET identity_key_hash = ? WHERE agent_id = ?")
                .params(key.hash(), agent.id().value())
                .update();
        IssuedCertificate certificate = identities.sign(agent.tenant(), agent.id(), tlsKey, 1);
        long epoch = jdbc.sql("""
                UPDATE agent SET identity_key = ?, sealing_key = ?, version = ?, current_serial = NULL,
                    current_not_after = NULL, current_generation = 0, current_tls_key = NULL, generation_since = NULL,
                    next_serial = ?, next_not_after = ?, next_generation = ?, next_tls_key = ?, session_id = NULL,
                    session_controller = NULL, session_epoch = session_epoch + 1, session_boot = NULL,
                    session_attempt = 0, session_address = NULL, boots = '{}', boot_attempts = '{}', boot_returns = '{}',
                    boot_stays = '{}', boot_until = '{}',
                    cloned_at = NULL, clone_sign = NULL, clone_addresses = '{}', lost_at = '{}', expired_renewals = 0,
                    ahead_renewals = 0, wanted_revision = wanted_revision + 1, applied_revision = 0, applied_hash = '',
                    seal_anew = true, replaced_at = ?, ended_at = ?, revision = revision + 1, updated_at = ?
                WHERE tenant_id = ? AND agent_id = ?
                RETURNING session_epoch
                """)
                .params(
                        key.bytes(),
                        newcomer.sealingKey().toArray(),
                        AgentIdentities.bounded(newcomer.version()),
                        certificate.serial().toString(16),
                        Timestamp.from(certificate.notAfter()),
                        certificate.generation(),
                        certificate.tlsKey().toArray(),
                        at,
                        at,
                        at,
                        agent.tenant().value(),
                        agent.id().value())
                .query(Long.class)
                .single();
        audit.record(AuditEntry.by(
                        Actor.agent(agent.id(), agent.agentName()),
                        agent.tenant(),
                        Act.AGENT_REPLACED,
                        agent.id().value(),
                        agent.agentName())
                .with("location", agent.locationName())
                .with("fingerprint", KeyFingerprint.of(key.bytes()))
                .with("fingerprintBefore", KeyFingerprint.of(agent.key().bytes()))
                .with("token", token)
                .from(newcomer.address()));
        return new Replaced(agent, certificate, epoch);
    }

    /** After the commit: ends the session of the old host, and tells everybody. */
    void tell(Replaced replaced) {
        Identity agent = replaced.agent();
        LOG.info("Agent {} ({} of {}) has a new host", agent.id(), agent.agentName(), agent.locationName());
        sessions.ended(agent.id(), replaced.epoch(), AgentSessions.Why.REPLACED);
        events.publishEvent(new AgentLost(agent.tenant(), agent.id(), agent.location()));
        events.publishEvent(new AgentEnrolled(agent.tenant(), agent.id(), agent.location()));
    }
}
