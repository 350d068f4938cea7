package io.postwatch.e2e;

import static io.postwatch.e2e.MonitorBody.anImapMonitor;
import static io.postwatch.e2e.MonitorBody.anSmtpMonitor;
import static io.postwatch.e2e.RealMailServers.Listener.IMAP;
import static io.postwatch.e2e.RealMailServers.Listener.IMAPS;
import static io.postwatch.e2e.RealMailServers.Listener.SUBMISSION;
import static io.postwatch.e2e.RealMailServers.Listener.SUBMISSIONS;
import static io.postwatch.e2e.RealMailServers.USERNAME;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;

/** A mailbox password goes to the server it belongs to, and nowhere else. */
@NeedsDebianPackages
final class SecretsIT {
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    @Test
    void aPasswordIsInNoAnswerLogTranscriptFileOrTable(@TempDir(cleanup = CleanupMode.ON_SUCCESS) Path folder)
            throws IOException {
        String refused = "refused-canary-" + UUID.randomUUID();
        try (RealMailServers servers = RealMailServers.start();
                Platform platform = Platform.start(folder.resolve("platform"), servers.authority())) {
            useEverywhere(servers, platform, refused);

            for (String secret : List.of(servers.password(), refused)) {
                Canary canary = new Canary(USERNAME, secret);
                assertThat(canary.foundIn(
                                DatabaseDump.of(platform.controllerData()).rows()))
                        .isEmpty();
                platform.killAgent();
                // Answers, logs, the cluster's files with its write-ahead log, the agent's spool and assignments.
                assertThat(canary.foundBelow(platform.folder())).isEmpty();
                platform.startAgent();
            }
            assertTheSearchFinds(folder, platform);
        }
    }

    /** Saved and tested, accepted and refused, with every mechanism, through a restart of the agent. */
    private static void useEverywhere(RealMailServers servers, Platform platform, String refused) {
        Monitors monitors = new Monitors(platform);
        String kept = monitors.save(
                anImapMonitor("tls").on(servers, IMAPS).everySeconds(10).withLogin(USERNAME, servers.password()));
        monitors.awaitRun(kept, PATIENCE, run -> run.status().equals("OK"));
        monitors.awaitRun(
                monitors.save(anSmtpMonitor("starttls")
                        .on(servers, SUBMISSION)
                        .withLogin(USERNAME, servers.password(), "LOGIN")),
                PATIENCE,
                run -> run.status().equals("OK"));
        monitors.test(anImapMonitor("starttls").on(servers, IMAP).withLogin(USERNAME, servers.password()));
        Run wrong = monitors.test(anSmtpMonitor("tls").on(servers, SUBMISSIONS).withLogin(USERNAME, refused));
        assertThat(wrong.failureCode()).isEqualTo("login-refused");
        assertThat(wrong.json().path("transcript").isEmpty()).isFalse();
        Run wrongSaved = monitors.awaitRun(
                monitors.save(
                        anImapMonitor("tls").on(servers, IMAPS).named("refused").withLogin(USERNAME, refused)),
                PATIENCE,
                run -> run.status().equals("ERROR"));
        assertThat(wrongSaved.json().path("transcript").isEmpty()).isFalse();
        platform.api()
                .post(
                        "/monitors",
                        anImapMonitor("nonsense")
                                .on(servers, IMAPS)
                                .withLogin(USERNAME, refused)
                                .fields());

        platform.killAgent();
        platform.startAgent();
        platform.awaitAgent();
        Run before = monitors.runs(kept).getFirst();
        monitors.awaitRun(
                kept,
                PATIENCE,
                run -> run.scheduledAt().isAfter(before.scheduledAt())
                        && run.status().equals("OK"));
    }

    /** A search that finds nothing proves something only where it finds what is there. */
    private static void assertTheSearchFinds(Path folder, Platform platform) throws IOException {
        Canary username = new Canary("", USERNAME);
        assertThat(username.foundBelow(folder)).isNotEmpty();
        assertThat(new Canary("", Platform.OWNER)
                        .foundIn(DatabaseDump.of(platform.controllerData()).rows()))
                .isNotEmpty();
    }
}
