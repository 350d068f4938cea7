package io.postwatch.e2e;

import static io.postwatch.e2e.MonitorBody.anSmtpMonitor;
import static org.assertj.core.api.Assertions.assertThat;

import io.postwatch.testserver.TestAuthority;
import io.postwatch.testserver.TestServer;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;

/** A saved monitor runs at once and does not wait for its period. */
final class FirstResultIT {
    private static final int PERIOD_SECONDS = 3_600;
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    /** How fast that is depends on the machine and is only told: that nothing was waited for is what is proved. */
    @Test
    void theFirstResultIsOfARunMadeForTheSave(@TempDir(cleanup = CleanupMode.ON_SUCCESS) Path folder)
            throws IOException {
        TestAuthority authority = TestAuthority.create();
        try (TestServer server = TestServer.smtp()
                        .startTls(authority.leaf("localhost", "127.0.0.1").issue())
                        .start();
                Platform platform = Platform.start(folder.resolve("platform"), authority)) {
            Monitors monitors = new Monitors(platform);
            long begun = System.nanoTime();
            // A moment is kept in milliseconds.
            Instant before = Instant.now().truncatedTo(ChronoUnit.MILLIS);
            String id = monitors.save(anSmtpMonitor("starttls")
                    .named("first")
                    .target("127.0.0.1", server.port())
                    .everySeconds(PERIOD_SECONDS));
            Instant saved = Instant.now();
            Run first = monitors.awaitRun(id, PATIENCE, run -> true);
            Duration visible = Duration.ofNanos(System.nanoTime() - begun);

            assertThat(first.triggered()).isTrue();
            assertThat(first.status()).isEqualTo("OK");
            assertThat(first.scheduledAt()).as("its time is the save's").isBetween(before, saved);
            assertThat(monitors.runs(id)).hasSize(1);
            System.out.printf(
                    "The first result of a saved monitor: visible after %d ms, its run began %d ms after its moment"
                            + " and took %d ms%n",
                    visible.toMillis(),
                    Duration.between(first.scheduledAt(), first.startedAt()).toMillis(),
                    first.total().toMillis());
        }
    }
}
