package io.postwatch.controller.evaluation;

import io.postwatch.controller.assignment.login.LoginRecords;
import io.postwatch.controller.certificate.Certificates;
import io.postwatch.controller.evaluation.BatchOutcome.Witness;
import io.postwatch.controller.result.ResultPartitions;
import io.postwatch.controller.result.Results;
import io.postwatch.controller.result.RunKey;
import io.postwatch.controller.result.SeriesRun;
import io.postwatch.controller.result.StorableTimes;
import io.postwatch.controller.run.CertificateView;
import io.postwatch.controller.run.ChainFindings;
import io.postwatch.controller.run.RunRecord;
import io.postwatch.controller.scope.SystemTransactions;
import io.postwatch.controller.series.SeriesDirectory;
import io.postwatch.controller.series.SeriesInfo;
import io.postwatch.controller.shared.Bytes;
import io.postwatch.controller.shared.Fingerprint;
import io.postwatch.controller.shared.id.AgentId;
import io.postwatch.controller.shared.id.MonitorId;
import io.postwatch.controller.shared.id.SeriesId;
import io.postwatch.controller.shared.id.TenantId;
import io.postwatch.controller.web.events.EventHub;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Collection;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.dao.DataIntegrityViolationException;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/**
 * The one transaction of a batch: the rows, what could not be stored, and the lane's ack commit together, so a batch that
 * is sent again changes nothing. A row that can't be stored is set aside with a reason and never holds up the others.
 * Safe for all threads.
 */
@Component
public class Evaluation {
    private static final Logger LOG = LoggerFactory.getLogger(Evaluation.class);

    private final SystemTransactions transactions;
    private final JdbcClient jdbc;
    private final SeriesDirectory directory;
    private final Results results;
    private final ResultPartitions partitions;
    private final Certificates certificates;
    private final ToldGaps toldGaps;
    private final LoginRecords logins;
    private final EventHub hub;
    private final InstantSource clock;

    Evaluation(
            SystemTransactions transactions,
            JdbcClient jdbc,
            SeriesDirectory directory,
            Results results,
            ResultPartitions partitions,
            Certificates certificates,
            ToldGaps toldGaps,
            LoginRecords logins,
            EventHub hub,
            InstantSource clock) {
        this.transactions = transactions;
        this.jdbc = jdbc;
        this.directory = directory;
        this.results = results;
        this.partitions = partitions;
        this.certificates = certificates;
        this.toldGaps = toldGaps;
        this.logins = logins;
        this.hub = hub;
        this.clock = clock;
    }

    /** Up to where each lane of the spool is stored, and by which record. Lanes that never had a record are absent. */
    public Map<Lane, LaneEnd> acked(TenantId tenant, AgentId agent, UUID spool) {
        return transactions.call(() -> {
            Map<Lane, LaneEnd> acked = new EnumMap<>(Lane.class);
            jdbc.sql("""
                    SELECT lane, acked, CASE WHEN marked = acked THEN mark ELSE 0 END AS mark
                    FROM agent_lane WHERE tenant_id = ? AND agent_id = ? AND spool_id = ?
                    """).params(tenant.value(), agent.value(), spool).query(row -> {
                acked.put(Lane.ofNumber(row.getShort("lane")), new LaneEnd(row.getLong("acked"), row.getLong("mark")));
            });
            return acked;
        });
    }

