package io.postwatch.controller.result;

import io.postwatch.controller.run.PhaseTiming;
import io.postwatch.controller.run.RunFailure;
import io.postwatch.controller.run.RunRecord;
import io.postwatch.controller.shared.Status;
import io.postwatch.controller.shared.id.SeriesId;
import io.postwatch.controller.shared.id.TenantId;
import java.time.InstantSource;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;

/** Stores batches of runs in three statements, whatever their number. Rows are touched in the order of their keys, so that two batches never wait for each other in a circle. */
final class ResultWriter {
    private static final Comparator<SeriesRun> BY_KEY = Comparator.comparing(
                    (SeriesRun run) -> run.tenant().value().toString())
            .thenComparingLong(run -> run.series().value())
            .thenComparing(run -> run.run().scheduledAt());

    private final JdbcClient jdbc;
    private final InstantSource clock;

    ResultWriter(JdbcClient jdbc, InstantSource clock) {
        this.jdbc = jdbc;
        this.clock = clock;
    }

    /** A run with its facts as they are stored. */
    private record Row(SeriesRun run, String facts, String factsHash) {
        static Row of(SeriesRun run) {
            String json = Facts.of(run.run()).json();
            return new Row(run, json, Facts.hash(json));
        }

        RunRecord record() {
            return run.run();
        }
    }

    Set<RunKey> store(Collection<SeriesRun> runs) {
        List<Row> rows = onePerKey(runs).stream().map(Row::of).toList();
        if (rows.isEmpty()) {
            return Set.of();
        }
        storeFacts(rows);
        Set<RunKey> stored = storeRows(rows);
        List<SeriesRun> detailed = rows.stream()
                .map(Row::run)
                .filter(run -> stored.contains(key(run)))
                .toList();
        storeDetails(detailed);
        return stored;
    }

    private static List<SeriesRun> onePerKey(Collection<SeriesRun> runs) {
        Map<RunKey, SeriesRun> unique = new HashMap<>();
        for (SeriesRun run : runs) {
            unique.merge(key(run), run, (first, second) -> second.isBetterThan(first) ? second : first);
        }
        return unique.values().stream().sorted(BY_KEY).toList();
    }

    /** The key in the resolution of the database. */
    private static RunKey key(SeriesRun run) {
        return new RunKey(
                run.tenant(), run.series(), Micros.instant(Micros.of(run.run().scheduledAt())));
    }

    private void storeFacts(List<Row> rows) {
        LocalDate today = clock.instant().atZone(ZoneOffset.UTC).toLocalDate();
        Map<String, Row> unique = new TreeMap<>();
        rows.forEach(row -> unique.putIfAbsent(row.run().tenant() + row.factsHash(), row));
        List<Row> facts = List.copyOf(unique.values());
        jdbc.sql("""
                        INSERT INTO result_facts (tenant_id, facts, seen_on, body)
                        SELECT tenant_id::uuid, decode(facts, 'hex'), ?, body::jsonb
                        FROM unnest(?::text[], ?::text[], ?::text[]) n(tenant_id, facts, body)
                        ON CONFLICT (tenant_id, facts) DO UPDATE SET seen_on = excluded.seen_on
                        WHERE result_facts.seen_on < excluded.seen_on
                        """)
                .params(
                        today,
                        strings(facts, row -> row.run().tenant().toString()),
                        strings(facts, Row::factsHash),
                        strings(facts, Row::facts))
                .update();
    }

