package io.postwatch.controller.liveness;

import io.postwatch.controller.scope.SystemTransactions;
import io.postwatch.controller.shared.NanoTicker;
import java.time.Duration;
import java.util.Set;
import java.util.UUID;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.scheduling.annotation.Scheduled;
import org.springframework.stereotype.Component;

/**
 * Ends the sessions of dead controllers. One whose lease has run out is dead, and its agents get a minute to come to
 * another before they are taken as lost. The minute counts from when this controller saw it, and only while it could look,
 * so that time in which all controllers or the database were down doesn't count.
 */
@Component
class OrphanedSessions {
    private static final Logger LOG = LoggerFactory.getLogger(OrphanedSessions.class);
    /** Leases that ran out are kept as long as their sessions could matter. */
    private static final Duration KEPT = Duration.ofHours(1);

    private final SystemTransactions transactions;
    private final JdbcClient jdbc;
    private final SessionLedger sessions;
    private final NanoTicker ticker;
    /** Of the thread that looks. */
    private DeadControllers deadControllers = DeadControllers.NONE;

    OrphanedSessions(SystemTransactions transactions, JdbcClient jdbc, SessionLedger sessions, NanoTicker ticker) {
        this.transactions = transactions;
        this.jdbc = jdbc;
        this.sessions = sessions;
        this.ticker = ticker;
    }

    /** By one thread. */
    @Scheduled(fixedDelayString = "PT5S")
    void lookInTime() {
        try {
            look();
        } catch (RuntimeException e) {
            LOG.warn("Sessions of dead controllers could not be looked for; the next look comes in seconds", e);
        }
    }

    void look() {
        Set<UUID> dead = transactions.call(() -> {
            jdbc.sql("DELETE FROM controller_lease"
                            + " WHERE lease_until < transaction_timestamp() - make_interval(secs => ?)")
                    .param((double) KEPT.toSeconds())
                    .update();
            return jdbc.sql("""
                    SELECT DISTINCT session_controller FROM agent WHERE session_controller IS NOT NULL
                        AND session_controller NOT IN (
                            SELECT controller_id FROM controller_lease WHERE lease_until > transaction_timestamp())
                    """).query(UUID.class).set();
        });
        deadControllers = deadControllers.seen(dead, ticker.nanos());
        sessions.closeSessionsOf(deadControllers.overdue());
    }
}
