package io.postwatch.controller.liveness;

import io.postwatch.controller.scope.SystemTransactions;
import io.postwatch.controller.shared.NanoTicker;
import io.postwatch.controller.shared.id.ControllerId;
import java.time.Duration;
import java.util.Set;
import java.util.UUID;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.ApplicationEventPublisher;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.scheduling.annotation.Scheduled;
import org.springframework.stereotype.Component;

/**
 * Ends the sessions of dead controllers. One whose lease has run out is dead, and its agents get a minute to come to
 * another before they are taken as lost. The minute counts from when this controller saw it, and only while it could look,
 * so that time in which all controllers or the database were down doesn't count. That a controller has ended is told as
 * soon as it is seen.
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
    private final ApplicationEventPublisher events;
    /** Of the thread that looks. */
    private DeadControllers deadControllers = DeadControllers.NONE;
    /** Of the thread that looks: those without a lease that were told of, as long as it is known that they had one. */
    private Set<UUID> ended = Set.of();

    OrphanedSessions(
            SystemTransactions transactions,
            JdbcClient jdbc,
            SessionLedger sessions,
            NanoTicker ticker,
            ApplicationEventPublisher events) {
        this.transactions = transactions;
        this.jdbc = jdbc;
        this.sessions = sessions;
        this.ticker = ticker;
        this.events = events;
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

    /** Both sets are of one moment. */
    private record Seen(Set<UUID> withoutLease, Set<UUID> holdingSessions) {}

    void look() {
        Seen seen = transactions.call(() -> {
            jdbc.sql("DELETE FROM controller_lease"
                            + " WHERE lease_until < transaction_timestamp() - make_interval(secs => ?)")
                    .param((double) KEPT.toSeconds())
                    .update();
            return new Seen(controllers("""
                    SELECT controller_id FROM controller_lease WHERE lease_until <= transaction_timestamp()
                    """), controllers("""
                    SELECT DISTINCT session_controller FROM agent WHERE session_controller IS NOT NULL
                        AND session_controller NOT IN (
                            SELECT controller_id FROM controller_lease WHERE lease_until > transaction_timestamp())
                    """));
        });
        tell(seen.withoutLease());
        deadControllers = deadControllers.seen(seen.holdingSessions(), ticker.nanos());
        sessions.closeSessionsOf(deadControllers.overdue());
    }

    private Set<UUID> controllers(String query) {
        return Set.copyOf(
                jdbc.sql(query).query((row, n) -> row.getObject(1, UUID.class)).list());
    }

    /** One that lives again may end again. */
    private void tell(Set<UUID> now) {
        Set<UUID> before = ended;
        ended = now;
        now.stream()
                .filter(controller -> !before.contains(controller))
                .forEach(controller -> events.publishEvent(new ControllerEnded(new ControllerId(controller))));
    }
}
