package io.postwatch.agent.schedule;

import static org.awaitility.Awaitility.await;

import io.postwatch.agent.assignment.AssignedItem;
import io.postwatch.agent.assignment.Assignment;
import io.postwatch.agent.assignment.DesiredState;
import io.postwatch.agent.disk.PrivateFolder;
import io.postwatch.agent.login.LoginLeases;
import io.postwatch.agent.probe.Probe;
import io.postwatch.agent.probe.ProbeResult;
import io.postwatch.agent.probe.Status;
import io.postwatch.agent.probe.Transcript;
import io.postwatch.agent.probe.failure.Failure;
import io.postwatch.agent.probe.failure.FailureCode;
import io.postwatch.agent.probe.sasl.Login;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.UUID;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A schedule whose time passes when the test says so, with a prober and a recorder that the test replaces. */
@Timeout(30)
abstract class ScheduleTestCase {

    /** A moment at which a grid of 10 s with anchor 0 is due. */
    static final Instant START = Instant.parse("2026-01-01T00:00:00Z");

    @TempDir
    Path home;

    final AtomicLong nanos = new AtomicLong();
    final ConcurrentLinkedQueue<FinishedRun> finished = new ConcurrentLinkedQueue<>();
    final AtomicReference<Probe> probe = new AtomicReference<>((request, deadline) -> ok());
    final AtomicReference<RunRecorder> recorder = new AtomicReference<>(finished::add);
    final CheckRunner checks = new CheckRunner(
            (request, deadline) -> probe.get().run(request, deadline),
            (secret, check, deadline) ->
                    Objects.requireNonNull(check.login()).with("user", new Login.Password("password")),
            LoginLeases.NONE);
    ControllerClock clock;

    @Nullable
    Scheduler scheduler;

    @BeforeEach
    void open() throws IOException {
        clock = new ControllerClock(nanos::get, () -> START.plusSeconds(1), PrivateFolder.open(home.resolve("state")));
        clock.sample(new TimeSample(nanos.get(), nanos.get(), START.plusSeconds(1)));
    }

    @AfterEach
    void close() {
        if (scheduler != null) {
            scheduler.close();
        }
    }

    Scheduler start(ScheduleLimits limits) {
        AtomicLong ids = new AtomicLong();
        return start(limits, () -> new UUID(0, ids.incrementAndGet()));
    }

    Scheduler start(ScheduleLimits limits, Supplier<UUID> ids) {
        Scheduler started = new Scheduler(checks, run -> recorder.get().record(run), clock, nanos::get, limits, ids);
        scheduler = started;
        return started;
    }

    static void assign(Scheduler scheduler, Assignment... assignments) {
        scheduler.assign(DesiredState.of(
                1,
                List.of(assignments).stream()
                        .<AssignedItem>map(AssignedItem.Accepted::new)
                        .toList()));
    }

    void pass(Duration time) {
        nanos.addAndGet(time.toNanos());
    }

    void awaitResults(int count) {
        await().pollInterval(Duration.ofMillis(10))
                .atMost(Duration.ofSeconds(5))
                .until(() -> finished.size() == count);
    }

    static @Nullable FailureCode code(@Nullable FinishedRun run) {
        Failure failure = run == null ? null : run.result().failure();
        return failure == null ? null : failure.code();
    }

    static ProbeResult ok() {
        return new ProbeResult(
                Status.OK,
                null,
                Duration.ofMillis(5),
                List.of(),
                null,
                null,
                null,
                "",
                List.of(),
                null,
                Transcript.EMPTY);
    }
}
