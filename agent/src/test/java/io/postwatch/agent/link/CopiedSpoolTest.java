package io.postwatch.agent.link;

import static org.assertj.core.api.Assertions.assertThat;

import io.postwatch.agent.disk.PrivateFolder;
import io.postwatch.agent.link.mapping.WireValues;
import io.postwatch.agent.spool.Lane;
import io.postwatch.agent.spool.RunRow;
import io.postwatch.agent.spool.Spool;
import io.postwatch.agent.spool.SpoolBounds;
import io.postwatch.agent.spool.SpoolId;
import io.postwatch.agent.spool.SpoolRecord;
import io.postwatch.proto.agent.v1.RunResult;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A spool of which a copy runs elsewhere: what the copy numbered must not pass for what this one did. */
class CopiedSpoolTest {

    private static final Instant START = Instant.parse("2026-01-01T00:00:00Z");

    @TempDir
    Path home;

    private Spool spool;
    private SpoolDesk desk;
    private SpoolId id;

    @BeforeEach
    void numberTwoResults() throws IOException, SQLException {
        spool = new Spool(
                PrivateFolder.open(home.resolve("state")), SpoolBounds.DEFAULT, () -> START, UUID::randomUUID);
        desk = new SpoolDesk(spool);
        id = spool.id();
        store(71);
        store(72);
        assertThat(spool.following(Lane.LIVE, 0, 10, 10_000)).hasSize(2);
    }

    @AfterEach
    void close() {
        spool.close();
    }

    @Test
    void goesOnWhereTheControllerHasItsOwnRecord() {
        assertThat(desk.renumberUnlessGiven(Lane.LIVE, 2, 72)).isFalse();
        assertThat(desk.renumberUnlessGiven(Lane.LIVE, 1, 71)).isFalse();
        assertThat(desk.renumberUnlessGiven(Lane.BACK_FILL, 0, 0)).isFalse();
        assertThat(spool.id()).isEqualTo(id);
    }

    @Test
    void goesOnWhereAControllerSaysNothingOfTheRecord() {
        assertThat(desk.renumberUnlessGiven(Lane.LIVE, 2, 0)).isFalse();
        assertThat(spool.id()).isEqualTo(id);
    }

    @Test
    void beginsANewNumberingWhereTheControllerHasAnotherRecordUnderThatNumber() {
        assertThat(desk.renumberUnlessGiven(Lane.LIVE, 1, 99)).isTrue();
        assertThat(spool.id()).isNotEqualTo(id);
        assertThat(spool.unackedRows()).isEqualTo(2);
        assertThat(spool.following(Lane.LIVE, 0, 10, 10_000))
                .extracting(SpoolRecord::sequence)
                .containsExactly(1L, 2L);
    }

    @Test
    void aGapIsKnownByWhatItCounts() {
        spool.ack(Lane.LIVE, 2);
        assertThat(desk.renumberUnlessGiven(Lane.LIVE, 2, 4))
                .as("a gap of three, and here a result")
                .isTrue();
    }

    private void store(long run) {
        byte[] payload = RunResult.newBuilder()
                .setRunId(WireValues.bytes(new UUID(5, run)))
                .build()
                .toByteArray();
        spool.store(new RunRow(START, true, payload, List.of()));
    }
}