    private Set<RunKey> storeRows(List<Row> rows) {
        Set<RunKey> stored = new HashSet<>();
        jdbc.sql("""
                        INSERT INTO result (
                            tenant_id, series, scheduled_at, started_at, agent_id, run_id, revision, total_micros, remote_port,
                            status, failure_code, failure_phase, measured, triggered, clock_suspect, certificate_days_left,
                            certificate_not_after, phases, attempts, remote_address, greeting, facts)
                        SELECT
                            tenant_id::uuid, series, timestamptz 'epoch' + scheduled_at * interval '1 microsecond',
                            timestamptz 'epoch' + started_at * interval '1 microsecond', agent_id::uuid, run_id::uuid,
                            revision, total_micros, remote_port, status, failure_code, failure_phase, measured, triggered,
                            clock_suspect, certificate_days_left,
                            certificate_not_after::timestamptz,
                            phases::integer[], attempts, remote_address, greeting, decode(facts, 'hex')
                        FROM unnest(
                            ?::text[], ?::bigint[], ?::bigint[], ?::bigint[], ?::text[], ?::text[], ?::bigint[], ?::bigint[],
                            ?::integer[], ?::smallint[], ?::smallint[], ?::smallint[], ?::boolean[], ?::boolean[], ?::boolean[],
                            ?::integer[], ?::text[], ?::text[], ?::bytea[], ?::bytea[], ?::text[], ?::text[])
                        n(tenant_id, series, scheduled_at, started_at, agent_id, run_id, revision, total_micros, remote_port,
                            status, failure_code, failure_phase, measured, triggered, clock_suspect, certificate_days_left,
                            certificate_not_after, phases, attempts, remote_address, greeting, facts)
                        ON CONFLICT (tenant_id, series, scheduled_at) DO UPDATE SET
                            started_at = excluded.started_at, agent_id = excluded.agent_id, run_id = excluded.run_id,
                            revision = excluded.revision, total_micros = excluded.total_micros,
                            remote_port = excluded.remote_port, status = excluded.status,
                            failure_code = excluded.failure_code, failure_phase = excluded.failure_phase,
                            measured = excluded.measured, triggered = excluded.triggered,
                            clock_suspect = excluded.clock_suspect,
                            certificate_days_left = excluded.certificate_days_left,
                            certificate_not_after = excluded.certificate_not_after, phases = excluded.phases,
                            attempts = excluded.attempts, remote_address = excluded.remote_address,
                            greeting = excluded.greeting, facts = excluded.facts
                        WHERE (excluded.measured, NOT excluded.clock_suspect) > (result.measured, NOT result.clock_suspect)
                        RETURNING tenant_id, series, scheduled_at
                        """).params(columns(rows)).query(row -> {
            stored.add(new RunKey(
                    new TenantId(row.getObject("tenant_id", UUID.class)),
                    new SeriesId(row.getLong("series")),
                    RunColumns.instant(row, "scheduled_at")));
        });
        return stored;
    }

    private static List<Object> columns(List<Row> rows) {
        List<Object> columns = new ArrayList<>();
        columns.add(strings(rows, row -> row.run().tenant().toString()));
        columns.add(longs(rows, row -> row.run().series().value()));
        columns.add(longs(rows, row -> Micros.of(row.record().scheduledAt())));
        columns.add(longs(rows, row -> Micros.of(row.record().startedAt())));
        columns.add(strings(rows, row -> row.run().agent().toString()));
        columns.add(strings(rows, row -> row.record().runId().toString()));
        columns.add(longs(rows, row -> row.record().revision()));
        columns.add(longs(rows, row -> (long) Micros.of(row.record().total())));
        columns.add(integers(rows, row -> row.record().network().remotePort()));
        columns.add(shorts(rows, row -> RunColumns.number(row.record().status())));
        columns.add(shorts(rows, row -> failureCode(row.record())));
        columns.add(shorts(rows, row -> failurePhase(row.record())));
        columns.add(booleans(rows, row -> row.run().measured()));
        columns.add(booleans(rows, row -> row.record().triggered()));
        columns.add(booleans(rows, row -> row.record().clockSuspect()));
        columns.add(integers(
                rows,
                row -> row.record().certificate() == null
                        ? null
                        : row.record().certificate().daysLeft()));
        columns.add(strings(
                rows,
                row -> row.record().certificate() == null
                        ? null
                        : Micros.bounded(row.record().certificate().notAfter()).toString()));
        columns.add(strings(rows, row -> phases(row.record().phases())));
        columns.add(bytes(rows, row -> AttemptBytes.write(row.record().network().attempts())));
        columns.add(bytes(rows, row -> RunColumns.bytes(row.record().network().remoteAddress())));
        columns.add(strings(rows, row -> StoredText.of(row.record().greeting())));
        columns.add(strings(rows, Row::factsHash));
        return columns;
    }