    /**
     * Of these, whose lanes the database has forgotten in part: it was set back, by a fail-over or to a backup, after it
     * had stored more. Their agents have to be told where it is now, while they still keep what it lost.
     */
    public List<StoredLanes> setBack(Collection<StoredLanes> told) {
        record Known(StoredLanes lanes, Lane lane, long through) {}
        List<Known> known = told.stream()
                .flatMap(lanes -> lanes.through().entrySet().stream()
                        .filter(through -> through.getValue() > 0)
                        .map(through -> new Known(lanes, through.getKey(), through.getValue())))
                .toList();
        if (known.isEmpty()) {
            return List.of();
        }
        List<Integer> lost = transactions.call(() -> jdbc.sql("""
                SELECT k.number FROM unnest(?::integer[], ?::uuid[], ?::uuid[], ?::uuid[], ?::smallint[], ?::bigint[])
                    AS k (number, tenant_id, agent_id, spool_id, lane, through)
                LEFT JOIN agent_lane l ON l.tenant_id = k.tenant_id AND l.agent_id = k.agent_id
                    AND l.spool_id = k.spool_id AND l.lane = k.lane
                WHERE coalesce(l.acked, 0) < k.through
                """)
                .params(
                        IntStream.range(0, known.size()).boxed().toArray(Integer[]::new),
                        known.stream()
                                .map(k -> k.lanes().session().tenant().value())
                                .toArray(UUID[]::new),
                        known.stream()
                                .map(k -> k.lanes().session().agent().value())
                                .toArray(UUID[]::new),
                        known.stream().map(k -> k.lanes().spool()).toArray(UUID[]::new),
                        known.stream().map(k -> k.lane().number()).toArray(Short[]::new),
                        known.stream().map(Known::through).toArray(Long[]::new))
                .query(Integer.class)
                .list());
        return lost.stream().map(number -> known.get(number).lanes()).distinct().toList();
    }

    /** Stores a batch. A DataAccessException means that nothing of it was stored and the agent has to keep it. */
    public BatchOutcome store(Batch batch) {
        partitions.ensure();
        try {
            return transactions.call(() -> store(batch, Map.of()));
        } catch (DataIntegrityViolationException e) {
            if (partitions.missing(e)) {
                throw e;
            }
            LOG.warn(
                    "A row of agent {} can't be stored; looking for it",
                    batch.reporter().agent(),
                    e);
            Map<Long, Rejection> bad = findBadRows(batch);
            return transactions.call(() -> store(batch, bad));
        }
    }

    /**
     * Each row by itself: those that the database refuses would hold up all that come after. Gaps wait for the batch itself:
     * one that is told here is told twice, where the batch turns out to be a copy's.
     */
    private Map<Long, Rejection> findBadRows(Batch batch) {
        Map<Long, Rejection> bad = new HashMap<>();
        for (SpoolEntry entry : transactions.call(() -> fresh(batch))) {
            try {
                transactions.run(() -> {
                    Sorted sorted = sort(batch, List.of(entry), Map.of());
                    // The good ones stay stored, so they are new only here.
                    tell(sorted, results.store(sorted.runs));
                });
            } catch (DataIntegrityViolationException e) {
                if (partitions.missing(e)) {
                    throw e;
                }
                bad.put(
                        entry.sequence(),
                        new Rejection(entry.sequence(), Rejection.Reason.MALFORMED, "The database refuses this row"));
            }
        }
        return bad;
    }

    /** What is not acked yet. A number is one record for ever: what is acked is not stored once more. */
    private List<SpoolEntry> fresh(Batch batch) {
        return switch (batch.after(lock(batch).end())) {
            case Batch.Step.OutOfSequence _, Batch.Step.OfACopy _ -> List.of();
            case Batch.Step.Store(var fresh, long _) -> fresh;
        };
    }

    private BatchOutcome store(Batch batch, Map<Long, Rejection> bad) {
        LockedLane lane = lock(batch);
        if (!batch.reporter().session().equals(lane.session())) {
            return new BatchOutcome.Fenced();
        }
        return switch (batch.after(lane.end())) {
            case Batch.Step.OutOfSequence(long acked) -> new BatchOutcome.OutOfSequence(acked);
            case Batch.Step.OfACopy() -> new BatchOutcome.Fenced();
            case Batch.Step.Store(var fresh, long through) ->
                store(batch, fresh, through, through > batch.last() ? lane.end().mark() : 0, bad);
        };
    }

    private BatchOutcome store(Batch batch, List<SpoolEntry> fresh, long through, long mark, Map<Long, Rejection> bad) {
        Sorted sorted = sort(batch, fresh, bad);
        Set<RunKey> stored = results.store(sorted.runs);
        toldGaps.store(batch, sorted.gaps);
        writeAcked(batch, through);
        tell(sorted, stored);
        return new BatchOutcome.Stored(through, mark, sorted.rejections, wanted(sorted));
    }

