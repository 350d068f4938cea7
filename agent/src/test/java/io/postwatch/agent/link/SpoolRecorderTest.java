package io.postwatch.agent.link;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.InvalidProtocolBufferException;
import io.postwatch.agent.assignment.SeriesId;
import io.postwatch.agent.disk.PrivateFolder;
import io.postwatch.agent.probe.ProbeResult;
import io.postwatch.agent.probe.Status;
import io.postwatch.agent.probe.Transcript;
import io.postwatch.agent.probe.failure.Failure;
import io.postwatch.agent.probe.failure.FailureCode;
import io.postwatch.agent.schedule.FinishedRun;
import io.postwatch.agent.spool.Lane;
import io.postwatch.agent.spool.Spool;
import io.postwatch.agent.spool.SpoolBounds;
import io.postwatch.agent.spool.SpoolRecord;
import io.postwatch.proto.agent.v1.RunResult;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SpoolRecorderTest {

    private static final Instant START = Instant.parse("2026-01-01T00:00:00Z");
    private static final Transcript SAID = new Transcript(
            List.of(new Transcript.Line(Duration.ZERO, Transcript.Direction.SERVER, "220 mail.example.org")), 0);

    @TempDir
    Path home;

    @Test
    void whatWasSaidIsKeptWhereSomebodyWillWantToReadIt()
            throws IOException, SQLException, InvalidProtocolBufferException {
        try (Spool spool = new Spool(
                PrivateFolder.open(home.resolve("state")), SpoolBounds.DEFAULT, () -> START, UUID::randomUUID)) {
            SpoolRecorder recorder = new SpoolRecorder(spool, () -> {});
            recorder.record(run(Status.OK, false));
            recorder.record(run(Status.OK, false));
            recorder.record(run(Status.ERROR, false));
            recorder.record(run(Status.ERROR, false));
            recorder.record(run(Status.OK, false));
            recorder.record(run(Status.OK, false));
            recorder.record(run(Status.OK, true));
            List<Boolean> kept = new ArrayList<>();
            for (SpoolRecord record : spool.following(Lane.LIVE, 0, 100, 1_000_000)) {
                if (record instanceof SpoolRecord.Run stored) {
                    kept.add(RunResult.parseFrom(stored.payload()).hasTranscript());
                }
            }
            assertThat(kept).containsExactly(true, false, true, true, true, false, true);
        }
    }

    private static FinishedRun run(Status status, boolean triggered) {
        ProbeResult result = new ProbeResult(
                status,
                status == Status.OK ? null : new Failure(FailureCode.CONNECTION_REFUSED, null, "Nobody listens.", ""),
                Duration.ofMillis(5),
                List.of(),
                null,
                null,
                null,
                "",
                List.of(),
                null,
                SAID);
        return new FinishedRun(new SeriesId(1), 1, new UUID(0, 1), START, START, result, false, triggered);
    }
}
