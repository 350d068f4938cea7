package io.postwatch.controller.result;

import static io.postwatch.controller.run.RunBuilder.aRun;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.postwatch.controller.run.RunRecord;
import io.postwatch.controller.scope.DatabaseTest;
import io.postwatch.controller.scope.ScopedDatabase;
import io.postwatch.controller.shared.FailureCode;
import io.postwatch.controller.shared.Fingerprint;
import io.postwatch.controller.shared.Phase;
import io.postwatch.controller.shared.Status;
import io.postwatch.controller.shared.id.SeriesId;
import io.postwatch.controller.shared.id.TenantId;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.springframework.dao.DataAccessException;

@DatabaseTest
class ResultsTest extends StoredResultsTest {
    private static final SeriesId OTHER = new SeriesId(4712);

    ResultsTest(ScopedDatabase database) {
        super(database);
    }

    @Test
    void showsARunAgainInFull() {
        RunRecord run = aRun().of(SERIES)
                .at(NOW)
                .id(UUID.fromString("00000000-0000-4000-8000-00000000000b"))
                .failing(Status.ERROR, FailureCode.LOGIN_REFUSED, Phase.AUTH, "Refused", "535 no")
                .chain(5, new Fingerprint("ab".repeat(32)), new Fingerprint("cd".repeat(32)))
                .transcript("* OK ready", "a1 NO")
                .triggered()
                .build();
        store(run);
        StoredRun stored = find(SERIES, NOW);
        assertThat(stored.run()).isEqualTo(run);
        assertThat(stored.agent()).isEqualTo(AGENT);
        assertThat(stored.hasTranscript()).isTrue();
        assertThat(read(() -> results.last(tenant, List.of(SERIES))))
                .containsEntry(SERIES, new StoredRun(SERIES, AGENT, withoutTranscript(run), true));
    }

    @Test
    void storesARunWithNothingInIt() {
        RunRecord run = aRun().of(SERIES).at(NOW).failing(FailureCode.SKIPPED).build();
        store(run);
        assertThat(find(SERIES, NOW).run()).isEqualTo(run);
    }

    @Test
    void storesEveryKeyOnce() {
        RunRecord first = aRun().of(SERIES).at(NOW).build();
        RunRecord again =
                aRun().of(SERIES).at(NOW).taking(Duration.ofSeconds(9)).build();
        RunRecord later = aRun().of(SERIES).at(NOW.plusSeconds(60)).build();
        assertThat(store(first)).containsExactly(key(first));
        assertThat(store(again, later)).containsExactly(key(later));
        assertThat(store(first, again, later)).isEmpty();
        assertThat(find(SERIES, NOW).run().total()).isEqualTo(first.total());
        assertThat(store()).isEmpty();
    }

    @Test
    void aBatchMayNameAKeyTwice() {
        RunRecord skipped =
                aRun().of(SERIES).at(NOW).failing(FailureCode.SKIPPED).build();
        RunRecord good = aRun().of(SERIES).at(NOW).build();
        assertThat(store(skipped, good, skipped)).containsExactly(key(good));
        assertThat(find(SERIES, NOW).run().status()).isEqualTo(Status.OK);
    }

    @Test
    void aMeasuredRunReplacesOneInWhichTheAgentFailed() {
        RunRecord overloaded = aRun().of(SERIES)
                .at(NOW)
                .failing(FailureCode.OVERLOADED)
                .transcript("too much")
                .build();
        RunRecord good = aRun().of(SERIES).at(NOW).build();
        assertThat(store(overloaded)).hasSize(1);
        assertThat(store(good)).containsExactly(key(good));
        assertThat(find(SERIES, NOW).run().status()).isEqualTo(Status.OK);
        assertThat(find(SERIES, NOW).run().failure()).isNull();
    }

    @Test
    void aRunInWhichTheAgentFailedReplacesNothing() {
        RunRecord denied =
                aRun().of(SERIES).at(NOW).failing(FailureCode.ADDRESS_DENIED).build();
        RunRecord skipped =
                aRun().of(SERIES).at(NOW).failing(FailureCode.SKIPPED).build();
        RunRecord overloaded =
                aRun().of(OTHER).at(NOW).failing(FailureCode.OVERLOADED).build();
        RunRecord internal =
                aRun().of(OTHER).at(NOW).failing(FailureCode.INTERNAL_ERROR).build();
        store(denied, overloaded);
        assertThat(store(skipped, internal)).isEmpty();
        assertThat(find(SERIES, NOW).run().failure()).isEqualTo(denied.failure());
        assertThat(find(OTHER, NOW).run().failure()).isEqualTo(overloaded.failure());
        assertThat(store(aRun().of(SERIES).at(NOW).build()))
                .as("policy is no fault of the agent")
                .isEmpty();
    }

