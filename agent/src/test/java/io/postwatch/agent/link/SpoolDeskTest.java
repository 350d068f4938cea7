package io.postwatch.agent.link;

import static org.assertj.core.api.Assertions.assertThat;

import io.postwatch.agent.disk.PrivateFolder;
import io.postwatch.agent.link.mapping.WireValues;
import io.postwatch.agent.spool.FailingDisk;
import io.postwatch.agent.spool.Lane;
import io.postwatch.agent.spool.RunRow;
import io.postwatch.agent.spool.Spool;
import io.postwatch.agent.spool.SpoolBounds;
import io.postwatch.agent.spool.SpoolId;
import io.postwatch.proto.agent.v1.ResultBatch;
import io.postwatch.proto.agent.v1.RunResult;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What a session takes from a real spool, also where its disk takes nothing. */
@Timeout(60)
class SpoolDeskTest {

    private static final Instant START = Instant.parse("2026-01-01T00:00:00Z");

    @TempDir
    Path home;

    private FailingDisk disk;
    private Spool spool;
    private SpoolDesk desk;
    private SpoolId id;

    @BeforeEach
    void open() throws IOException, SQLException {
        disk = FailingDisk.insert();
        spool = new Spool(
                PrivateFolder.open(home.resolve("state")), SpoolBounds.DEFAULT, () -> START, UUID::randomUUID);
        desk = new SpoolDesk(spool);
        id = spool.id();
    }

    @AfterEach
    void close() throws SQLException {
        spool.close();
        disk.close();
    }

    @Test
    void aBatchOfFewRecordsIsSmallAlsoWhereEachIsLong() {
        for (int run = 1; run <= 30; run++) {
            store(run, 5_000);
        }
        assertThat(batch(0, 20))
                .hasValueSatisfying(
                        batch -> assertThat(batch.getSerializedSize()).isBetween(15_000, 20 * 1024));
        assertThat(batch(0, 250))
                .hasValueSatisfying(batch -> assertThat(batch.getRecordsCount()).isEqualTo(30));
        assertThat(batch(0, 2))
                .as("one that is longer than its share")
                .hasValueSatisfying(batch -> assertThat(batch.getRecordsCount()).isOne());
    }

    /** By the old numbers another process tells its own: nothing may pass for stored, and nothing is sent as the other's. */
    @Test
    void aNewNumberingThatTheDiskRefusesIsTriedAgainAndNothingIsSentOrAckedUntilThen() throws SQLException {
        store(71, 10);
        store(72, 10);
        assertThat(batch(0, 10)).isPresent();

        disk.readOnly(true);
        assertThat(desk.renumberUnlessGiven(Lane.LIVE, 1, 99)).isFalse();
        assertThat(desk.renumberIfDue()).isFalse();
        assertThat(desk.renumberUnlessGiven(Lane.LIVE, 1, 99)).isFalse();
        assertThat(spool.id()).isEqualTo(id);
        assertThat(batch(0, 10)).isEmpty();

        disk.readOnly(false);
        desk.ack(Lane.LIVE, 2);
        desk.unack(Lane.LIVE, 0);
        assertThat(spool.unackedRows()).isEqualTo(2);
        assertThat(batch(0, 10)).isEmpty();

        assertThat(desk.renumberIfDue()).isTrue();
        assertThat(spool.id()).isNotEqualTo(id);
        assertThat(spool.unackedRows()).isEqualTo(2);
        assertThat(batch(0, 10))
                .hasValueSatisfying(batch -> assertThat(batch.getRecordsCount()).isEqualTo(2));
        assertThat(desk.renumberIfDue()).as("where none is due").isFalse();
    }

    @Test
    void whereNoNewNumberingIsDueNoneBegins() {
        store(71, 10);
        assertThat(desk.renumberIfDue()).isFalse();
        assertThat(spool.id()).isEqualTo(id);
    }

    private Optional<ResultBatch> batch(long after, int atMost) {
        return desk.batch(Lane.LIVE, after, atMost);
    }

    private void store(long run, int bytes) {
        byte[] payload = RunResult.newBuilder()
                .setRunId(WireValues.bytes(new UUID(5, run)))
                .setGreeting("x".repeat(bytes))
                .build()
                .toByteArray();
        spool.store(new RunRow(START, true, payload, List.of()));
    }
}
