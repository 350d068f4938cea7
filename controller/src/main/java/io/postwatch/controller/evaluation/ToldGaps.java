package io.postwatch.controller.evaluation;

import io.postwatch.controller.shared.LogBudget;
import io.postwatch.controller.shared.NanoTicker;
import io.postwatch.controller.web.events.EventHub;
import java.sql.Timestamp;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/**
 * Keeps what agents tell of results that they lost. However much of it one tells, it is one line of the log for each batch
 * that tells something new, and few lines a minute. Safe for all threads.
 */
@Component
class ToldGaps {
    private static final Logger LOG = LoggerFactory.getLogger(ToldGaps.class);

    private final JdbcClient jdbc;
    private final EventHub hub;
    private final InstantSource clock;
    private final NanoTicker ticker;
    private final LogBudget lines = new LogBudget();

    ToldGaps(JdbcClient jdbc, EventHub hub, InstantSource clock, NanoTicker ticker) {
        this.jdbc = jdbc;
        this.hub = hub;
        this.clock = clock;
        this.ticker = ticker;
    }

    /** Part of the transaction of the batch; those that are stored already change nothing. */
    void store(Batch batch, List<SpoolEntry.Gap> gaps) {
        if (gaps.isEmpty()) {
            return;
        }
        Batch.Reporter reporter = batch.reporter();
        int told = jdbc.sql("""
                INSERT INTO spool_gap (tenant_id, agent_id, spool_id, lane, sequence, dropped, first_at, last_at, reason,
                    told_at)
                SELECT ?, ?, ?, ?, g.sequence, g.dropped, g.first_at, g.last_at, g.reason, ?
                FROM unnest(?::bigint[], ?::bigint[], ?::timestamptz[], ?::timestamptz[], ?::smallint[])
                    AS g (sequence, dropped, first_at, last_at, reason)
                ON CONFLICT (tenant_id, agent_id, spool_id, lane, sequence) DO NOTHING
                """)
                .params(
                        reporter.tenant().value(),
                        reporter.agent().value(),
                        batch.spool(),
                        batch.lane().number(),
                        Timestamp.from(clock.instant()),
                        gaps.stream().map(SpoolEntry.Gap::sequence).toArray(Long[]::new),
                        gaps.stream().map(SpoolEntry.Gap::count).toArray(Long[]::new),
                        times(gaps, SpoolEntry.Gap::first),
                        times(gaps, SpoolEntry.Gap::last),
                        gaps.stream().map(gap -> gap.reason().number()).toArray(Short[]::new))
                .update();
        if (told == 0) {
            return;
        }
        SpoolEntry.Gap last = gaps.getLast();
        lines.spend(
                ticker.nanos(),
                more -> LOG.warn(
                        "Agent {} has lost results in {} new gaps, in the last {} from {} to {}: {}{}",
                        reporter.agent(),
                        told,
                        last.count(),
                        last.first(),
                        last.last(),
                        last.reason(),
                        more));
        hub.publish(reporter.tenant(), "agent", reporter.agent(), 0);
    }

    private static Timestamp[] times(List<SpoolEntry.Gap> gaps, Function<SpoolEntry.Gap, Instant> time) {
        return gaps.stream().map(time).map(Timestamp::from).toArray(Timestamp[]::new);
    }
}
