package io.postwatch.controller.result;

import io.postwatch.controller.scope.SystemTransactions;
import java.sql.Timestamp;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.LocalDate;
import java.time.ZoneOffset;
import org.postgresql.util.PSQLException;
import org.postgresql.util.PSQLState;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.SmartInitializingSingleton;
import org.springframework.dao.DataAccessException;
import org.springframework.dao.DataIntegrityViolationException;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.scheduling.annotation.Scheduled;
import org.springframework.stereotype.Component;

/**
 * Makes the daily partitions of results ahead of time and drops those beyond retention, with what is kept for as long as
 * results: facts and told gaps. Called at start and hourly; every
 * controller does it, and a second one finds nothing to do.
 */
@Component
public class ResultPartitions implements SmartInitializingSingleton {
    /** A controller that cannot reach its database for two days still stores afterwards. */
    private static final int DAYS_AHEAD = 3;
    /** Clocks of agents and controllers differ; by more than this something is wrong. */
    private static final Duration AHEAD = Duration.ofMinutes(5);
    /** Spools keep results for three days; a disk that comes back after a month sends what it has once more. */
    private static final Duration UNUSED_SPOOL_KEPT = Duration.ofDays(30);

    private static final Logger LOG = LoggerFactory.getLogger(ResultPartitions.class);

    private final SystemTransactions transactions;
    private final JdbcClient jdbc;
    private final InstantSource clock;
    private final int retentionDays;
    private volatile LocalDate ensured = LocalDate.MIN;

    ResultPartitions(
            SystemTransactions transactions, JdbcClient jdbc, InstantSource clock, ResultProperties properties) {
        this.transactions = transactions;
        this.jdbc = jdbc;
        this.clock = clock;
        this.retentionDays = properties.retentionDays();
    }

    /** For which scheduled times a result can be stored now. */
    public StorableTimes storable() {
        Instant now = clock.instant();
        return new StorableTimes(now.minus(Duration.ofDays(retentionDays)), now.plus(AHEAD));
    }

    /** Before any server accepts results. */
    @Override
    public void afterSingletonsInstantiated() {
        keep();
    }

    /** Tries again in the next hour where the database or a lock was not to be had: partitions are made days ahead. */
    @Scheduled(fixedDelayString = "PT1H", initialDelayString = "PT1H")
    void hourly() {
        try {
            keep();
        } catch (DataAccessException e) {
            LOG.warn("Partitions of results could not be kept; the next try is in an hour", e);
        }
    }

    /**
     * Called before results are stored, outside their transaction: a machine that slept for days, or a database that was
     * away for as long, has no partition for today until this has made it.
     */
    public void ensure() {
        LocalDate latest = day(storable().latest());
        if (!latest.isAfter(ensured)) {
            return;
        }
        synchronized (this) {
            if (latest.isAfter(ensured)) {
                make(day(clock.instant()));
            }
        }
    }

    /**
     * Whether rows were refused since their partition is missing, which says nothing about the rows. If so, the next
     * {@link #ensure} makes it.
     */
    public boolean missing(DataIntegrityViolationException refused) {
        // A check constraint has the same state and a name.
        boolean missing = refused.getMostSpecificCause() instanceof PSQLException cause
                && PSQLState.CHECK_VIOLATION.getState().equals(cause.getSQLState())
                && cause.getServerErrorMessage() != null
                && cause.getServerErrorMessage().getConstraint() == null;
        if (missing) {
            ensured = LocalDate.MIN;
        }
        return missing;
    }

    private int make(LocalDate today) {
        LocalDate last = today.plusDays(DAYS_AHEAD);
        int made = transactions.call(() -> jdbc.sql("SELECT add_result_partitions(?, ?)")
                .params(today.minusDays(retentionDays), last)
                .query(Integer.class)
                .single());
        ensured = last;
        return made;
    }

    private static LocalDate day(Instant instant) {
        return instant.atZone(ZoneOffset.UTC).toLocalDate();
    }

    /** Makes what is missing, then drops what is beyond retention. */
    void keep() {
        LocalDate today = day(clock.instant());
        LocalDate first = today.minusDays(retentionDays);
        int made = make(today);
        int dropped = transactions.call(() -> jdbc.sql("SELECT drop_result_partitions(?)")
                .param(first)
                .query(Integer.class)
                .single());
        // A row is stored at most a day after its facts were seen last, and kept for as long as its partition.
        int forgotten = transactions.call(() -> jdbc.sql("DELETE FROM result_facts WHERE seen_on < ?")
                .param(first.minusDays(2))
                .update());
        if (made + dropped + forgotten > 0) {
            LOG.info("Partitions of results: {} made, {} dropped; {} facts forgotten", made, dropped, forgotten);
        }
        forgetSpools();
    }

    /** What was told of results that are gone by now, and how far spools were stored that no agent uses any more. */
    private void forgetSpools() {
        Instant now = clock.instant();
        int gaps = transactions.call(() -> jdbc.sql("DELETE FROM spool_gap WHERE told_at < ?")
                .param(Timestamp.from(now.minus(Duration.ofDays(retentionDays))))
                .update());
        // The one that an agent used last is its present one, however long it is away.
        int lanes = transactions.call(() -> jdbc.sql("""
                WITH spool AS (
                    SELECT tenant_id, agent_id, spool_id, max(updated_at) AS used_at, row_number() OVER (
                        PARTITION BY tenant_id, agent_id ORDER BY max(updated_at) DESC, spool_id DESC) AS newness
                    FROM agent_lane GROUP BY tenant_id, agent_id, spool_id)
                DELETE FROM agent_lane l USING spool s
                WHERE l.tenant_id = s.tenant_id AND l.agent_id = s.agent_id AND l.spool_id = s.spool_id
                    AND s.newness > 1 AND s.used_at < ?
                """)
                .param(Timestamp.from(now.minus(UNUSED_SPOOL_KEPT)))
                .update());
        if (gaps + lanes > 0) {
            LOG.info("Told gaps: {} forgotten; {} lanes of spools that are not used any more", gaps, lanes);
        }
    }
}