    private void storeDetails(List<SeriesRun> stored) {
        Set<RunKey> changes = changesOfStatus(stored.stream()
                .filter(run -> run.run().transcript() != null && !detailed(run.run()))
                .toList());
        List<SeriesRun> rows = stored.stream()
                .filter(run -> detailed(run.run()) || changes.contains(key(run)))
                .toList();
        if (rows.isEmpty()) {
            return;
        }
        jdbc.sql("""
                        INSERT INTO result_detail (
                            tenant_id, series, scheduled_at, message, server_reply, transcript, discarded_bytes)
                        SELECT tenant_id::uuid, series, timestamptz 'epoch' + scheduled_at * interval '1 microsecond',
                            message, server_reply, transcript::jsonb, discarded_bytes
                        FROM unnest(?::text[], ?::bigint[], ?::bigint[], ?::text[], ?::text[], ?::text[], ?::bigint[])
                        n(tenant_id, series, scheduled_at, message, server_reply, transcript, discarded_bytes)
                        ON CONFLICT (tenant_id, series, scheduled_at) DO UPDATE SET
                            message = excluded.message, server_reply = excluded.server_reply,
                            transcript = excluded.transcript, discarded_bytes = excluded.discarded_bytes
                        """)
                .params(List.of(
                        strings(rows, run -> run.tenant().toString()),
                        longs(rows, run -> run.series().value()),
                        longs(rows, run -> Micros.of(run.run().scheduledAt())),
                        strings(
                                rows,
                                run -> run.run().failure() == null
                                        ? ""
                                        : StoredText.of(run.run().failure().message())),
                        strings(
                                rows,
                                run -> run.run().failure() == null
                                        ? ""
                                        : StoredText.of(run.run().failure().serverReply())),
                        strings(
                                rows,
                                run -> run.run().transcript() == null
                                        ? null
                                        : TranscriptJson.write(run.run().transcript())),
                        longs(
                                rows,
                                run -> run.run().transcript() == null
                                        ? 0L
                                        : run.run().transcript().discardedBytes())))
                .update();
    }

    private static boolean detailed(RunRecord run) {
        return run.failure() != null || run.triggered();
    }

    /** Which of these good runs follow one that was not, or none at all. */
    private Set<RunKey> changesOfStatus(List<SeriesRun> good) {
        Set<RunKey> changes = new HashSet<>();
        if (good.isEmpty()) {
            return changes;
        }
        jdbc.sql("""
                        SELECT k.tenant_id, k.series, k.scheduled_at
                        FROM (
                            SELECT tenant_id::uuid, series,
                                timestamptz 'epoch' + scheduled_at * interval '1 microsecond' AS scheduled_at
                            FROM unnest(?::text[], ?::bigint[], ?::bigint[]) n(tenant_id, series, scheduled_at)
                        ) k
                        LEFT JOIN LATERAL (
                            SELECT status FROM result r
                            WHERE r.tenant_id = k.tenant_id AND r.series = k.series AND r.scheduled_at < k.scheduled_at
                            ORDER BY r.scheduled_at DESC LIMIT 1
                        ) p ON true
                        WHERE p.status IS DISTINCT FROM ?
                        """)
                .params(
                        strings(good, run -> run.tenant().toString()),
                        longs(good, run -> run.series().value()),
                        longs(good, run -> Micros.of(run.run().scheduledAt())),
                        (int) RunColumns.number(Status.OK))
                .query(row -> {
                    changes.add(new RunKey(
                            new TenantId(row.getObject("tenant_id", UUID.class)),
                            new SeriesId(row.getLong("series")),
                            RunColumns.instant(row, "scheduled_at")));
                });
        return changes;
    }

    private static @Nullable Short failureCode(RunRecord run) {
        RunFailure failure = run.failure();
        return failure == null ? null : failure.code().number();
    }

    private static @Nullable Short failurePhase(RunRecord run) {
        RunFailure failure = run.failure();
        return failure == null || failure.phase() == null
                ? null
                : failure.phase().number();
    }

    private static String phases(List<PhaseTiming> phases) {
        StringBuilder text = new StringBuilder("{");
        for (PhaseTiming phase : phases) {
            text.append(text.length() == 1 ? "" : ",")
                    .append(phase.phase().number())
                    .append(',')
                    .append(Micros.of(phase.start()))
                    .append(',')
                    .append(Micros.of(phase.duration()));
        }
        return text.append('}').toString();
    }

    private static <R> @Nullable String[] strings(List<R> rows, Function<R, @Nullable String> column) {
        return rows.stream().map(column).toArray(String[]::new);
    }

    private static <R> @Nullable Long[] longs(List<R> rows, Function<R, @Nullable Long> column) {
        return rows.stream().map(column).toArray(Long[]::new);
    }

    private static <R> @Nullable Integer[] integers(List<R> rows, Function<R, @Nullable Integer> column) {
        return rows.stream().map(column).toArray(Integer[]::new);
    }

    private static <R> @Nullable Short[] shorts(List<R> rows, Function<R, @Nullable Short> column) {
        return rows.stream().map(column).toArray(Short[]::new);
    }

    private static <R> Boolean[] booleans(List<R> rows, Function<R, Boolean> column) {
        return rows.stream().map(column).toArray(Boolean[]::new);
    }

    private static <R> byte @Nullable [][] bytes(List<R> rows, Function<R, byte @Nullable []> column) {
        return rows.stream().map(column).toArray(byte[][]::new);
    }
}
