package io.postwatch.agent.spool;

import static org.assertj.core.api.Assertions.assertThat;

import io.postwatch.agent.disk.PrivateFolder;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What is lost is told: once, with its number, also by the next process. What is not lost isn't told as such. */
@Timeout(60)
class SpoolLossTest extends SpoolFixture {

    private static final String FULL_INSERT =
            "CREATE TRIGGER full_insert BEFORE INSERT ON record BEGIN SELECT raise(FAIL, 'full'); END";
    private static final String NO_LONGER_FULL = "DROP TRIGGER full_insert";
    private static final SpoolBounds SMALL =
            new SpoolBounds(1024 * 1024, Duration.ofDays(3), Duration.ofMinutes(2), Duration.ofMinutes(10), 10);

    private int copies;

    @Test
    void whatAFullDiskRefusedIsToldByTheNextProcess() throws IOException, SQLException {
        storeRuns("a");
        sql(FULL_INSERT);
        storeRuns("b");
        pass(Duration.ofSeconds(10));
        storeRuns("c", "d");
        try (Spool next = afterKill()) {
            assertThat(gaps(next.following(Lane.LIVE, 0, 10, 1_000_000))).isEmpty();
            freed(next);
            assertThat(gaps(next.following(Lane.LIVE, 0, 10, 1_000_000)))
                    .singleElement()
                    .satisfies(gap -> {
                        assertThat(gap.count()).isEqualTo(3);
                        assertThat(gap.first()).isEqualTo(START);
                        assertThat(gap.last()).isEqualTo(START.plusSeconds(10));
                        assertThat(gap.reason()).isEqualTo(GapReason.SPOOL_FULL);
                    });
        }
    }

    @Test
    void whatWasToldIsNotToldAgain() throws IOException, SQLException {
        sql(FULL_INSERT);
        storeRuns("a", "b");
        sql(NO_LONGER_FULL);
        storeRuns("c");
        assertThat(payloads(Lane.LIVE, 0)).containsExactly("1:gap of 2", "2:c");
        sql(FULL_INSERT);
        storeRuns("d");
        try (Spool next = afterKill()) {
            freed(next);
            assertThat(gaps(next.following(Lane.LIVE, 2, 10, 1_000_000)))
                    .singleElement()
                    .satisfies(gap -> assertThat(gap.count()).isEqualTo(1));
        }
        sql(NO_LONGER_FULL);
        storeRuns("e");
        assertThat(payloads(Lane.LIVE, 2)).containsExactly("3:gap of 1", "4:e");
        spool.close();
        spool = reopen(SpoolBounds.DEFAULT);
        storeRuns("f");
        assertThat(payloads(Lane.LIVE, 4)).containsExactly("5:f");
    }

    @Test
    void aCountThatWasWrittenInHalfIsTheOneBefore() throws IOException, SQLException {
        sql(FULL_INSERT);
        storeRuns("a", "b", "c");
        spool.close();
        try (RandomAccessFile file =
                new RandomAccessFile(folder.path("spool.lost").toFile(), "rw")) {
            // The third is in the second place.
            file.seek(4096 + 9);
            file.write(77);
        }
        spool = reopen(SpoolBounds.DEFAULT);
        sql(NO_LONGER_FULL);
        storeRuns("d");
        assertThat(payloads(Lane.LIVE, 0)).containsExactly("1:gap of 2", "2:d");
    }

    @Test
    void aDamagedSpoolThatIsReplacedTellsNoCountTwice() throws IOException, SQLException {
        sql(FULL_INSERT);
        storeRuns("a", "b");
        sql(NO_LONGER_FULL);
        storeRuns("c");
        spool.close();
        Files.deleteIfExists(folder.path("spool.db-wal"));
        Files.write(folder.path("spool.db"), "no database at all".repeat(1000).getBytes(StandardCharsets.US_ASCII));
        spool = reopen(SpoolBounds.DEFAULT);
        storeRuns("d");
        assertThat(payloads(Lane.LIVE, 0)).containsExactly("1:gap of 0", "2:d");
    }

    @Test
    void whatWasAckedBeforeANewNumberingTakesNoRoom() throws IOException, SQLException {
        spool.close();
        spool = reopen(SMALL);
        storeBytes(230);
        spool.ack(Lane.LIVE, all(Lane.LIVE).size());
        assertThat(spool.unackedRows()).isZero();

        spool.startAnew();
        storeBytes(230);
        assertThat(all(Lane.LIVE)).hasSize(460);
        assertThat(gaps(all(Lane.LIVE))).isEmpty();
        assertThat(spool.unackedRows()).isEqualTo(460);
        spool.close();
        spool = reopen(SMALL);
        storeBytes(1);
        assertThat(gaps(all(Lane.LIVE))).isEmpty();
        storeBytes(100);
        assertThat(gaps(all(Lane.LIVE)))
                .as("what is new and doesn't fit")
                .singleElement()
                .satisfies(gap -> assertThat(gap.reason()).isEqualTo(GapReason.SPOOL_FULL));
    }

    @Test
    void whatWasAckedBeforeANewNumberingAndGrowsOldIsNotLost() {
        storeRuns("a", "b");
        spool.ack(Lane.LIVE, all(Lane.LIVE).size());
        spool.startAnew();
        pass(Duration.ofHours(73));
        storeRuns("c");
        storeRuns("d");
        assertThat(payloads(Lane.LIVE, 0)).containsExactly("1:c", "2:d");
        assertThat(payloads(Lane.BACK_FILL, 0)).isEmpty();
        assertThat(spool.unackedRows()).isEqualTo(2);
    }

    @Test
    void aFileOfAnOlderVersionIsReadAndServesOn() throws IOException, SQLException {
        storeRuns("a");
        spool.close();
        sql("ALTER TABLE record DROP COLUMN was_acked");
        sql("ALTER TABLE spool DROP COLUMN lost_told");
        spool = reopen(SpoolBounds.DEFAULT);
        storeRuns("b");
        assertThat(payloads(Lane.LIVE, 0)).containsExactly("1:a", "2:b");
    }

    private void storeBytes(int rows) {
        for (int i = 0; i < rows; i++) {
            spool.store(new RunRow(START.plusSeconds(i), true, new byte[4096], List.of()));
        }
    }

    /** A spool on the files as a kill leaves them now. */
    private Spool afterKill() throws IOException, SQLException {
        PrivateFolder copy = PrivateFolder.open(home.resolve("copy" + copies++));
        for (String file : List.of("spool.db", "spool.db-wal", "spool.lost")) {
            Files.copy(folder.path(file), copy.path(file));
        }
        return new Spool(copy, SpoolBounds.DEFAULT, now::get, UUID::randomUUID);
    }

    /** Its disk takes results again. */
    private void freed(Spool next) throws SQLException {
        PrivateFolder folderBefore = folder;
        try {
            folder = PrivateFolder.open(home.resolve("copy" + (copies - 1)));
            sql(NO_LONGER_FULL);
        } catch (IOException impossible) {
            throw new IllegalStateException(impossible);
        } finally {
            folder = folderBefore;
        }
        next.store(new RunRow(now.get(), true, new byte[] {1}, List.of()));
    }
}
