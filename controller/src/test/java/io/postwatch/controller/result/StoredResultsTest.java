package io.postwatch.controller.result;

import static io.postwatch.controller.run.RunBuilder.aRun;

import io.postwatch.controller.run.RunBuilder;
import io.postwatch.controller.run.RunRecord;
import io.postwatch.controller.scope.ScopedDatabase;
import io.postwatch.controller.shared.id.AgentId;
import io.postwatch.controller.shared.id.SeriesId;
import io.postwatch.controller.shared.id.TenantId;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.Set;
import java.util.UUID;
import java.util.function.Supplier;
import org.junit.jupiter.api.BeforeEach;

/** What tests of stored results share: a tenant, a moment, the partitions around it, and one series that reports. */
abstract class StoredResultsTest {
    static final Instant NOW = Instant.parse("2026-03-04T05:06:07.123456Z");
    static final AgentId AGENT = new AgentId(UUID.fromString("00000000-0000-4000-8000-00000000000a"));
    static final SeriesId SERIES = new SeriesId(4711);

    final ScopedDatabase database;
    final Results results;
    final ResultPartitions partitions;
    final TenantId tenant;

    StoredResultsTest(ScopedDatabase database) {
        this.database = database;
        this.results = new Results(database.jdbc(), InstantSource.fixed(NOW));
        this.partitions = partitionsAt(NOW);
        this.tenant = database.newTenant();
    }

    @BeforeEach
    void makePartitions() {
        partitions.keep();
    }

    ResultPartitions partitionsAt(Instant now) {
        return new ResultPartitions(
                database.system(), database.jdbc(), InstantSource.fixed(now), new ResultProperties(7));
    }

    static RunBuilder atMinute(int minute) {
        return aRun().of(SERIES).at(NOW.plusSeconds(60L * minute));
    }

    RunKey key(RunRecord run) {
        return new RunKey(
                tenant, new SeriesId(run.series() == null ? 1 : run.series().value()), run.scheduledAt());
    }

    Set<RunKey> store(RunRecord... runs) {
        return system(() -> results.store(Arrays.stream(runs)
                .map(run -> new SeriesRun(tenant, key(run).series(), AGENT, run))
                .toList()));
    }

    StoredRun find(SeriesId series, Instant at) {
        return read(() -> results.find(tenant, new ResultId(series, at))).orElseThrow();
    }

    <T> T read(Supplier<T> work) {
        return database.tenants().call(tenant, work);
    }

    <T> T system(Supplier<T> work) {
        return database.system().call(work);
    }
}
