package io.postwatch.agent.spool;

import static org.assertj.core.api.Assertions.assertThat;

import io.postwatch.agent.disk.PrivateFolder;
import io.postwatch.agent.probe.time.ControllerTime;
import io.postwatch.simulation.machine.Chance;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Whatever is asked of the real spool and of the one in memory, both answer the same. */
class SpoolContractTest {

    private static final int STEPS = 250;
    private static final SpoolBounds BOUNDS =
            new SpoolBounds(1024 * 1024, Duration.ofMinutes(3), Duration.ofSeconds(30), Duration.ofMinutes(2), 10);

    @TempDir
    Path folder;

    private Instant now = Instant.parse("2026-11-22T12:00:00Z");

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
    void bothSpoolsAnswerTheSame(long seed) throws Exception {
        Chance chance = new Chance(seed);
        Chance ids = new Chance(-seed);
        ControllerTime clock = () -> now;
        PrivateFolder private1 = PrivateFolder.open(folder);
        MemorySpool.Contents contents = new MemorySpool.Contents(ids.uuid());
        MemorySpool memory = new MemorySpool(contents, BOUNDS, clock, ids::uuid, SimulatedDisk.SOUND);
        Spool real = new Spool(private1, BOUNDS, clock, ids::uuid);
        List<String> story = new ArrayList<>();
        try {
            for (int step = 0; step < STEPS; step++) {
                if (chance.onceIn(40)) {
                    real.close();
                    real = new Spool(private1, BOUNDS, clock, ids::uuid);
                    memory = new MemorySpool(contents, BOUNDS, clock, ids::uuid, SimulatedDisk.SOUND);
                    story.add("reopened");
                }
                now = now.plusMillis(chance.mostlyNear(Duration.ofMillis(1), Duration.ofSeconds(50))
                        .toMillis());
                List<String> answers = oneStep(chance, List.of(memory, real));
                story.add(answers.getFirst());
                assertThat(answers.getLast()).as("seed %d: %s", seed, story).isEqualTo(answers.getFirst());
            }
        } finally {
            real.close();
        }
    }

    private List<String> oneStep(Chance chance, List<ResultSpool> both) {
        int what = chance.between(0, 12);
        Lane lane = chance.oneOf(List.of(Lane.values()));
        long last =
                both.stream().mapToLong(spool -> spool.lastSequence(lane)).max().orElseThrow();
        long sequence = chance.between(0, (int) last + 1);
        int most = chance.between(1, 30);
        byte[] payload = new byte[chance.onceIn(3) ? chance.between(1, 60_000) : 50];
        Arrays.fill(payload, (byte) chance.between(0, 100));
        boolean ok = chance.onceIn(2);
        List<String> answers = new ArrayList<>();
        for (ResultSpool spool : both) {
            SpoolId id = spool.id();
            String answer = switch (what) {
                case 0, 1, 2, 3, 4, 5 -> {
                    spool.store(new RunRow(now.minusSeconds(most), ok, payload, List.of()));
                    yield "store " + payload.length;
                }
                case 6, 7, 8 ->
                    "following " + lane + " " + sequence + " "
                            + spool.following(lane, sequence, most, 100_000).stream()
                                    .map(SpoolContractTest::text)
                                    .toList();
                case 9 -> {
                    spool.ack(lane, sequence);
                    yield "ack " + lane + " " + sequence;
                }
                case 10 -> {
                    spool.unack(lane, sequence);
                    yield "unack " + lane + " " + sequence;
                }
                case 11 -> "newest " + spool.newestScheduledAt(now.minusSeconds(sequence));
                default -> {
                    if (most == 1) {
                        spool.startAnew();
                    }
                    yield "anew " + most;
                }
            };
            answers.add(answer + ": " + spool.unackedRows() + " unacked, " + spool.lastSequence(Lane.LIVE) + " live, "
                    + spool.lastSequence(Lane.BACK_FILL) + " back-fill, " + (id.equals(spool.id()) ? "same" : "new")
                    + " numbering");
        }
        return answers;
    }

    private static String text(SpoolRecord record) {
        return switch (record) {
            case SpoolRecord.Run run -> run.sequence() + " " + Arrays.hashCode(run.payload());
            case SpoolRecord.Gap gap -> gap.toString();
        };
    }
}
