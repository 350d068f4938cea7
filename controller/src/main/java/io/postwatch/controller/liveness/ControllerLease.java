package io.postwatch.controller.liveness;

import io.postwatch.controller.scope.SystemTransactions;
import io.postwatch.controller.shared.ControllerId;
import io.postwatch.controller.shared.NanoTicker;
import java.time.Duration;
import java.util.Set;
import java.util.UUID;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/**
 * Which controllers live. Each renews a lease in the database, by the database's clock; one whose lease has run out is
 * dead, and its agents get a minute to come to another before they are taken as lost. The minute counts from when this
 * controller saw it, and only while it could look, so that time in which all controllers or the database were down doesn't
 * count. Called by one thread.
 */
@Component
public class ControllerLease {
    static final Duration LEASE = Duration.ofSeconds(15);
    /** Leases that ran out are kept as long as their sessions could matter. */
    private static final Duration KEPT = Duration.ofHours(1);

    private final SystemTransactions transactions;
    private final JdbcClient jdbc;
    private final ControllerId controller;
    private final SessionLedger sessions;
    private final NanoTicker ticker;
    private DeadControllers deadControllers = DeadControllers.NONE;

    ControllerLease(
            SystemTransactions transactions,
            JdbcClient jdbc,
            ControllerId controller,
            SessionLedger sessions,
            NanoTicker ticker) {
        this.transactions = transactions;
        this.jdbc = jdbc;
        this.controller = controller;
        this.sessions = sessions;
        this.ticker = ticker;
    }

    /** To be called every few seconds: keeps this controller alive and buries the others. */
    public void renew() {
        Set<UUID> dead = transactions.call(() -> {
            jdbc.sql("""
                    INSERT INTO controller_lease (controller_id, started_at, lease_until)
                    VALUES (?, transaction_timestamp(), transaction_timestamp() + make_interval(secs => ?))
                    ON CONFLICT (controller_id) DO UPDATE SET lease_until = excluded.lease_until
                    """).params(controller.value(), (double) LEASE.toSeconds()).update();
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

    /** Lets go at a stop: the agents have their minute to come back from now on. */
    public void release() {
        transactions.run(() -> jdbc.sql(
                        "UPDATE controller_lease SET lease_until = transaction_timestamp() WHERE controller_id = ?")
                .param(controller.value())
                .update());
    }
}
