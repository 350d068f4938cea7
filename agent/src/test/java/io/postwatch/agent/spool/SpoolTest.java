package io.postwatch.agent.spool;

import static org.assertj.core.api.Assertions.assertThat;

import io.postwatch.agent.disk.PrivateFolder;
import io.postwatch.agent.probe.certificate.CapturedCertificate;
import java.io.IOException;
import java.nio.file.Files;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class SpoolTest extends SpoolFixture {

    @Test
    void recordsAreNumberedFromOneInOrder() {
        storeRuns("a", "b", "c");
        assertThat(payloads(Lane.LIVE, 0)).containsExactly("1:a", "2:b", "3:c");
        assertThat(payloads(Lane.LIVE, 2)).containsExactly("3:c");
        storeRuns("d");
        assertThat(payloads(Lane.LIVE, 3)).containsExactly("4:d");
        assertThat(payloads(Lane.BACK_FILL, 0)).isEmpty();
        assertThat(spool.unackedRows()).isEqualTo(4);
    }

    @Test
    void aNumberIsForEver() throws IOException, SQLException {
        SpoolId id = spool.id();
        storeRuns("a", "b");
        assertThat(payloads(Lane.LIVE, 0)).containsExactly("1:a", "2:b");
        storeRuns("c");
        pass(Duration.ofMinutes(5));
        spool.close();
        spool = reopen(SpoolBounds.DEFAULT);
        assertThat(spool.id()).isEqualTo(id);
        assertThat(payloads(Lane.LIVE, 0)).containsExactly("1:a", "2:b");
        assertThat(payloads(Lane.BACK_FILL, 0)).containsExactly("1:c");
    }

    @Test
    void whatAnOutageLeftIsBackFillAndWhatIsFreshIsLive() {
        storeRuns("old");
        pass(Duration.ofMinutes(3));
        storeRuns("new");
        assertThat(payloads(Lane.LIVE, 0)).containsExactly("1:new");
        assertThat(payloads(Lane.BACK_FILL, 0)).containsExactly("1:old");
    }

    @Test
    void ackedRecordsStayTenMinutesForADatabaseThatLostThem() throws IOException, SQLException {
        storeRuns("a", "b", "c");
        payloads(Lane.LIVE, 0);
        spool.ack(Lane.LIVE, 2);
        assertThat(spool.unackedRows()).isEqualTo(1);
        spool.ack(Lane.LIVE, 2);
        spool.ack(Lane.LIVE, 1);
        assertThat(spool.unackedRows()).isEqualTo(1);
        assertThat(payloads(Lane.LIVE, 0)).containsExactly("1:a", "2:b", "3:c");
        pass(Duration.ofMinutes(11));
        storeRuns("d");
        assertThat(payloads(Lane.LIVE, 0)).containsExactly("3:c", "4:d");
        spool.close();
        spool = reopen(SpoolBounds.DEFAULT);
        assertThat(spool.unackedRows()).isEqualTo(2);
    }

    @Test
    void whatTheControllerLostIsKeptUntilItIsAckedAgain() throws IOException, SQLException {
        storeRuns("a", "b", "c");
        payloads(Lane.LIVE, 0);
        spool.ack(Lane.LIVE, 3);
        assertThat(spool.unackedRows()).isZero();
        pass(Duration.ofMinutes(9));
        spool.unack(Lane.LIVE, 5);
        assertThat(spool.unackedRows()).isZero();
        spool.unack(Lane.LIVE, 1);
        assertThat(spool.unackedRows()).isEqualTo(2);
        pass(Duration.ofMinutes(2));
        storeRuns("d");
        assertThat(payloads(Lane.LIVE, 0)).containsExactly("2:b", "3:c", "4:d");
        spool.ack(Lane.LIVE, 4);
        assertThat(spool.unackedRows()).isZero();
        spool.close();
        spool = reopen(SpoolBounds.DEFAULT);
        assertThat(spool.unackedRows()).isZero();
    }

    /** A clock that was ahead at one ack lets go of a later record first; a batch with a hole would end every session. */
    @Test
    void whatIsAskedForAgainEndsAtAHole() {
        storeRuns("a", "b", "c");
        payloads(Lane.LIVE, 0);
        pass(Duration.ofHours(1));
        spool.ack(Lane.LIVE, 1);
        pass(Duration.ofHours(-1));
        spool.ack(Lane.LIVE, 2);
        pass(Duration.ofMinutes(11));
        storeRuns("d");

        spool.unack(Lane.LIVE, 0);

        assertThat(payloads(Lane.LIVE, 0)).containsExactly("1:a");
        assertThat(payloads(Lane.LIVE, 1)).containsExactly("3:c", "4:d");
    }

    @Test
    void anAckOfWhatWasNeverGivenChangesNothingToCome() {
        storeRuns("a");
        payloads(Lane.LIVE, 0);
        spool.ack(Lane.LIVE, 50);
        storeRuns("b");
        assertThat(payloads(Lane.LIVE, 1)).containsExactly("2:b");
        assertThat(spool.unackedRows()).isEqualTo(1);
        assertThat(spool.lastSequence(Lane.LIVE)).isEqualTo(2);
    }

    @Test
    void aNewNumberingCarriesAllThatIsKeptAlsoWhatWasAcked() {
        storeRuns("a", "b", "c");
        payloads(Lane.LIVE, 0);
        spool.ack(Lane.LIVE, 1);
        SpoolId before = spool.id();
        spool.startAnew();
        assertThat(spool.id()).isNotEqualTo(before);
        assertThat(spool.unackedRows()).isEqualTo(3);
        assertThat(payloads(Lane.LIVE, 0)).containsExactly("1:a", "2:b", "3:c");
    }

    @Test
    void aFullSpoolDropsTheOldestOkResultsFirstAndTellsHowMany() throws IOException, SQLException {
        spool.close();
        spool = reopen(
                new SpoolBounds(1024 * 1024, Duration.ofDays(3), Duration.ofMinutes(2), Duration.ofMinutes(10), 10));
        List<Integer> failures = List.of(3, 100);
        for (int i = 0; i < 600; i++) {
            boolean ok = !failures.contains(i);
            spool.store(new RunRow(START.plusSeconds(i), ok, new byte[ok ? 4096 : 4095], List.of()));
        }
        List<SpoolRecord> all = all(Lane.LIVE);
        List<SpoolRecord.Gap> gaps = gaps(all);
        assertThat(gaps).hasSize(1);
        assertThat(gaps.getFirst().reason()).isEqualTo(GapReason.SPOOL_FULL);
        assertThat(gaps.getFirst().first()).isEqualTo(START);
        assertThat(gaps.getFirst().count() + all.size() - 1).isEqualTo(600);
        assertThat(all.size() * 4096L).isBetween(100_000L, 1_100_000L);
        assertThat(all.stream().map(SpoolRecord::sequence))
                .containsExactlyElementsOf(
                        LongStream.rangeClosed(1, all.size()).boxed().toList());
        assertThat(gaps.getFirst().last()).isAfter(START.plusSeconds(100));
        assertThat(all).filteredOn(record -> record.size() == 4095).hasSize(2);
    }

    @Test
    void onlyFailuresAreDroppedWhenNothingElseIsLeft() throws IOException, SQLException {
        spool.close();
        spool = reopen(
                new SpoolBounds(1024 * 1024, Duration.ofDays(3), Duration.ofMinutes(2), Duration.ofMinutes(10), 10));
        for (int i = 0; i < 400; i++) {
            spool.store(new RunRow(START.plusSeconds(i), false, new byte[4096], List.of()));
        }
        List<SpoolRecord> all = all(Lane.LIVE);
        assertThat(gaps(all))
                .singleElement()
                .satisfies(gap -> assertThat(gap.count()).isEqualTo(400L - (all.size() - 1)));
    }

    @Test
    void whatIsTooOldIsToldAsAGap() {
        storeRuns("a", "b");
        pass(Duration.ofDays(4));
        storeRuns("c");
        storeRuns("d");
        assertThat(gaps(all(Lane.LIVE))).singleElement().satisfies(gap -> {
            assertThat(gap.count()).isEqualTo(2);
            assertThat(gap.reason()).isEqualTo(GapReason.TOO_OLD);
        });
        assertThat(payloads(Lane.BACK_FILL, 0)).isEmpty();
    }

    @Test
    void aLossIsCountedOnceWhereSeveralGapsWaitForNewNumbers() {
        for (long given = 0; given < 2; given++) {
            storeRuns("too old soon");
            pass(Duration.ofHours(73));
            assertThat(spool.lastSequence(Lane.LIVE)).isEqualTo(given);
            assertThat(payloads(Lane.LIVE, given)).containsExactly(given + 1 + ":gap of 1");
        }
        spool.startAnew();

        storeRuns("too old soon");
        pass(Duration.ofHours(73));
        assertThat(spool.lastSequence(Lane.LIVE)).isZero();

        assertThat(gaps(all(Lane.BACK_FILL))).extracting(SpoolRecord.Gap::count).containsExactly(2L, 1L);
    }

    @Test
    void aCopyTakenFromUnderARunningSpoolHoldsAllThatWasStored() throws IOException, SQLException {
        storeRuns("a", "b");
        payloads(Lane.LIVE, 0);
        PrivateFolder copy = PrivateFolder.open(home.resolve("copy"));
        for (String file : List.of("spool.db", "spool.db-wal")) {
            Files.copy(folder.path(file), copy.path(file));
        }
        try (Spool afterCrash = new Spool(copy, SpoolBounds.DEFAULT, now::get, UUID::randomUUID)) {
            assertThat(afterCrash.id()).isEqualTo(spool.id());
            assertThat(afterCrash.following(Lane.LIVE, 0, 10, 1_000_000)).hasSize(2);
        }
    }

    @Test
    void certificatesAreKeptOnceAndBounded() throws IOException, SQLException {
        spool.close();
        spool = reopen(
                new SpoolBounds(1024 * 1024, Duration.ofDays(3), Duration.ofMinutes(2), Duration.ofMinutes(10), 3));
        List<CapturedCertificate> certificates = IntStream.range(0, 5)
                .mapToObj(i -> CapturedCertificate.of(new byte[] {(byte) i}))
                .toList();
        for (CapturedCertificate certificate : certificates) {
            pass(Duration.ofSeconds(1));
            spool.store(new RunRow(START, true, new byte[] {1}, List.of(certificate)));
        }
        assertThat(spool.certificate(certificates.get(0).fingerprint())).isEmpty();
        assertThat(spool.certificate(certificates.get(4).fingerprint()))
                .hasValueSatisfying(der -> assertThat(der).containsExactly(4));
    }

    @Test
    void aBatchKeepsItsByteBound() {
        storeRuns("aaaa", "bbbb", "cccc");
        assertThat(spool.following(Lane.LIVE, 0, 10, 8)).hasSize(2);
        assertThat(spool.following(Lane.LIVE, 2, 10, 1)).hasSize(1);
    }

    @Test
    void manyWritersShareTheDisk() throws InterruptedException {
        List<Thread> writers = new ArrayList<>();
        for (int i = 0; i < 400; i++) {
            writers.add(Thread.ofVirtual().start(() -> storeRuns("x")));
        }
        for (Thread writer : writers) {
            writer.join();
        }
        assertThat(all(Lane.LIVE)).hasSize(400);
        assertThat(spool.unackedRows()).isEqualTo(400);
    }
}
