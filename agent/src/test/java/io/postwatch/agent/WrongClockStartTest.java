package io.postwatch.agent;

import static org.assertj.core.api.Assertions.assertThat;

import io.postwatch.agent.assignment.AssignmentStore;
import io.postwatch.agent.assignment.DesiredState;
import io.postwatch.agent.assignment.StateCodec;
import io.postwatch.agent.disk.PrivateFolder;
import io.postwatch.agent.schedule.ControllerClock;
import io.postwatch.agent.schedule.TimeSample;
import io.postwatch.agent.spool.Lane;
import io.postwatch.agent.spool.RunRow;
import io.postwatch.agent.spool.Spool;
import io.postwatch.agent.spool.SpoolBounds;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * An agent that starts without a controller while its wall clock shows a time days later: it was switched off for that long,
 * or its clock was set.
 */
class WrongClockStartTest {

    private static final Instant START = Instant.parse("2026-01-01T00:00:00Z");

    @TempDir
    Path home;

    private PrivateFolder folder;
    private Instant wall = START;
    private long nanos;

    @BeforeEach
    void aLifeBefore() throws IOException, SQLException {
        folder = PrivateFolder.open(home.resolve("state"));
        ControllerClock clock = clock();
        clock.sample(new TimeSample(nanos, nanos, START));
        try (Spool spool = spool(clock)) {
            spool.store(new RunRow(START, true, "kept".getBytes(StandardCharsets.US_ASCII), List.of()));
        }
        assignments(clock).save(DesiredState.of(7, List.of()));
        clock.keepNow();
    }

    @Test
    void losesNoResultBeforeAControllerSaidThatTheTimeIsRight() throws IOException, SQLException {
        wall = START.plus(Duration.ofHours(80));
        ControllerClock clock = clock();
        assertThat(clock.instant()).isEqualTo(wall);
        assertThat(clock.isSuspect()).isFalse();
        try (Spool spool = spool(clock)) {
            pass(Duration.ofMinutes(1));
            store(spool);
            assertThat(spool.unackedRows()).isEqualTo(2);

            clock.sample(new TimeSample(nanos, nanos, START.plus(Duration.ofMinutes(2))));
            pass(Duration.ofMinutes(1));
            store(spool);
            assertThat(spool.unackedRows()).isEqualTo(3);
            assertThat(spool.following(Lane.BACK_FILL, 0, 10, 1_000)).hasSize(1);
        }
    }

    @Test
    void dropsWhatIsTooOldOnceAControllerSaidThatItIs() throws IOException, SQLException {
        wall = START.plus(Duration.ofHours(80));
        ControllerClock clock = clock();
        try (Spool spool = spool(clock)) {
            clock.sample(new TimeSample(nanos, nanos, wall));
            pass(Duration.ofMinutes(1));
            store(spool);
            // The gap, and the new one.
            assertThat(spool.unackedRows()).isEqualTo(2);
            assertThat(spool.following(Lane.BACK_FILL, 0, 10, 1_000)).isEmpty();
        }
    }

    /** To log in somewhere with what nobody stood behind for so long is worse than to wait; and the copy stays. */
    @Test
    void runsNothingThatNoControllerStoodBehindForTooLongAsFarAsItKnows() throws IOException {
        wall = START.plus(Duration.ofDays(8));
        assertThat(assignments(clock()).load().revision()).isZero();
        wall = START.plus(Duration.ofDays(6));
        assertThat(assignments(clock()).load().revision()).isEqualTo(7);
    }

    private void pass(Duration time) {
        wall = wall.plus(time);
        nanos += time.toNanos();
    }

    /** Whatever is too old goes with it. */
    private void store(Spool spool) {
        spool.store(new RunRow(wall, true, "new".getBytes(StandardCharsets.US_ASCII), List.of()));
    }

    private ControllerClock clock() {
        return new ControllerClock(() -> nanos, () -> wall, folder);
    }

    private Spool spool(ControllerClock clock) throws IOException, SQLException {
        return new Spool(folder, SpoolBounds.DEFAULT, clock, UUID::randomUUID);
    }

    private AssignmentStore assignments(ControllerClock clock) {
        return new AssignmentStore(
                folder,
                new SecretKeySpec(new byte[32], "AES"),
                new SecureRandom(),
                new RevisionOnly(),
                clock,
                Duration.ofDays(7));
    }

    /** Keeps the revision and nothing else. */
    private static final class RevisionOnly implements StateCodec {

        @Override
        public byte[] encode(DesiredState state) {
            return Long.toString(state.revision()).getBytes(StandardCharsets.US_ASCII);
        }

        @Override
        public DesiredState decode(byte[] bytes) {
            return DesiredState.of(Long.parseLong(new String(bytes, StandardCharsets.US_ASCII)), List.of());
        }
    }
}
