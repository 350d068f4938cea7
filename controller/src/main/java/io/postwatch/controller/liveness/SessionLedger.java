package io.postwatch.controller.liveness;

import io.postwatch.controller.enrolment.AgentIdentities;
import io.postwatch.controller.enrolment.AgentIdentities.Identity;
import io.postwatch.controller.fleet.news.AgentConnected;
import io.postwatch.controller.fleet.news.AgentLost;
import io.postwatch.controller.scope.SqlStates;
import io.postwatch.controller.scope.SystemTransactions;
import io.postwatch.controller.shared.Bytes;
import io.postwatch.controller.shared.id.AgentId;
import io.postwatch.controller.shared.id.ControllerId;
import io.postwatch.controller.shared.id.IdSource;
import io.postwatch.controller.shared.id.LocationId;
import io.postwatch.controller.shared.id.TenantId;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.context.ApplicationEventPublisher;
import org.springframework.dao.DataAccessException;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/**
 * Who has a session, in the database. Each session gets an epoch greater than all before it of the same agent; whatever a
 * session writes names its epoch, so that one that was overtaken changes nothing. Safe for all threads.
 */
@Component
public class SessionLedger {
    private static final int SEALING_KEY_BYTES = 32;
    private static final int BOOT_ID_BYTES = 16;
    private static final int MAX_TEXT = 255;
    /** Together longer than a controller that has stopped inside a transaction can hold a lock. */
    private static final int CLOSE_ATTEMPTS = 4;

    private final SystemTransactions transactions;
    private final JdbcClient jdbc;
    private final AgentIdentities identities;
    private final ControllerId controller;
    private final IdSource ids;
    private final InstantSource clock;
    private final ApplicationEventPublisher events;

    SessionLedger(
            SystemTransactions transactions,
            JdbcClient jdbc,
            AgentIdentities identities,
            ControllerId controller,
            IdSource ids,
            InstantSource clock,
            ApplicationEventPublisher events) {
        this.transactions = transactions;
        this.jdbc = jdbc;
        this.identities = identities;
        this.controller = controller;
        this.ids = ids;
        this.clock = clock;
        this.events = events;
    }

    /** Lets an agent in or says why not. The session is the one that counts from now on. */
    public Admission open(SessionRequest request) {
        return transactions.call(() -> identities
                .findById(request.claimed())
                .map(identity -> open(request, identity))
                .orElseGet(() -> refused("This agent is not known here; enrol it again")));
    }

    private Admission open(SessionRequest request, Identity identity) {
        String serial = request.certificate().serial().toString(16);
        if (!request.certificate().agent().equals(request.claimed())) {
            return refused("The client certificate is another agent's");
        }
        if (identity.revoked()) {
            return new Admission.Refused(Admission.Reason.REVOKED, "This agent was revoked");
        }
        boolean next = serial.equals(identity.nextSerial());
        if (!next && !serial.equals(identity.currentSerial())) {
            return refused("The client certificate was replaced by a newer one; renew it");
        }
        if (request.sealingKey().size() != SEALING_KEY_BYTES
                || request.bootId().size() != BOOT_ID_BYTES
                || !identity.key()
                        .signed(
                                request.signature().toArray(),
                                "postwatch-hello-v1",
                                request.nonce().toArray(),
                                Bytes.of(request.claimed().value()).toArray(),
                                request.sealingKey().toArray(),
                                request.bootId().toArray())) {
            return refused("The hello is not signed by this agent's identity key");
        }
        if (next) {
            identities.promoteNextCertificate(identity, serial);
        }
        UUID session = ids.next();
        return write(request, identity, session)
                .<Admission>map(written -> new Admission.Admitted(
                        new AgentSession(
                                identity.tenant(), identity.id(), identity.location(), session, written.epoch()),
                        identity.agentName(),
                        identity.locationName(),
                        written.sealAnew()))
                .orElseGet(() -> isRevoked(identity)
                        ? new Admission.Refused(Admission.Reason.REVOKED, "This agent was revoked")
                        : new Admission.Refused(
                                Admission.Reason.OVERTAKEN, "A later session of this agent stands already"));
    }

    private boolean isRevoked(Identity identity) {
        return jdbc.sql("SELECT revoked_at IS NOT NULL FROM agent WHERE tenant_id = ? AND agent_id = ?")
                .params(identity.tenant().value(), identity.id().value())
                .query(Boolean.class)
                .optional()
                .orElse(true);
    }

    /**
     * The row of a session that stands.
     *
     * @param sealAnew the agent's sealing key is new, or was at an earlier hello and nothing was applied since
     */
    private record Written(long epoch, boolean sealAnew) {}