    /** What becomes of each record. */
    private record Sorted(
            List<SeriesRun> runs,
            Map<SeriesId, SeriesInfo> series,
            List<SpoolEntry.Gap> gaps,
            List<Rejection> rejections) {}

    private Sorted sort(Batch batch, List<SpoolEntry> entries, Map<Long, Rejection> bad) {
        Set<SeriesId> named = entries.stream()
                .filter(SpoolEntry.Run.class::isInstance)
                .map(entry -> ((SpoolEntry.Run) entry).run().series())
                .filter(Objects::nonNull)
                .collect(Collectors.toSet());
        Batch.Reporter reporter = batch.reporter();
        Map<SeriesId, SeriesInfo> series =
                named.isEmpty() ? Map.of() : directory.reportedFrom(reporter.tenant(), reporter.location(), named);
        Sorted sorted = new Sorted(new ArrayList<>(), series, new ArrayList<>(), new ArrayList<>());
        StorableTimes times = partitions.storable();
        for (SpoolEntry entry : entries) {
            Rejection refused = bad.get(entry.sequence());
            if (refused != null) {
                sorted.rejections.add(refused);
                continue;
            }
            switch (entry) {
                case SpoolEntry.Gap gap -> sorted.gaps.add(gap);
                case SpoolEntry.Unreadable(var sequence, var why) ->
                    sorted.rejections.add(new Rejection(sequence, Rejection.Reason.MALFORMED, why));
                case SpoolEntry.Run(var sequence, var run) -> sort(sorted, sequence, run, reporter, times);
            }
        }
        return sorted;
    }

    private static void sort(
            Sorted sorted, long sequence, RunRecord run, Batch.Reporter reporter, StorableTimes times) {
        SeriesInfo info = run.series() == null ? null : sorted.series.get(run.series());
        if (info == null) {
            sorted.rejections.add(new Rejection(
                    sequence,
                    Rejection.Reason.UNKNOWN_SERIES,
                    "No monitor at this agent's location has the series " + run.series()));
        } else if (times.tooOld(run.scheduledAt())) {
            sorted.rejections.add(new Rejection(
                    sequence, Rejection.Reason.TOO_OLD, run.scheduledAt() + " is beyond the retention of results"));
        } else if (times.inFuture(run.scheduledAt())) {
            sorted.rejections.add(new Rejection(
                    sequence,
                    Rejection.Reason.IN_FUTURE,
                    run.scheduledAt() + " is more than five minutes ahead of the controller"));
        } else {
            sorted.runs.add(new SeriesRun(info.tenant(), info.id(), reporter.agent(), run));
        }
    }

    /** How far a lane is stored, and the session of its agent that counts. */
    private record LockedLane(@Nullable UUID session, LaneEnd end) {}

    /**
     * Read at once. A session that opens after this look lets the batch pass: the new session sends what it was not told of
     * again, and a row that comes twice is stored once. Where the batch is of a copy of its spool, the mark tells.
     */
    private LockedLane lock(Batch batch) {
        Batch.Reporter reporter = batch.reporter();
        return jdbc.sql("""
                SELECT (SELECT session_id FROM agent WHERE tenant_id = ? AND agent_id = ?) AS session_id,
                    acked, CASE WHEN marked = acked THEN mark ELSE 0 END AS mark
                FROM agent_lane WHERE tenant_id = ? AND agent_id = ? AND spool_id = ? AND lane = ? FOR UPDATE
                """)
                .params(
                        reporter.tenant().value(),
                        reporter.agent().value(),
                        reporter.tenant().value(),
                        reporter.agent().value(),
                        batch.spool(),
                        batch.lane().number())
                .query((row, n) -> new LockedLane(
                        row.getObject("session_id", UUID.class),
                        new LaneEnd(row.getLong("acked"), row.getLong("mark"))))
                .optional()
                .orElseGet(() -> new LockedLane(currentSession(reporter), LaneEnd.NOTHING));
    }

    /** For the first batch of a lane, which has no row yet. */
    private @Nullable UUID currentSession(Batch.Reporter reporter) {
        return jdbc.sql("SELECT session_id FROM agent WHERE tenant_id = ? AND agent_id = ?")
                .params(reporter.tenant().value(), reporter.agent().value())
                .query((row, n) -> Optional.ofNullable(row.getObject("session_id", UUID.class)))
                .optional()
                .flatMap(session -> session)
                .orElse(null);
    }

