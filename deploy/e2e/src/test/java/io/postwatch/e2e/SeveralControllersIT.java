package io.postwatch.e2e;

import static io.postwatch.e2e.MonitorBody.anSmtpMonitor;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.postwatch.testserver.TestAuthority;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;

/** Two controllers on one database, an agent at each: what is done at one holds at both. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class SeveralControllersIT {
    private static final int PERIOD_SECONDS = 3_600;
    private static final Duration PATIENCE = Duration.ofSeconds(90);

    private final FreePorts free = new FreePorts();
    private Platform platform;

    @BeforeAll
    void start(@TempDir(cleanup = CleanupMode.ON_SUCCESS) Path folder) {
        platform = Platform.startTwo(folder.resolve("platform"), TestAuthority.create());
    }

    @AfterAll
    void stop() {
        if (platform != null) {
            platform.close();
        }
    }

    /** Nobody listens there: a refusal is a result like any other. */
    private MonitorBody refused(String name, Platform.Place place) {
        return anSmtpMonitor("none")
                .named(name)
                .target("127.0.0.1", free.next())
                .everySeconds(PERIOD_SECONDS)
                .from(place.locationId());
    }

    private static String save(Platform.Place at, MonitorBody monitor) {
        return at.api().created("/monitors", monitor.fields()).path("id").asString("");
    }

    @Test
    void aMonitorSavedAtOneControllerIsRunByTheAgentOfTheOther() {
        String id = save(platform.first(), refused("saved at the other", platform.second()));

        Run run = new Monitors(platform.second()).awaitRun(id, PATIENCE, any -> true);

        assertThat(run.status()).isEqualTo("ERROR");
        assertThat(new Monitors(platform.first()).runs(id)).isNotEmpty();
        await("the change is applied")
                .atMost(PATIENCE)
                .until(() -> platform.first()
                        .api()
                        .read("/monitors/" + id)
                        .at("/status/locations/0/sync")
                        .asString("")
                        .equals("in-sync"));
    }
}
