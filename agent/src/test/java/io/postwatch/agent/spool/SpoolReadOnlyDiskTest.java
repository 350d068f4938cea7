package io.postwatch.agent.spool;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletionException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.sqlite.SQLiteErrorCode;
import org.sqlite.SQLiteException;

/** A disk that takes nothing any more under a spool that is open, not even the count of what it refuses, and takes it again. */
@Timeout(60)
class SpoolReadOnlyDiskTest extends SpoolFixture {

    private FailingDisk disk;

    @BeforeEach
    void insertDisk() throws IOException, SQLException {
        spool.close();
        disk = FailingDisk.insert();
        Files.delete(folder.path("spool.lost"));
        Files.createDirectory(folder.path("spool.lost"));
        spool = reopen(SpoolBounds.DEFAULT);
    }

    @AfterEach
    void removeDisk() throws SQLException {
        disk.close();
    }

    @Test
    void whatAReadOnlyDiskRefusedIsToldToTheNumberOnceItCanBeWritten() throws SQLException {
        SpoolId id = spool.id();
        storeRuns("a", "b");
        assertThat(payloads(Lane.LIVE, 0)).containsExactly("1:a", "2:b");
        storeRuns("c");

        disk.readOnly(true);
        for (int i = 0; i < 7; i++) {
            pass(Duration.ofSeconds(1));
            storeRuns("lost");
        }
        assertThatThrownBy(() -> spool.ack(Lane.LIVE, 1))
                .isInstanceOf(CompletionException.class)
                .cause()
                .isInstanceOfSatisfying(
                        SQLiteException.class,
                        refused -> assertThat(refused.getResultCode()).isEqualTo(SQLiteErrorCode.SQLITE_READONLY));
        assertThat(payloads(Lane.LIVE, 0)).as("what has its number").containsExactly("1:a", "2:b");
        assertThat(spool.unackedRows()).isEqualTo(3);

        disk.readOnly(false);
        pass(Duration.ofSeconds(1));
        storeRuns("d");
        assertThat(payloads(Lane.LIVE, 0)).containsExactly("1:a", "2:b", "3:c", "4:gap of 7", "5:d");
        assertThat(gaps(all(Lane.LIVE)))
                .containsExactly(
                        new SpoolRecord.Gap(4, 7, START.plusSeconds(1), START.plusSeconds(7), GapReason.SPOOL_FULL));
        spool.ack(Lane.LIVE, 5);
        assertThat(spool.unackedRows()).isZero();
        assertThat(spool.id()).isEqualTo(id);
        assertThat(folder.path("spool.db.damaged")).doesNotExist();
    }

    @Test
    void eachLossIsToldOnceAlsoWhereNoResultComesAfterIt() throws SQLException {
        disk.readOnly(true);
        storeRuns("lost", "lost");
        disk.readOnly(false);
        assertThat(payloads(Lane.LIVE, 0)).containsExactly("1:gap of 2");

        disk.readOnly(true);
        storeRuns("lost", "lost", "lost");
        assertThat(payloads(Lane.LIVE, 0)).containsExactly("1:gap of 2");
        disk.readOnly(false);
        assertThat(payloads(Lane.LIVE, 0)).containsExactly("1:gap of 2", "2:gap of 3");
        storeRuns("a");
        assertThat(payloads(Lane.LIVE, 1)).containsExactly("2:gap of 3", "3:a");
    }

    /** There SQLite rolls back by itself. */
    @Test
    void whatAFullDiskRefusedIsToldToTheNumberOnceThereIsRoom() throws IOException, SQLException {
        storeRuns("a");
        disk.full(true);
        for (int i = 0; i < 4; i++) {
            spool.store(new RunRow(now.get(), true, new byte[20_000], List.of()));
        }
        assertThat(spool.unackedRows()).isEqualTo(1);

        disk.full(false);
        storeRuns("b", "c");
        assertThat(payloads(Lane.LIVE, 0)).containsExactly("1:a", "2:gap of 4", "3:b", "4:c");
        spool.close();
        spool = reopen(SpoolBounds.DEFAULT);
        assertThat(payloads(Lane.LIVE, 0)).containsExactly("1:a", "2:gap of 4", "3:b", "4:c");
        assertThat(spool.unackedRows()).isEqualTo(4);
    }

    @ParameterizedTest
    @EnumSource(
            value = SQLiteErrorCode.class,
            names = {
                "SQLITE_FULL",
                "SQLITE_READONLY",
                "SQLITE_IOERR",
                "SQLITE_IOERR_WRITE",
                "SQLITE_IOERR_FSYNC",
                "SQLITE_CANTOPEN",
                "SQLITE_BUSY",
                "SQLITE_PERM"
            })
    void whatCanNotBeMadeDurableIsTakenBackAndCounted(SQLiteErrorCode code) {
        storeRuns("a");
        disk.commitsFailWith(code);
        storeRuns("lost", "lost", "lost");
        assertThat(spool.unackedRows()).isEqualTo(1);
        disk.commitsFailWith(null);
        storeRuns("b");
        assertThat(payloads(Lane.LIVE, 0)).containsExactly("1:a", "2:gap of 3", "3:b");
        assertThat(folder.path("spool.db.damaged")).doesNotExist();
    }
}