    /**
     * Nothing where the agent was revoked meanwhile, or where this hello is older than that of the session that stands: it
     * was under way for so long, in a controller that hung, that its agent has come again since.
     */
    private Optional<Written> write(SessionRequest request, Identity identity, UUID session) {
        AgentFacts facts = request.facts();
        Timestamp now = Timestamp.from(clock.instant());
        return jdbc.sql("""
                UPDATE agent SET session_id = ?, session_epoch = session_epoch + 1, session_controller = ?,
                    session_boot = ?, session_attempt = ?, connected_at = ?, last_seen_at = ?,
                    seal_anew = seal_anew OR sealing_key <> ?, sealing_key = ?, version = ?, hostname = ?, os = ?, arch = ?,
                    ipv4 = ?, ipv6 = ?, check_types = ?, auth_mechanisms = ?, max_runs_per_second = ?,
                    clock_offset_millis = ?, runs_per_minute = 0, schedule_lag_micros = 0, skipped_last_minute = 0,
                    skipped_in_session = 0, updated_at = ?
                WHERE tenant_id = ? AND agent_id = ? AND revoked_at IS NULL
                    AND (session_id IS NULL OR session_boot IS DISTINCT FROM ? OR session_attempt <= ?)
                RETURNING session_epoch, seal_anew
                """)
                .params(
                        session,
                        controller.value(),
                        request.bootId().toArray(),
                        request.attempt(),
                        now,
                        now,
                        request.sealingKey().toArray(),
                        request.sealingKey().toArray(),
                        bounded(facts.version()),
                        bounded(facts.hostname()),
                        bounded(facts.os()),
                        bounded(facts.arch()),
                        facts.ipv4(),
                        facts.ipv6(),
                        facts.types().stream().map(Enum::name).toArray(String[]::new),
                        facts.mechanisms().stream().map(Enum::name).toArray(String[]::new),
                        facts.maxRunsPerSecond(),
                        request.clockOffset().toMillis(),
                        now,
                        identity.tenant().value(),
                        identity.id().value(),
                        request.bootId().toArray(),
                        request.attempt())
                .query((row, n) -> new Written(row.getLong("session_epoch"), row.getBoolean("seal_anew")))
                .optional();
    }

    /** Tells that the session stands, after it can be reached: what hears of it may push to the agent at once. */
    public void announce(AgentSession session) {
        events.publishEvent(new AgentConnected(session.tenant(), session.agent(), session.location()));
    }

    /**
     * Ends a session. Nothing changes where a newer one took over; then it answers false.
     *
     * @param agentWent whether it ended because the agent went or fell silent: only that is counted among its losses
     */
    public boolean close(AgentSession session, boolean agentWent) {
        boolean closed = writeEnd(session, agentWent, 1);
        if (closed) {
            events.publishEvent(new AgentLost(session.tenant(), session.agent(), session.location()));
        }
        return closed;
    }

    /** Nobody else writes this end for a minute, so it waits for a lock longer than others do. */
    private boolean writeEnd(AgentSession session, boolean agentWent, int attempt) {
        Timestamp now = Timestamp.from(clock.instant());
        try {
            return transactions.call(() -> jdbc.sql("""
                    UPDATE agent SET session_id = NULL, session_controller = NULL, updated_at = ?,
                        lost_at = CASE WHEN ? THEN (array_prepend(?::timestamptz, lost_at))[1:3] ELSE lost_at END
                    WHERE tenant_id = ? AND agent_id = ? AND session_id = ? AND session_epoch = ?
                    """)
                            .params(
                                    now,
                                    agentWent,
                                    now,
                                    session.tenant().value(),
                                    session.agent().value(),
                                    session.id(),
                                    session.epoch())
                            .update()
                    == 1);
        } catch (DataAccessException e) {
            if (attempt == CLOSE_ATTEMPTS || !SqlStates.of(e).equals(SqlStates.LOCK_NOT_AVAILABLE)) {
                throw e;
            }
        }
        return writeEnd(session, agentWent, attempt + 1);
    }

    /** Writes what the last heartbeats told, in one statement for all. */
    public void record(Collection<AgentPulse> pulses) {
        if (pulses.isEmpty()) {
            return;
        }
        transactions.run(() -> PulseRows.write(jdbc, List.copyOf(pulses), clock.instant()));
    }

    /** How far an agent is. Part of the caller's system transaction; nothing changes for a session that was overtaken. */
    public boolean applied(AgentSession session, long revision, Bytes hash) {
        return jdbc.sql("""
                UPDATE agent SET applied_revision = ?, applied_hash = ?, seal_anew = false
                WHERE tenant_id = ? AND agent_id = ? AND session_epoch = ?
                """)
                        .params(
                                revision,
                                hash.toArray(),
                                session.tenant().value(),
                                session.agent().value(),
                                session.epoch())
                        .update()
                == 1;
    }

    /** What the database says of the agent of a session. */
    public record Standing(
            AgentId agent,
            long epoch,
            @Nullable UUID session,
            boolean revoked,
            long wantedRevision,
            long appliedRevision) {}