    private void writeAcked(Batch batch, long through) {
        jdbc.sql("""
                INSERT INTO agent_lane (tenant_id, agent_id, spool_id, lane, acked, mark, marked, updated_at)
                VALUES (?, ?, ?, ?, ?, ?, ?, ?)
                ON CONFLICT (tenant_id, agent_id, spool_id, lane) DO UPDATE
                SET acked = greatest(agent_lane.acked, excluded.acked), updated_at = excluded.updated_at,
                    mark = CASE WHEN excluded.acked > agent_lane.acked THEN excluded.mark ELSE agent_lane.mark END,
                    marked = CASE WHEN excluded.acked > agent_lane.acked THEN excluded.marked ELSE agent_lane.marked END
                """)
                .params(
                        batch.reporter().tenant().value(),
                        batch.reporter().agent().value(),
                        batch.spool(),
                        batch.lane().number(),
                        through,
                        batch.mark(),
                        batch.last(),
                        clock.instant().atOffset(ZoneOffset.UTC))
                .update();
    }

    private void tell(Sorted sorted, Set<RunKey> stored) {
        logins.learn(LoginEvidence.of(sorted.runs, sorted.series, stored, clock.instant()));
        Set<SeriesInfo> touched = new HashSet<>();
        stored.forEach(key -> {
            SeriesInfo info = sorted.series.get(key.series());
            if (info != null) {
                touched.add(info);
            }
        });
        touched.stream()
                .map(info -> new Witness(info.tenant(), info.monitor()))
                .distinct()
                .forEach(this::publish);
    }

    private void publish(Witness monitor) {
        hub.publish(monitor.tenant(), "result", monitor.monitor(), 0);
    }

    private Map<Fingerprint, Set<Witness>> wanted(Sorted sorted) {
        Map<TenantId, Map<Fingerprint, Set<MonitorId>>> seen = new LinkedHashMap<>();
        for (SeriesRun run : sorted.runs) {
            ChainFindings chain = run.run().certificate();
            SeriesInfo info = sorted.series.get(run.series());
            if (chain != null && info != null) {
                Map<Fingerprint, Set<MonitorId>> ofTenant =
                        seen.computeIfAbsent(run.tenant(), tenant -> new LinkedHashMap<>());
                chain.chain()
                        .forEach(fingerprint -> ofTenant.computeIfAbsent(fingerprint, f -> new LinkedHashSet<>())
                                .add(info.monitor()));
            }
        }
        Map<Fingerprint, Set<Witness>> wanted = new LinkedHashMap<>();
        seen.forEach((tenant, fingerprints) -> certificates
                .wanted(tenant, fingerprints.keySet())
                .forEach(fingerprint -> fingerprints.getOrDefault(fingerprint, Set.of()).stream()
                        .map(monitor -> new Witness(tenant, monitor))
                        .forEach(witness -> wanted.computeIfAbsent(fingerprint, f -> new LinkedHashSet<>())
                                .add(witness))));
        return wanted;
    }

    /** Keeps certificates that were asked for, for the tenants whose monitors saw them; what nobody saw is left out. */
    public void storeCertificates(Collection<Bytes> certificatesSent, Map<Fingerprint, Set<Witness>> wanted) {
        Map<TenantId, List<byte[]>> byTenant = new LinkedHashMap<>();
        Set<Witness> witnesses = new LinkedHashSet<>();
        for (Bytes certificate : certificatesSent) {
            byte[] der = certificate.toArray();
            Set<Witness> saw = wanted.getOrDefault(CertificateView.fingerprint(der), Set.of());
            witnesses.addAll(saw);
            saw.stream()
                    .map(Witness::tenant)
                    .distinct()
                    .forEach(tenant -> byTenant.computeIfAbsent(tenant, t -> new ArrayList<>())
                            .add(der));
        }
        if (byTenant.isEmpty()) {
            return;
        }
        transactions.run(() -> {
            byTenant.forEach(certificates::store);
            witnesses.forEach(this::publish);
        });
    }
}
