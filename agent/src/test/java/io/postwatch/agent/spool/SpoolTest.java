package io.postwatch.agent.spool;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.postwatch.agent.disk.PrivateFolder;
import io.postwatch.agent.probe.certificate.CapturedCertificate;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class SpoolTest {

    private static final Instant START = Instant.parse("2026-01-01T00:00:00Z");

    @TempDir
    Path home;

    private final AtomicReference<Instant> now = new AtomicReference<>(START);
    private final AtomicReference<@Nullable Throwable> failure = new AtomicReference<>();
    private final AtomicInteger callsUntilFailure = new AtomicInteger();
    private PrivateFolder folder;
    private Spool spool;

    @BeforeEach
    void open() throws IOException, SQLException {
        folder = PrivateFolder.open(home.resolve("state"));
        spool = reopen(SpoolBounds.DEFAULT);
    }

    @AfterEach
    void close() {
        spool.close();
    }

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

    @Test
    void aBugInTheSpoolFailsWhatItMetAndNothingAfterIt() {
        for (int call = 1; call <= 2; call++) {
            for (Throwable bug : List.of(new IllegalStateException("bug"), new OutOfMemoryError("bug"))) {
                failure.set(bug);
                callsUntilFailure.set(call);
                storeRuns("lost");
                assertThat(failure.get()).isNull();
                storeRuns("kept");
            }
        }
        assertThat(payloads(Lane.LIVE, 0)).containsExactly("1:gap of 4", "2:kept", "3:kept", "4:kept", "5:kept");
    }

    @Test
    void whatIsNumberedCanBeSentWhileTheDiskTakesNothing() throws SQLException {
        storeRuns("a", "b");
        payloads(Lane.LIVE, 0);
        storeRuns("c");
        sql("CREATE TRIGGER full_insert BEFORE INSERT ON record BEGIN SELECT raise(FAIL, 'full'); END");
        sql("CREATE TRIGGER full_update BEFORE UPDATE ON record BEGIN SELECT raise(FAIL, 'full'); END");
        storeRuns("d");
        assertThat(payloads(Lane.LIVE, 0)).containsExactly("1:a", "2:b");
        assertThatThrownBy(() -> spool.ack(Lane.LIVE, 1)).isInstanceOf(CompletionException.class);
        assertThat(spool.unackedRows()).isEqualTo(3);
        sql("DROP TRIGGER full_insert");
        sql("DROP TRIGGER full_update");
        spool.ack(Lane.LIVE, 2);
        assertThat(payloads(Lane.LIVE, 2)).containsExactly("3:c", "4:gap of 1");
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
    void aNewNumberingCarriesWhatIsNotAcked() {
        storeRuns("a", "b", "c");
        payloads(Lane.LIVE, 0);
        spool.ack(Lane.LIVE, 1);
        SpoolId before = spool.id();
        spool.startAnew();
        assertThat(spool.id()).isNotEqualTo(before);
        assertThat(payloads(Lane.LIVE, 0)).containsExactly("1:b", "2:c");
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
    void aDamagedFileIsSetAsideAndToldAsAGap() throws IOException, SQLException {
        storeRuns("a", "b", "c");
        SpoolId before = spool.id();
        spool.close();
        byte[] file = Files.readAllBytes(folder.path("spool.db"));
        for (int i = 0; i < file.length; i += 7) {
            file[i] ^= 0x55;
        }
        Files.write(folder.path("spool.db"), file);
        spool = reopen(SpoolBounds.DEFAULT);
        assertThat(spool.id()).isNotEqualTo(before);
        assertThat(folder.path("spool.db.damaged")).exists();
        assertThat(gaps(all(Lane.LIVE)))
                .singleElement()
                .satisfies(gap -> assertThat(gap.reason()).isEqualTo(GapReason.SPOOL_DAMAGED));
        storeRuns("d");
        assertThat(payloads(Lane.LIVE, 1)).containsExactly("2:d");
    }

    @Test
    void aNewSpoolThatCanNotBeMadeLeavesNoFileOpenAndTheDamagedOneAlone() throws IOException, SQLException {
        storeRuns("a");
        damageSchema();
        callsUntilFailure.set(5);
        failure.set(new IllegalStateException("bug"));
        storeRuns("b");
        assertThat(failure.get()).isNull();
        byte[] damaged = Files.readAllBytes(folder.path("spool.db.damaged"));
        assertThat(openFiles("spool.db")).isEmpty();
        storeRuns("c", "d");
        assertThat(payloads(Lane.LIVE, 0)).containsExactly("1:gap of 0", "2:gap of 2", "3:d");
        assertThat(folder.path("spool.db.damaged")).hasBinaryContent(damaged);
    }

    @Test
    void whatCanNotBeForgottenIsSaid() throws SQLException {
        List<String> said = new CopyOnWriteArrayList<>();
        Handler listener = new Handler() {
            @Override
            public void publish(LogRecord record) {
                said.add(record.getMessage());
            }

            @Override
            public void flush() {}

            @Override
            public void close() {}
        };
        Logger log = Logger.getLogger(Spool.class.getName());
        log.addHandler(listener);
        try {
            storeRuns("a");
            payloads(Lane.LIVE, 0);
            spool.ack(Lane.LIVE, 1);
            sql("CREATE TRIGGER no_delete BEFORE DELETE ON record BEGIN SELECT raise(FAIL, 'full'); END");
            pass(Duration.ofMinutes(11));
            storeRuns("b");
            await().until(() -> said.stream().anyMatch(message -> message.contains("forget")));
        } finally {
            log.removeHandler(listener);
        }
    }

    @Test
    void aCopyTakenFromUnderARunningSpoolHoldsAllThatWasStored() throws IOException, SQLException {
        storeRuns("a", "b");
        payloads(Lane.LIVE, 0);
        PrivateFolder copy = PrivateFolder.open(home.resolve("copy"));
        for (String file : List.of("spool.db", "spool.db-wal")) {
            Files.copy(folder.path(file), copy.path(file));
        }
        try (Spool afterCrash = new Spool(copy, SpoolBounds.DEFAULT, now::get)) {
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

    private Spool reopen(SpoolBounds bounds) throws IOException, SQLException {
        return new Spool(folder, bounds, this::time);
    }

    /** The time, or the failure that the spool's thread is to meet. */
    private Instant time() {
        Throwable due = failure.get();
        if (due != null && callsUntilFailure.decrementAndGet() == 0) {
            failure.set(null);
            if (due instanceof Error error) {
                throw error;
            }
            throw new IllegalStateException(due);
        }
        return now.get();
    }

    private void sql(String statement) throws SQLException {
        try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + folder.path("spool.db"));
                Statement run = connection.createStatement()) {
            run.execute(statement);
        }
    }

    /** The next statement of the running spool finds the table's definition unreadable. */
    private void damageSchema() throws SQLException {
        try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + folder.path("spool.db"));
                Statement run = connection.createStatement()) {
            run.execute("PRAGMA writable_schema = ON");
            run.execute("UPDATE sqlite_schema SET sql = 'damaged' WHERE name = 'record'");
            run.execute("PRAGMA schema_version = 4711");
        }
    }

    /** Open files of this process in the folder whose names begin like this. */
    private List<String> openFiles(String prefix) throws IOException {
        List<String> open = new ArrayList<>();
        try (DirectoryStream<Path> descriptors = Files.newDirectoryStream(Path.of("/proc/self/fd"))) {
            for (Path descriptor : descriptors) {
                String file = Files.isSymbolicLink(descriptor)
                        ? Files.readSymbolicLink(descriptor).toString()
                        : "";
                if (file.startsWith(folder.path(prefix).toString())) {
                    open.add(file);
                }
            }
        }
        return open;
    }

    private void pass(Duration time) {
        now.updateAndGet(before -> before.plus(time));
    }

    private void storeRuns(String... payloads) {
        for (String payload : payloads) {
            spool.store(new RunRow(now.get(), true, payload.getBytes(StandardCharsets.UTF_8), List.of()));
        }
    }

    private List<String> payloads(Lane lane, long after) {
        return spool.following(lane, after, 100, 1_000_000).stream()
                .map(record -> switch (record) {
                    case SpoolRecord.Run run ->
                        run.sequence() + ":" + new String(run.payload(), StandardCharsets.UTF_8);
                    case SpoolRecord.Gap gap -> gap.sequence() + ":gap of " + gap.count();
                })
                .toList();
    }

    private List<SpoolRecord> all(Lane lane) {
        return spool.following(lane, 0, 100_000, 1_000_000_000);
    }

    private static List<SpoolRecord.Gap> gaps(List<SpoolRecord> records) {
        return records.stream()
                .filter(SpoolRecord.Gap.class::isInstance)
                .map(SpoolRecord.Gap.class::cast)
                .toList();
    }
}
