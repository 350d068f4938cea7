package io.postwatch.controller.liveness;

import io.postwatch.controller.fleet.news.AgentConnected;
import io.postwatch.controller.fleet.news.LocationFellSilent;
import io.postwatch.controller.fleet.news.LocationHeardAgain;
import io.postwatch.controller.scope.SystemTransactions;
import io.postwatch.controller.shared.NanoTicker;
import io.postwatch.controller.shared.id.LocationId;
import io.postwatch.controller.shared.id.TenantId;
import java.sql.Timestamp;
import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.ApplicationEventPublisher;
import org.springframework.context.event.EventListener;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.scheduling.annotation.Scheduled;
import org.springframework.stereotype.Component;

/**
 * Which locations have fallen silent: agents of theirs did connect, and none is connected now. One that was cut off for a
 * moment comes back by itself, so a location is silent only once it was seen without an agent for a while. Agents in
 * maintenance don't count: nobody expects to hear of them. Every controller looks; whoever writes it down first tells.
 */
@Component
class SilentLocations {
    private static final Logger LOG = LoggerFactory.getLogger(SilentLocations.class);

    /** Longer than most agents need to come back to where they were cut off from. */
    static final Duration CERTAIN_AFTER = Duration.ofSeconds(20);

    private final SystemTransactions transactions;
    private final JdbcClient jdbc;
    private final NanoTicker ticker;
    private final ApplicationEventPublisher events;
    /** Of the thread that looks. */
    private Absences<Pool> silent = Absences.none();
    /** Those that are taken to be silent, as far as this controller knows: of all agents that come to one the first ends it. */
    private final Set<Pool> marked = ConcurrentHashMap.newKeySet();

    SilentLocations(
            SystemTransactions transactions, JdbcClient jdbc, NanoTicker ticker, ApplicationEventPublisher events) {
        this.transactions = transactions;
        this.jdbc = jdbc;
        this.ticker = ticker;
        this.events = events;
    }

    private record Pool(TenantId owner, LocationId location) {}

    private record Seen(Pool pool, boolean silent, boolean markedSilent) {}

    /** By one thread. */
    @Scheduled(fixedDelayString = "PT5S")
    void look() {
        try {
            List<Seen> seen = transactions.call(this::read);
            Set<Pool> unmarked = new HashSet<>();
            Set<Pool> known = new HashSet<>();
            for (Seen one : seen) {
                if (one.markedSilent()) {
                    known.add(one.pool());
                } else if (one.silent()) {
                    unmarked.add(one.pool());
                }
            }
            marked.retainAll(known);
            marked.addAll(known);
            silent = silent.seen(unmarked, ticker.nanos());
            silent.watchedFor(CERTAIN_AFTER).forEach(this::mark);
            seen.stream().filter(one -> one.markedSilent() && !one.silent()).forEach(one -> clear(one.pool()));
        } catch (RuntimeException e) {
            LOG.warn("Silent locations could not be looked for; the next look comes in seconds", e);
        }
    }

    /** At once, without waiting for the next look, unless the location is being placed: a session waits for neither. */
    @EventListener
    void on(AgentConnected event) {
        Pool pool = new Pool(event.tenant(), event.location());
        if (!marked.remove(pool)) {
            return;
        }
        try {
            clear(pool);
        } catch (RuntimeException e) {
            LOG.warn("That {} is not silent any more could not be written; the next look does", event.location(), e);
        }
    }

    /** The locations that are silent or were taken to be. */
    private List<Seen> read() {
        return jdbc.sql("""
                SELECT l.tenant_id, l.location_id, l.silent_since IS NOT NULL AS marked,
                    count(a.connected_at) > 0 AND count(a.session_id) = 0 AS silent
                FROM location l
                LEFT JOIN agent a ON a.tenant_id = l.tenant_id AND a.location_id = l.location_id
                    AND a.revoked_at IS NULL AND a.maintenance_since IS NULL
                GROUP BY l.tenant_id, l.location_id
                HAVING l.silent_since IS NOT NULL OR (count(a.connected_at) > 0 AND count(a.session_id) = 0)
                """)
                .query((row, n) -> new Seen(
                        new Pool(
                                new TenantId(row.getObject("tenant_id", UUID.class)),
                                new LocationId(row.getObject("location_id", UUID.class))),
                        row.getBoolean("silent"),
                        row.getBoolean("marked")))
                .list();
    }

    /** As {@link #clear}, it waits for nobody: a location whose row is held is marked by the next look. */
    private void mark(Pool pool) {
        Optional<Instant> since = transactions.call(() -> jdbc.sql("""
                WITH free AS MATERIALIZED (
                    SELECT tenant_id, location_id FROM location WHERE tenant_id = ? AND location_id = ?
                    FOR NO KEY UPDATE SKIP LOCKED)
                UPDATE location l SET silent_since = a.last_seen
                FROM (
                    SELECT max(last_seen_at) AS last_seen, count(session_id) AS connected FROM agent
                    WHERE tenant_id = ? AND location_id = ? AND revoked_at IS NULL AND maintenance_since IS NULL
                        AND connected_at IS NOT NULL) a, free f
                WHERE l.tenant_id = f.tenant_id AND l.location_id = f.location_id AND l.silent_since IS NULL
                    AND a.connected = 0 AND a.last_seen IS NOT NULL
                RETURNING l.silent_since
                """)
                .params(
                        pool.owner().value(),
                        pool.location().value(),
                        pool.owner().value(),
                        pool.location().value())
                .query(Timestamp.class)
                .optional()
                .map(Timestamp::toInstant));
        since.ifPresent(instant -> {
            marked.add(pool);
            LOG.info("Location {} is silent: no agent has reported since {}", pool.location(), instant);
            events.publishEvent(new LocationFellSilent(pool.owner(), pool.location(), instant));
        });
    }

    /**
     * Where one of its agents is connected again, or none is left of which it is expected. It waits for nobody: a location
     * whose row is held, as while it is placed, is cleared by the next look.
     */
    private void clear(Pool pool) {
        int cleared = transactions.call(() -> jdbc.sql("""
                WITH free AS MATERIALIZED (
                    SELECT tenant_id, location_id FROM location WHERE tenant_id = ? AND location_id = ?
                    FOR NO KEY UPDATE SKIP LOCKED)
                UPDATE location l SET silent_since = NULL
                FROM (
                    SELECT count(connected_at) AS met, count(session_id) AS connected FROM agent
                    WHERE tenant_id = ? AND location_id = ? AND revoked_at IS NULL AND maintenance_since IS NULL) a, free f
                WHERE l.tenant_id = f.tenant_id AND l.location_id = f.location_id AND l.silent_since IS NOT NULL
                    AND (a.connected > 0 OR a.met = 0)
                """)
                .params(
                        pool.owner().value(),
                        pool.location().value(),
                        pool.owner().value(),
                        pool.location().value())
                .update());
        if (cleared == 1) {
            LOG.info("Location {} is not silent any more", pool.location());
            events.publishEvent(new LocationHeardAgain(pool.owner(), pool.location()));
        }
    }
}
