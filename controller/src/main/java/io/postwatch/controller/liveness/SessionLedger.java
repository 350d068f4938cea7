package io.postwatch.controller.liveness;

import io.postwatch.controller.enrolment.AgentIdentities;
import io.postwatch.controller.enrolment.AgentIdentities.Identity;
import io.postwatch.controller.enrolment.Clones;
import io.postwatch.controller.enrolment.Clones.LockedClone;
import io.postwatch.controller.enrolment.ControllerClocks;
import io.postwatch.controller.enrolment.FormerKeys;
import io.postwatch.controller.enrolment.Lockout;
import io.postwatch.controller.fleet.news.AgentConnected;
import io.postwatch.controller.fleet.news.AgentLost;
import io.postwatch.controller.liveness.HelloJudgement.Times;
import io.postwatch.controller.liveness.HelloJudgement.Verdict;
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
    /** Together longer than a controller that has stopped inside a transaction can hold a lock. */
    private static final int CLOSE_ATTEMPTS = 4;

    private final SystemTransactions transactions;
    private final JdbcClient jdbc;
    private final AgentIdentities identities;
    private final FormerKeys formerKeys;
    private final Clones clones;
    private final ControllerClocks clocks;
    private final ControllerId controller;
    private final IdSource ids;
    private final InstantSource clock;
    private final ApplicationEventPublisher events;

    SessionLedger(
            SystemTransactions transactions,
            JdbcClient jdbc,
            AgentIdentities identities,
            FormerKeys formerKeys,
            Clones clones,
            ControllerClocks clocks,
            ControllerId controller,
            IdSource ids,
            InstantSource clock,
            ApplicationEventPublisher events) {
        this.transactions = transactions;
        this.jdbc = jdbc;
        this.identities = identities;
        this.formerKeys = formerKeys;
        this.clones = clones;
        this.clocks = clocks;
        this.controller = controller;
        this.ids = ids;
        this.clock = clock;
        this.events = events;
    }

    private record Outcome(Admission admission, @Nullable LockedClone locked) {}

    /** Lets an agent in or says why not. The session is the one that counts from now on. */
    public Admission open(SessionRequest request) {
        Outcome outcome = transactions.call(() -> identities
                .lockById(request.claimed())
                .map(identity -> open(request, identity))
                .orElseGet(() -> new Outcome(refused("This agent is not known here; enrol it again"), null)));
        if (outcome.locked() != null) {
            clones.tell(outcome.locked());
        }
        return outcome.admission();
    }

    private Outcome open(SessionRequest request, Identity identity) {
        Times times = new Times(clocks.provable(request.peer().challengedAt()), clock.instant());
        return switch (HelloJudgement.judge(request, identity, SessionRows.last(jdbc, identity), times)) {
            case Verdict.LetIn(var promote, var boots) -> {
                if (promote) {
                    identities.promoteNextCertificate(identity, request.peer().certificate());
                }
                yield new Outcome(letIn(request, identity, boots), null);
            }
            case Verdict.Refuse(var reason, var message) -> new Outcome(new Admission.Refused(reason, message), null);
            case Verdict.Unproven() -> new Outcome(unproven(request, identity), null);
            case Verdict.Copies(var sign) ->
                new Outcome(
                        new Admission.Refused(Admission.Reason.CLONED, Lockout.CLONED.sentence()),
                        clones.lock(identity, sign, request.peer().address()));
        };
    }

    /** Perhaps by the host whose place another one has taken. */
    private Admission unproven(SessionRequest request, Identity identity) {
        return formerKeys.of(request.claimed()).stream()
                .filter(former -> HelloJudgement.isSigned(request, former.key()))
                .findFirst()
                .<Admission>map(former -> {
                    formerKeys.came(former, identity.agentName(), request.peer().address());
                    return new Admission.Refused(Admission.Reason.REPLACED, former.sentence());
                })
                .orElseGet(() -> refused("The hello is not signed by this agent's identity key"));
    }

    private Admission letIn(SessionRequest request, Identity identity, BootHistory boots) {
        UUID session = ids.next();
        return SessionRows.begin(jdbc, controller, request, identity, session, boots, clock.instant())
                .<Admission>map(begun -> new Admission.Admitted(
                        new AgentSession(identity.tenant(), identity.id(), identity.location(), session, begun.epoch()),
                        identity.agentName(),
                        identity.locationName(),
                        begun.sealAnew()))
                .orElseGet(() -> new Admission.Refused(
                        Admission.Reason.OVERTAKEN, "A later session of this agent stands already"));
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

    /** What the database says of the agent of a session. {@code lockout}: why it may have none; null where it may. */
    public record Standing(
            AgentId agent,
            long epoch,
            @Nullable UUID session,
            @Nullable Lockout lockout,
            long wantedRevision,
            long appliedRevision) {}

    /** Of the agents of these sessions, those that still exist. */
    public List<Standing> standing(Collection<AgentSession> held) {
        if (held.isEmpty()) {
            return List.of();
        }
        return transactions.call(() -> jdbc.sql("""
                SELECT a.agent_id, a.session_epoch, a.session_id,
                    a.revoked_at, a.refused_at, a.cloned_at, a.awaiting_approval_since, a.wanted_revision,
                    a.applied_revision
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
                        AgentIdentities.lockout(row),
                        row.getLong("wanted_revision"),
                        row.getLong("applied_revision")))
                .list());
    }

    /**
     * An agent whose session was ended from outside.
     *
     * @param epoch sessions with a smaller one are over
     * @param lockout why it may have none; null where another host has taken its place
     */
    public record Ended(AgentId agent, long epoch, @Nullable Lockout lockout) {}

    /** Those of the last while; nearly always none, and then it costs next to nothing. */
    public List<Ended> endedWithin(Duration time) {
        Timestamp since = Timestamp.from(clock.instant().minus(time));
        return transactions.call(() -> jdbc.sql("""
                SELECT agent_id, session_epoch, session_id, revoked_at, refused_at, cloned_at, awaiting_approval_since
                FROM agent WHERE ended_at > ?
                """)
                .param(since)
                .query((row, n) -> new Ended(
                        new AgentId(row.getObject("agent_id", UUID.class)),
                        row.getLong("session_epoch"),
                        AgentIdentities.lockout(row)))
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
}
