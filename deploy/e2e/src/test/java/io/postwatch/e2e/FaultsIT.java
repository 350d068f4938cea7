package io.postwatch.e2e;

import static io.postwatch.e2e.MonitorBody.anSmtpMonitor;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.postwatch.testserver.TestAuthority;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;

/**
 * Real processes that are killed, stopped and cut off at random, for a while, and then left alone: nothing that was
 * recorded is lost, nothing is there twice or out of order, what a damaged disk cost is told and nothing else is, and soon
 * all is well again.
 *
 * <p>{@code -Dpostwatch.faults.seconds=600} goes on for longer, {@code -Dpostwatch.faults.seed=…} draws the same faults
 * again. What the processes are doing at that moment is theirs, so the same seed is the same story but not the same run.
 */
@ExtendWith(LastLines.class)
final class FaultsIT {
    private static final int MONITORS = 8;
    private static final int PERIOD_SECONDS = 10;
    private static final Duration RECOVERY = Duration.ofMinutes(2);
    /** The shorter it is, the younger is a probe that may have died with its agent. */
    private static final Duration TIMEOUT = Duration.ofSeconds(3);

    private final Duration lasting = Duration.ofSeconds(Integer.getInteger("postwatch.faults.seconds", 60));
    private final long seed = Long.getLong("postwatch.faults.seed", new Random().nextLong(1_000_000));
    private final List<String> story = Collections.synchronizedList(new ArrayList<>());

    @Test
    void nothingIsLostOrDoubledWhateverDiesStopsOrIsCutOff(@TempDir(cleanup = CleanupMode.ON_SUCCESS) Path folder) {
        try (ProbeLedger ledger = new ProbeLedger(MONITORS, TIMEOUT);
                FaultyPlatform platform =
                        FaultyPlatform.start(folder.resolve("platform"), TestAuthority.create(), ledger)) {
            try {
                befall(platform, ledger);
            } catch (AssertionError | RuntimeException failed) {
                // Now, since the last lines of what was stopped would tell of that.
                throw new AssertionError(
                        failed.getMessage() + "\nwith -Dpostwatch.faults.seed=" + seed + " -Dpostwatch.faults.seconds="
                                + lasting.toSeconds() + ", after\n" + String.join("\n", story) + "\n"
                                + LastLines.ofAll(),
                        failed);
            }
        }
    }

    private void befall(FaultyPlatform platform, ProbeLedger ledger) {
        List<String> monitors = save(platform, ledger);
        await("the runs of new monitors")
                .atMost(RECOVERY)
                .until(() ->
                        platform.stored().stream().filter(StoredRun::triggered).count()
                                == (long) MONITORS * FaultyPlatform.LOCATIONS);
        Random random = new Random(seed);
        long begun = System.nanoTime();
        while (System.nanoTime() - begun < lasting.toNanos()) {
            FaultRound.draw(random, lasting).play(platform, this::tell);
            platform.note();
        }
        tell("calm");
        awaitHealth(platform, monitors);
        ledger.freeze();
        // Whatever had begun has its result when every series has a later one.
        awaitHealth(platform, monitors);
        ledger.settle();
        List<StoredRun> stored = platform.stored();
        platform.note();
        ledger.check(stored, platform.toldGaps());
        assertThat(platform.rejected()).as("results that are never stored").isEmpty();
    }

    private static void awaitHealth(FaultyPlatform platform, List<String> monitors) {
        Instant since = platform.now();
        await("everything is healthy")
                .atMost(RECOVERY)
                .ignoreExceptions()
                .until(() -> platform.complaints(monitors, since), List::isEmpty);
    }

    private static List<String> save(FaultyPlatform platform, ProbeLedger ledger) {
        return IntStream.range(0, MONITORS)
                .mapToObj(i -> platform.save(anSmtpMonitor("none")
                        .named("probed " + i)
                        .target("127.0.0.1", ledger.ports().get(i))
                        .everySeconds(PERIOD_SECONDS)
                        .with("timeoutSeconds", TIMEOUT.toSeconds())))
                .toList();
    }

    private void tell(String what) {
        story.add(Instant.now() + " " + what);
    }
}