    @Test
    void aRunThatIsDatedRightlyReplacesOneOfASuspectClock() {
        RunRecord suspect = aRun().of(SERIES)
                .at(NOW)
                .taking(Duration.ofSeconds(9))
                .clockSuspect()
                .build();
        RunRecord skipped =
                aRun().of(SERIES).at(NOW).failing(FailureCode.SKIPPED).build();
        RunRecord right = aRun().of(SERIES).at(NOW).build();
        assertThat(store(suspect)).hasSize(1);
        assertThat(store(skipped)).as("which measured nothing").isEmpty();
        assertThat(store(suspect, right)).containsExactly(key(right));
        assertThat(store(suspect)).isEmpty();
        assertThat(find(SERIES, NOW).run()).isEqualTo(right);
    }

    @Test
    void keepsTranscriptsOfFailuresChangesAndTriggeredRunsOnly() {
        List<RunRecord> runs = List.of(
                atMinute(0).transcript("first ever").build(),
                atMinute(1).transcript("still good").build(),
                atMinute(2).failing(FailureCode.TIMEOUT).transcript("failed").build(),
                atMinute(3).transcript("good again").build(),
                atMinute(4).transcript("still good").build(),
                atMinute(5).triggered().transcript("asked for").build(),
                atMinute(6).triggered().build());
        store(runs.toArray(RunRecord[]::new));
        store(atMinute(7).transcript("still good").build());
        List<Boolean> kept = new ArrayList<>();
        for (int minute = 0; minute < 8; minute++) {
            StoredRun stored = find(SERIES, NOW.plusSeconds(60L * minute));
            assertThat(stored.hasTranscript()).isEqualTo(stored.run().transcript() != null);
            kept.add(stored.hasTranscript());
        }
        assertThat(kept).containsExactly(true, false, true, true, false, true, false, false);
    }

    @Test
    void keepsWhatRepeatsOnce() {
        store(atMinute(0).build(), atMinute(1).build(), aRun().of(OTHER).at(NOW).build());
        store(atMinute(2).build());
        assertThat(database.superuser()
                        .sql("SELECT count(*) FROM result_facts WHERE tenant_id = ?")
                        .param(tenant.value())
                        .query(Long.class)
                        .single())
                .isEqualTo(1);
    }

    @Test
    void survivesHostileText() {
        RunRecord hostile = aRun().of(SERIES)
                .at(NOW)
                .failing(Status.ERROR, FailureCode.BAD_REPLY, null, "nul \u0000", "half \ud800 pair")
                .transcript("nul \u0000 and \udfff")
                .taking(Duration.ofDays(365_000_000))
                .build();
        store(hostile);
        StoredRun stored = find(SERIES, NOW);
        assertThat(stored.run().failure())
                .hasToString(
                        "RunFailure[code=BAD_REPLY, phase=null, message=nul \ufffd, serverReply=half \ufffd pair]");
        assertThat(stored.run().total()).isGreaterThan(Duration.ofMinutes(30));
    }

    @Test
    void givesTheLastResultOfEachSeries() {
        store(atMinute(0).build(), atMinute(1).failing(FailureCode.TIMEOUT).build());
        store(aRun().of(OTHER).at(NOW.minusSeconds(3600 * 30)).build());
        Map<SeriesId, StoredRun> last =
                read(() -> results.lastInOutline(tenant, List.of(SERIES, OTHER, new SeriesId(1))));
        assertThat(last).containsOnlyKeys(SERIES, OTHER);
        assertThat(last).hasEntrySatisfying(SERIES, stored -> {
            assertThat(stored.run().scheduledAt()).isEqualTo(NOW.plusSeconds(60));
            assertThat(stored.run().failure())
                    .isEqualTo(atMinute(1).failing(FailureCode.TIMEOUT).build().failure());
        });
        assertThat(read(() -> results.lastInOutline(tenant, List.of()))).isEmpty();
    }

