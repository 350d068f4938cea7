package io.postwatch.controller.result;

import io.postwatch.controller.shared.Status;
import io.postwatch.controller.shared.id.SeriesId;
import io.postwatch.controller.shared.id.TenantId;
import java.time.Instant;
import java.time.InstantSource;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/** The results of runs. Every method works in its caller's transaction: storing in the system's, reading in the tenant's. */
@Component
public class Results {
    private final JdbcClient jdbc;
    private final ResultWriter writer;

    Results(JdbcClient jdbc, InstantSource clock) {
        this.jdbc = jdbc;
        this.writer = new ResultWriter(jdbc, clock);
    }

    /**
     * Stores runs, of any tenants, once: a key that is there stays as it is, except that a measured run replaces one in
     * which the agent itself failed, and of two of a kind one that is dated by a clock that was known replaces one of a suspect
     * clock. Scheduled times lie within {@link ResultPartitions#storable()}.
     *
     * @return the keys that were stored now, in no order
     */
    public Set<RunKey> store(Collection<SeriesRun> runs) {
        return writer.store(runs);
    }

    /** The last result of each series with its failure in words; without addresses, TLS, chain, capabilities, transcript. */
    public Map<SeriesId, StoredRun> lastInOutline(TenantId tenant, Collection<SeriesId> series) {
        return last(tenant, series, RunColumns.OUTLINE, RunColumns.OUTLINE_JOINS);
    }

    /** The last result of each series, in full but without transcripts. */
    public Map<SeriesId, StoredRun> last(TenantId tenant, Collection<SeriesId> series) {
        return last(tenant, series, RunColumns.WITHOUT_TRANSCRIPT, RunColumns.JOINS);
    }

    private Map<SeriesId, StoredRun> last(TenantId tenant, Collection<SeriesId> series, String columns, String joins) {
        String sql = """
                SELECT %s FROM unnest(?::bigint[]) k(series)
                CROSS JOIN LATERAL (
                    SELECT * FROM result WHERE tenant_id = ? AND series = k.series
                    ORDER BY scheduled_at DESC LIMIT 1
                ) r
                %s
                """.formatted(columns, joins);
        Map<SeriesId, StoredRun> last = new HashMap<>();
        if (!series.isEmpty()) {
            jdbc.sql(sql)
                    .param(numbers(series))
                    .param(tenant.value())
                    .query(RunColumns::read)
                    .list()
                    .forEach(run -> last.put(run.series(), run));
        }
        return last;
    }

    /** Which results a list shows. */
    record Filter(Instant from, Instant to, @Nullable Status status) {}

    /** Newest first, after the result that a cursor names, without transcripts. */
    List<StoredRun> list(
            TenantId tenant, Collection<SeriesId> series, Filter filter, @Nullable ResultId after, int limit) {
        if (series.isEmpty()) {
            return List.of();
        }
        String sql = """
                SELECT %s FROM (
                    SELECT r.* FROM unnest(:series::bigint[]) k(series)
                    CROSS JOIN LATERAL (
                        SELECT * FROM result
                        WHERE tenant_id = :tenant AND series = k.series
                          AND scheduled_at >= :from AND scheduled_at < :to AND scheduled_at <= :before
                          AND (scheduled_at < :before OR series < :beforeSeries)
                          AND (:status = 0 OR status = :status)
                        ORDER BY scheduled_at DESC LIMIT :limit
                    ) r
                    ORDER BY r.scheduled_at DESC, r.series DESC LIMIT :limit
                ) r
                %s
                ORDER BY r.scheduled_at DESC, r.series DESC
                """.formatted(RunColumns.WITHOUT_TRANSCRIPT, RunColumns.JOINS);
        return jdbc.sql(sql)
                .param("series", numbers(series))
                .param("tenant", tenant.value())
                .param("from", at(filter.from()))
                .param("to", at(filter.to()))
                .param("before", at(after == null ? filter.to() : after.scheduledAt()))
                .param(
                        "beforeSeries",
                        after == null ? Long.MAX_VALUE : after.series().value())
                .param("status", filter.status() == null ? 0 : RunColumns.number(filter.status()))
                .param("limit", limit)
                .query(RunColumns::read)
                .list();
    }

    /** One result in full, with its transcript. */
    Optional<StoredRun> find(TenantId tenant, ResultId id) {
        return jdbc.sql("SELECT %s FROM result r %s WHERE r.tenant_id = ? AND r.series = ? AND r.scheduled_at = ?"
                        .formatted(RunColumns.FULL, RunColumns.JOINS))
                .params(tenant.value(), id.series().value(), at(id.scheduledAt()))
                .query(RunColumns::read)
                .optional();
    }

    /** Points of each series in ascending time; of too many the newest, with one more than asked for to tell. */
    Map<SeriesId, List<SeriesPointView>> points(
            TenantId tenant, Collection<SeriesId> series, Instant from, Instant to, int most) {
        Map<SeriesId, List<SeriesPointView>> points = new HashMap<>();
        if (series.isEmpty()) {
            return points;
        }
        jdbc.sql("""
                        SELECT r.series, r.scheduled_at, r.status, r.total_micros, r.failure_code, r.phases
                        FROM unnest(?::bigint[]) k(series)
                        CROSS JOIN LATERAL (
                            SELECT series, scheduled_at, status, total_micros, failure_code, phases FROM result
                            WHERE tenant_id = ? AND series = k.series AND scheduled_at >= ? AND scheduled_at < ?
                            ORDER BY scheduled_at DESC LIMIT ?
                        ) r
                        ORDER BY r.series, r.scheduled_at
                        """)
                .params(numbers(series), tenant.value(), at(from), at(to), most + 1)
                .query(row -> {
                    points.computeIfAbsent(new SeriesId(row.getLong("series")), key -> new ArrayList<>())
                            .add(SeriesPointView.read(row));
                });
        return points;
    }

    static Long[] numbers(Collection<SeriesId> series) {
        return series.stream().map(SeriesId::value).toArray(Long[]::new);
    }

    static OffsetDateTime at(Instant instant) {
        return instant.atOffset(ZoneOffset.UTC);
    }
}
