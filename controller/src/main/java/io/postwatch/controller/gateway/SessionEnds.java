package io.postwatch.controller.gateway;

import io.postwatch.controller.liveness.AgentSession;
import io.postwatch.controller.liveness.SessionLedger;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.DisposableBean;
import org.springframework.dao.DataAccessException;
import org.springframework.stereotype.Component;
import org.springframework.transaction.TransactionException;

/**
 * Writes that sessions are over. Until that is written their agents count as connected, and nobody takes over what they
 * run; so an end that the database did not take is tried again after 1, 2, 4 and 8 s, by a thread that does nothing else.
 * What fails throughout, or is too much to wait here, is found as abandoned a minute later. Safe for all threads.
 */
@Component
class SessionEnds implements DisposableBean {
    private static final Logger LOG = LoggerFactory.getLogger(SessionEnds.class);
    private static final List<Duration> PAUSES =
            List.of(Duration.ofSeconds(1), Duration.ofSeconds(2), Duration.ofSeconds(4), Duration.ofSeconds(8));
    /** All sessions of a large controller. */
    private static final int MOST_WAITING = 10_000;

    private final SessionLedger ledger;
    private final ScheduledThreadPoolExecutor again;

    SessionEnds(SessionLedger ledger) {
        this.ledger = ledger;
        this.again = new ScheduledThreadPoolExecutor(
                1, Thread.ofPlatform().name("session-ends").daemon().factory());
        // Of those that are planned for later, none is written when the controller stops.
        again.setExecuteExistingDelayedTasksAfterShutdownPolicy(false);
    }

    /**
     * Waits for the first try.
     *
     * @param agentWent whether it ended because the agent went or fell silent
     */
    void write(AgentSession session, boolean agentWent) {
        write(session, agentWent, 0);
    }

    private void write(AgentSession session, boolean agentWent, int failures) {
        try {
            boolean lost = ledger.close(session, agentWent);
            LOG.info("Agent {} is gone, epoch {}{}", session.agent(), session.epoch(), lost ? "" : " (overtaken)");
        } catch (DataAccessException | TransactionException e) {
            if (failures == 0) {
                LOG.warn("The end of a session of agent {} was not written", session.agent(), e);
            }
            tryAgain(session, agentWent, failures + 1);
        }
    }

    private void tryAgain(AgentSession session, boolean agentWent, int failures) {
        if (failures > PAUSES.size() || again.getQueue().size() >= MOST_WAITING) {
            LOG.debug("The end of a session of agent {} is left to be found", session.agent());
            return;
        }
        try {
            Future<?> _ = again.schedule(
                    () -> write(session, agentWent, failures),
                    PAUSES.get(failures - 1).toNanos(),
                    TimeUnit.NANOSECONDS);
        } catch (RejectedExecutionException stopping) {
            LOG.debug("The end of a session of agent {} comes when the controller stops", session.agent(), stopping);
        }
    }

    /** At the end of the controller, whose agents have their minute to come elsewhere. */
    @Override
    public void destroy() {
        again.shutdownNow();
    }
}
