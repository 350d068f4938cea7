package io.postwatch.controller.result;

import static io.postwatch.controller.run.RunBuilder.aRun;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.postwatch.controller.run.RunRecord;
import io.postwatch.controller.scope.DatabaseTest;
import io.postwatch.controller.scope.ScopedDatabase;
import io.postwatch.controller.shared.Status;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.springframework.dao.DataAccessException;

/** Daily partitions: made ahead, dropped after retention, and what follows from both. */
@DatabaseTest
class ResultPartitionsTest extends StoredResultsTest {
    ResultPartitionsTest(ScopedDatabase database) {
        super(database);
    }

    @Test
    void makesPartitionsAheadAndDropsThemAfterRetention() {
        store(atMinute(0).build());
        assertThat(partitionNames("result_2026"))
                .startsWith("result_20260225", "result_20260226")
                .endsWith("result_20260307")
                .hasSize(11);
        partitionsAt(NOW.plus(Duration.ofDays(7))).keep();
        assertThat(find(SERIES, NOW).run().status()).isEqualTo(Status.OK);
        assertThat(partitionNames("result_detail_"))
                .startsWith("result_detail_20260304")
                .hasSize(11);
        partitionsAt(NOW.plus(Duration.ofDays(8))).keep();
        assertThat(read(() -> results.find(tenant, new ResultId(SERIES, NOW)))).isEmpty();
        assertThat(partitionNames("result_2026")).startsWith("result_20260305").hasSize(11);
        partitionsAt(NOW).keep();
    }

    @Test
    void twoControllersMakeTheSamePartitionsOneAfterTheOther() {
        CompletableFuture<Integer> other = new CompletableFuture<>();
        int made = database.system().call(() -> {
            int first = addFarPartitions();
            Thread.ofVirtual().start(() -> {
                try {
                    other.complete(database.system().call(this::addFarPartitions));
                } catch (DataAccessException e) {
                    other.completeExceptionally(e);
                }
            });
            await().atMost(5, TimeUnit.SECONDS)
                    .until(() -> database.superuser()
                            .sql("SELECT EXISTS (SELECT 1 FROM pg_locks WHERE NOT granted)")
                            .query(Boolean.class)
                            .single());
            return first;
        });
        assertThat(made).isEqualTo(4);
        assertThat(other).succeedsWithin(Duration.ofSeconds(10)).isEqualTo(0);
        // The other tests count partitions.
        for (String partition : partitionNames("result_2031")) {
            database.superuser().sql("DROP TABLE " + partition).update();
        }
        for (String partition : partitionNames("result_detail_2031")) {
            database.superuser().sql("DROP TABLE " + partition).update();
        }
    }

    private int addFarPartitions() {
        return database.jdbc()
                .sql("SELECT add_result_partitions(DATE '2031-01-01', DATE '2031-01-02')")
                .query(Integer.class)
                .single();
    }

    @Test
    void everyPartitionForcesRowLevelSecurity() {
        assertThat(database.superuser()
                        .sql(
                                "SELECT relname FROM pg_class WHERE relispartition AND relkind = 'r' AND NOT (relrowsecurity AND relforcerowsecurity)")
                        .query(String.class)
                        .list())
                .isEmpty();
        assertThat(partitionNames("result")).isNotEmpty();
    }

    @Test
    void aClockThatRunsAheadDropsNothingOfToday() {
        InstantSource system = InstantSource.system();
        Instant tomorrow = system.instant().plus(Duration.ofDays(1));
        assertThatThrownBy(() -> database.system()
                        .run(() -> database.jdbc()
                                .sql("SELECT drop_result_partitions(?)")
                                .param(tomorrow.atZone(ZoneOffset.UTC).toLocalDate())
                                .query(Integer.class)
                                .single()))
                .isInstanceOf(DataAccessException.class)
                .hasMessageContaining("not dropped");
    }

    @Test
    void saysWhatCanBeStored() {
        StorableTimes storable = partitions.storable();
        assertThat(storable.tooOld(NOW.minus(Duration.ofDays(7)))).isFalse();
        assertThat(storable.tooOld(NOW.minus(Duration.ofDays(7)).minusNanos(1))).isTrue();
        assertThat(storable.inFuture(NOW.plusSeconds(300))).isFalse();
        assertThat(storable.inFuture(NOW.plusSeconds(300).plusNanos(1))).isTrue();
        RunRecord oldest = aRun().of(SERIES).at(storable.oldest()).build();
        RunRecord latest = aRun().of(SERIES).at(storable.latest()).build();
        assertThat(store(oldest, latest)).hasSize(2);
    }

    private List<String> partitionNames(String prefix) {
        return database.superuser()
                .sql(
                        "SELECT relname FROM pg_class WHERE relispartition AND relkind = 'r' AND relname LIKE ? ORDER BY 1")
                .param(prefix + "%")
                .query((row, number) -> row.getString(1))
                .list();
    }
}
