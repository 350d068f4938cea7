package io.postwatch.controller.gateway;

import io.postwatch.controller.assignment.login.LeaseAnswer;
import io.postwatch.controller.evaluation.Lane;
import io.postwatch.controller.gateway.gate.SessionEnd;
import io.postwatch.controller.liveness.AgentPeer;
import io.postwatch.controller.liveness.AgentSession;
import io.postwatch.controller.liveness.RecentLoad;

/**
 * What a session asks of the rest of the controller. Each method blocks its caller for as long as the database needs and
 * never throws because of it: what could not be done is an input like any other. All are called by the thread of the
 * session but two, which may wait for long and are called beside it: {@link #admit}, once, and
 * {@link #store(SessionEffect.Store, SessionEnd)}, once per lane at a time.
 */
interface SessionTasks {
    /**
     * Judges a hello: Admitted, Refused, StoreFailed, or WelcomeFailed where the session was opened all the same. It may
     * wait for its turn, for which it waits no longer than until the {@code end} of the session: an agent that is gone by
     * then is not judged, and PeerGone is the answer.
     */
    SessionInput admit(SessionEffect.Admit admit, AgentPeer peer, SessionEnd end);

    /** Tells the other modules that the session stands, once it can be reached. */
    void announce(AgentSession session);

    /** PlanRead or PlanUnreadable. */
    SessionInput readPlan(SessionEffect.ReadPlan read);

    /**
     * BatchDone once the batch is committed or refused; StoreFailed where nothing of it was stored. It may wait long for its
     * turn, for which it waits no longer than until the {@code end} of the session.
     */
    SessionInput store(SessionEffect.Store store, SessionEnd end);

    /**
     * Whether so much waits to be stored that a session of which a batch of this lane waits is to bring nothing more. Never
     * waits.
     */
    default boolean isCrowded(Lane lane) {
        return false;
    }

    void store(SessionEffect.StoreCertificates upload);

    void record(SessionEffect.RecordPulse pulse, RecentLoad recent);

    void record(SessionEffect.RecordApplied report);

    void record(SessionEffect.RecordOutcome effect);

    void record(SessionEffect.RecordTexts effect);
    /** Whether a run may log in. */
    LeaseAnswer lease(SessionEffect.AskLease ask);

    void giveBack(SessionEffect.ReturnLease returned);

    /** The session is over; nothing changes where a newer one took over. Whether the {@code agentWent} counts for it. */
    void close(AgentSession session, boolean agentWent);
}
