package io.postwatch.agent.spool;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.sqlite.SQLiteErrorCode;
import org.sqlite.SQLiteException;

/** What a broken disk, a damaged file or a bug costs: what it met, and nothing else. */
@Timeout(60)
class SpoolDamageTest extends SpoolFixture {

    private static final Logger LOG = Logger.getLogger(DiskTrouble.class.getName());

    private final List<Level> said = new CopyOnWriteArrayList<>();
    private final Handler listener = new Handler() {
        @Override
        public void publish(LogRecord record) {
            said.add(record.getLevel());
        }

        @Override
        public void flush() {}

        @Override
        public void close() {}
    };

    @BeforeEach
    void listen() {
        LOG.addHandler(listener);
    }

    @AfterEach
    void listenNoMore() {
        LOG.removeHandler(listener);
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
        assertThat(folder.path("spool.db.damaged")).doesNotExist();
        byte[] damaged = Files.readAllBytes(folder.path("spool.db"));
        assertThat(openFiles("spool.db")).isEmpty();
        storeRuns("c", "d");
        assertThat(payloads(Lane.LIVE, 0)).containsExactly("1:gap of 0", "2:gap of 2", "3:d");
        assertThat(folder.path("spool.db.damaged")).hasBinaryContent(damaged);
    }

    @Test
    void aProcessThatDiesWhileItBeginsAnewStillTellsTheLoss() throws IOException, SQLException {
        storeRuns("a", "b", "c");
        spool.close();
        byte[] sound = Files.readAllBytes(folder.path("spool.db"));
        byte[] damaged = "no database at all".repeat(1000).getBytes(StandardCharsets.US_ASCII);
        Files.write(folder.path("spool.db"), damaged);
        spool = reopen(SpoolBounds.DEFAULT);
        spool.close();
        byte[] fresh = Files.readAllBytes(folder.path("spool.db"));

        Files.write(folder.path("spool.db"), damaged);
        Files.write(folder.path("spool.db.new"), Arrays.copyOf(fresh, fresh.length / 2));
        tellsTheLoss("while the new file was written");

        Files.write(folder.path("spool.db"), damaged);
        Files.write(folder.path("spool.db.new"), fresh);
        tellsTheLoss("when the new file was whole");

        Files.delete(folder.path("spool.db"));
        Files.write(folder.path("spool.db.damaged"), damaged);
        Files.write(folder.path("spool.db-wal"), Arrays.copyOf(sound, 5000));
        Files.write(folder.path("spool.db.new"), fresh);
        tellsTheLoss("when the damaged file was set aside");
    }

    private void tellsTheLoss(String diedWhen) throws IOException, SQLException {
        spool = reopen(SpoolBounds.DEFAULT);
        storeRuns("d");
        assertThat(payloads(Lane.LIVE, 0)).as("died %s", diedWhen).containsExactly("1:gap of 0", "2:d");
        assertThat(folder.path("spool.db.damaged")).exists();
        assertThat(folder.path("spool.db.new")).doesNotExist();
        spool.close();
    }

    @Test
    void aNewestResultThatCanNotBeReadKeepsNobodyFromStarting() throws SQLException {
        storeRuns("a");
        damageSchema();
        assertThat(spool.newestScheduledAt(Instant.MAX)).isEmpty();
        storeRuns("b");
        assertThat(payloads(Lane.LIVE, 0)).containsExactly("1:gap of 0", "2:b");
    }

    @Test
    void byAClockThatIsSuspectNothingIsTooOld() throws SQLException {
        storeRuns("a");
        suspect = true;
        pass(Duration.ofDays(4));
        storeRuns("b");
        storeRuns("c");
        assertThat(gaps(all(Lane.BACK_FILL))).isEmpty();
        assertThat(payloads(Lane.BACK_FILL, 0)).containsExactly("1:a");
    }

    @Test
    void whatCanNotBeForgottenIsSaid() throws SQLException {
        storeRuns("a");
        payloads(Lane.LIVE, 0);
        spool.ack(Lane.LIVE, 1);
        sql("CREATE TRIGGER no_delete BEFORE DELETE ON record BEGIN SELECT raise(FAIL, 'full'); END");
        pass(Duration.ofMinutes(11));
        storeRuns("b");
        await().until(() -> said(Level.WARNING) > 0);
    }

    @Test
    void aDiskThatRefusesIsSaidOnceAMinuteAndOnceThatItIsOver() throws SQLException {
        storeRuns("a");
        sql("CREATE TRIGGER full_insert BEFORE INSERT ON record BEGIN SELECT raise(FAIL, 'full'); END");
        sql("CREATE TRIGGER full_update BEFORE UPDATE ON record BEGIN SELECT raise(FAIL, 'full'); END");
        for (int look = 0; look < 250; look++) {
            pass(Duration.ofMillis(200));
            storeRuns("lost");
            for (Lane lane : Lane.values()) {
                payloads(lane, 0);
            }
        }
        assertThat(said(Level.WARNING)).isEqualTo(1);
        pass(Duration.ofSeconds(20));
        storeRuns("lost");
        assertThat(said(Level.WARNING)).isEqualTo(2);
        assertThat(said(Level.INFO)).isZero();

        sql("DROP TRIGGER full_insert");
        sql("DROP TRIGGER full_update");
        storeRuns("b", "c");
        assertThat(said(Level.INFO)).isEqualTo(1);
        assertThat(said(Level.WARNING)).isEqualTo(2);
        assertThat(payloads(Lane.LIVE, 0)).containsExactly("1:a", "2:gap of 251", "3:b", "4:c");
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
    void aDiskThatTakesNothingIsNoDamagedFile(SQLiteErrorCode code) {
        assertThat(SpoolFile.isDamage(new SQLiteException("refused", code))).isFalse();
    }

    private long said(Level level) {
        return said.stream().filter(level::equals).count();
    }
}