    @Test
    void listsNewestFirstInPagesWithoutGapsOrRepetition() {
        List<RunRecord> runs = new ArrayList<>();
        for (int minute = 0; minute < 10; minute++) {
            runs.add(atMinute(-minute).build());
            runs.add(aRun().of(OTHER).at(NOW.minusSeconds(60L * minute)).build());
        }
        store(runs.toArray(RunRecord[]::new));
        Results.Filter all = new Results.Filter(NOW.minus(Duration.ofDays(1)), NOW.plusSeconds(1), null);
        List<String> read = new ArrayList<>();
        ResultId after = null;
        for (int page = 0; page < 7; page++) {
            ResultId cursor = after;
            List<StoredRun> items = read(() -> results.list(tenant, List.of(SERIES, OTHER), all, cursor, 3));
            items.forEach(item -> read.add(item.run().scheduledAt() + " " + item.series()));
            after = items.isEmpty()
                    ? after
                    : new ResultId(
                            items.getLast().series(), items.getLast().run().scheduledAt());
        }
        assertThat(read).hasSize(20).doesNotHaveDuplicates().isSortedAccordingTo(Comparator.reverseOrder());
    }

    @Test
    void listsByStatusAndTime() {
        store(
                atMinute(0).build(),
                atMinute(1).failing(FailureCode.TIMEOUT).build(),
                atMinute(2).warning(FailureCode.EXPIRES_SOON).build());
        assertThat(listed(new Results.Filter(NOW, NOW.plusSeconds(600), Status.ERROR)))
                .containsExactly(1);
        assertThat(listed(new Results.Filter(NOW, NOW.plusSeconds(120), null))).containsExactly(1, 0);
        assertThat(listed(new Results.Filter(NOW.plusSeconds(60), NOW.plusSeconds(121), null)))
                .containsExactly(2, 1);
        assertThat(read(() -> results.list(tenant, List.of(), new Results.Filter(NOW, NOW, null), null, 5)))
                .isEmpty();
    }

    @Test
    void givesTheNewestPointsInTheOrderOfTime() {
        store(
                atMinute(0).build(),
                atMinute(1).failing(FailureCode.TIMEOUT).build(),
                atMinute(2).build());
        List<SeriesPointView> points = read(() ->
                        results.points(tenant, List.of(SERIES), NOW.minusSeconds(1), NOW.plusSeconds(600), 1))
                .getOrDefault(SERIES, List.of());
        assertThat(points).extracting(SeriesPointView::at).containsExactly(NOW.plusSeconds(60), NOW.plusSeconds(120));
        assertThat(points.getFirst().failureCode()).isEqualTo("timeout");
        assertThat(points.getLast().phases())
                .containsEntry("connect", 20.0)
                .containsEntry("tls", 60.0)
                .doesNotContainKey("select");
    }

    @Test
    void keepsTenantsApart() {
        TenantId stranger = database.newTenant();
        store(atMinute(0).build());
        assertThat(database.tenants().call(stranger, () -> results.find(tenant, new ResultId(SERIES, NOW))))
                .isEmpty();
        assertThat(database.tenants().call(stranger, () -> results.find(stranger, new ResultId(SERIES, NOW))))
                .isEmpty();
        assertThat(database.tenants().call(stranger, () -> results.last(tenant, List.of(SERIES))))
                .isEmpty();
        assertThat(system(() -> results.store(List.of(new SeriesRun(
                        stranger,
                        SERIES,
                        AGENT,
                        atMinute(0).taking(Duration.ofSeconds(1)).build())))))
                .as("another tenant may use the same number")
                .hasSize(1);
        assertThat(find(SERIES, NOW).run().total()).isEqualTo(Duration.ofMillis(184));
    }

    @Test
    void webCodeStoresNothing() {
        assertThatThrownBy(() -> database.tenants()
                        .run(
                                tenant,
                                () -> results.store(List.of(new SeriesRun(
                                        tenant, SERIES, AGENT, atMinute(0).build())))))
                .isInstanceOf(DataAccessException.class)
                .hasStackTraceContaining("permission denied");
        assertThatThrownBy(() -> database.tenants()
                        .run(
                                tenant,
                                () -> database.jdbc()
                                        .sql("SELECT drop_result_partitions('2026-03-01')")
                                        .query(Integer.class)
                                        .single()))
                .isInstanceOf(DataAccessException.class)
                .hasStackTraceContaining("permission denied");
    }

    private List<Integer> listed(Results.Filter filter) {
        return read(() -> results.list(tenant, List.of(SERIES), filter, null, 10)).stream()
                .map(run -> (int) Duration.between(NOW, run.run().scheduledAt()).toMinutes())
                .toList();
    }

    private static RunRecord withoutTranscript(RunRecord run) {
        return new RunRecord(
                run.series(),
                run.revision(),
                run.runId(),
                run.scheduledAt(),
                run.startedAt(),
                run.total(),
                run.status(),
                run.failure(),
                run.phases(),
                run.network(),
                run.tls(),
                run.certificate(),
                run.greeting(),
                run.capabilities(),
                run.authMechanism(),
                null,
                run.clockSuspect(),
                run.triggered());
    }
}