    /** Of the agents of these sessions, those that still exist. */
    public List<Standing> standing(Collection<AgentSession> held) {
        if (held.isEmpty()) {
            return List.of();
        }
        return transactions.call(() -> jdbc.sql("""
                SELECT a.agent_id, a.session_epoch, a.session_id,
                    a.revoked_at IS NOT NULL AS revoked, a.wanted_revision, a.applied_revision
                FROM unnest(?::uuid[], ?::uuid[]) AS h (tenant_id, agent_id)
                JOIN agent a ON a.tenant_id = h.tenant_id AND a.agent_id = h.agent_id
                """)
                .params(
                        held.stream().map(s -> s.tenant().value()).toArray(UUID[]::new),
                        held.stream().map(s -> s.agent().value()).toArray(UUID[]::new))
                .query((row, n) -> new Standing(
                        new AgentId(row.getObject("agent_id", UUID.class)),
                        row.getLong("session_epoch"),
                        row.getObject("session_id", UUID.class),
                        row.getBoolean("revoked"),
                        row.getLong("wanted_revision"),
                        row.getLong("applied_revision")))
                .list());
    }

    /** An agent that has not said that it runs what it is to run. */
    public record Behind(AgentId agent, UUID session, long wantedRevision) {}

    /** Of the agents with a session of this controller. Nearly always none, and then it costs next to nothing. */
    public List<Behind> behind() {
        return transactions.call(() -> jdbc.sql("""
                SELECT agent_id, session_id, wanted_revision FROM agent
                WHERE session_controller = ? AND session_id IS NOT NULL AND wanted_revision <> applied_revision
                """)
                .param(controller.value())
                .query((row, n) -> new Behind(
                        new AgentId(row.getObject("agent_id", UUID.class)),
                        row.getObject("session_id", UUID.class),
                        row.getLong("wanted_revision")))
                .list());
    }

    /** Ends the sessions of controllers that are not among the living, unless one has a lease again, and tells of each. */
    void closeSessionsOf(Collection<UUID> dead) {
        if (dead.isEmpty()) {
            return;
        }
        Timestamp now = Timestamp.from(clock.instant());
        tell(transactions.call(() -> jdbc.sql("""
                WITH orphaned AS MATERIALIZED (
                    SELECT tenant_id, agent_id FROM agent
                    WHERE session_controller = ANY (?) AND session_controller NOT IN (
                        SELECT controller_id FROM controller_lease WHERE lease_until > transaction_timestamp())
                    ORDER BY agent_id FOR NO KEY UPDATE)
                UPDATE agent a SET session_id = NULL, session_controller = NULL, updated_at = ?
                FROM orphaned o WHERE a.tenant_id = o.tenant_id AND a.agent_id = o.agent_id
                RETURNING a.tenant_id, a.agent_id, a.location_id
                """)
                .params(dead.toArray(UUID[]::new), now)
                .query(SessionLedger::lost)
                .list()));
    }

    /**
     * Ends the sessions that the database ascribes to this controller, that are not among those it holds, and of which
     * nothing was heard for so long; and tells of each. Their end could not be written when it came. One that was heard in
     * the future, by a clock that has been set back since, was heard long ago.
     */
    public int closeAbandoned(Collection<AgentSession> held, Duration silence) {
        Instant now = clock.instant();
        List<AgentLost> lost = transactions.call(() -> jdbc.sql("""
                WITH abandoned AS MATERIALIZED (
                    SELECT a.tenant_id, a.agent_id FROM agent a
                    WHERE a.session_controller = ? AND (a.last_seen_at < ? OR a.last_seen_at > ?)
                        AND NOT EXISTS (
                            SELECT FROM unnest(?::uuid[], ?::bigint[]) AS h (agent_id, epoch)
                            WHERE h.agent_id = a.agent_id AND h.epoch = a.session_epoch)
                    ORDER BY a.agent_id FOR NO KEY UPDATE OF a)
                UPDATE agent a SET session_id = NULL, session_controller = NULL, updated_at = ?
                FROM abandoned o WHERE a.tenant_id = o.tenant_id AND a.agent_id = o.agent_id
                RETURNING a.tenant_id, a.agent_id, a.location_id
                """)
                .params(
                        controller.value(),
                        Timestamp.from(now.minus(silence)),
                        Timestamp.from(now.plus(silence)),
                        held.stream().map(session -> session.agent().value()).toArray(UUID[]::new),
                        held.stream().map(AgentSession::epoch).toArray(Long[]::new),
                        Timestamp.from(now))
                .query(SessionLedger::lost)
                .list());
        tell(lost);
        return lost.size();
    }

    private static AgentLost lost(ResultSet row, int number) throws SQLException {
        return new AgentLost(
                new TenantId(row.getObject("tenant_id", UUID.class)),
                new AgentId(row.getObject("agent_id", UUID.class)),
                new LocationId(row.getObject("location_id", UUID.class)));
    }

    /** After the commit. */
    private void tell(List<AgentLost> lost) {
        lost.forEach(events::publishEvent);
    }

    private static Admission refused(String message) {
        return new Admission.Refused(Admission.Reason.NOT_IDENTIFIED, message);
    }

    private static String bounded(String text) {
        String clean = text.replaceAll("\\p{Cntrl}", "");
        if (clean.length() <= MAX_TEXT) {
            return clean;
        }
        // Half a character can't be stored.
        return clean.substring(0, Character.isHighSurrogate(clean.charAt(MAX_TEXT - 1)) ? MAX_TEXT - 1 : MAX_TEXT);
    }
}
